// Which cases are mine: my department's, or at the centre those I took or acted on at this desk.

const SHELF = "onenet.mine";
const MOST = 1000;

/** Knows whose a row is; what was acted on is kept in this browser. */
export class Mine {
  constructor({ who, department, storage = window.localStorage }) {
    Object.assign(this, { department, storage, shelf: `${SHELF}.${who}` });
    this.ids = new Set(this.read());
  }

  read() {
    try {
      return JSON.parse(this.storage.getItem(this.shelf)) ?? [];
    } catch {
      return [];
    }
  }

  /** Note that I did something with a case. */
  add(id) {
    this.ids.delete(id);
    this.ids.add(id);
    this.storage.setItem(this.shelf, JSON.stringify([...this.ids].slice(-MOST)));
  }

  /** Say whether a row is mine. */
  is(row) {
    return this.department ? row.lead === this.department || row.assists.includes(this.department) : this.ids.has(row.id);
  }
}
