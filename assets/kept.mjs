// Small texts by name on one shelf of the browser's storage; what is broken there is as if it were not there.

/** A shelf: get, set, entries, clear. */
export class Kept {
  constructor(shelf, storage) {
    Object.assign(this, { shelf, storage });
    this.held = this.read();
  }

  read() {
    try {
      const found = JSON.parse(this.storage.getItem(this.shelf));
      return found && typeof found === "object" && !Array.isArray(found) ? found : {};
    } catch {
      return {};
    }
  }

  get(name) {
    return this.held[name];
  }

  set(name, value) {
    this.held = { ...this.held, [name]: value };
    try {
      this.storage.setItem(this.shelf, JSON.stringify(this.held));
    } catch {
      // A full or forbidden shelf keeps nothing past this page; the page itself goes on.
    }
  }

  entries() {
    return Object.entries(this.held);
  }

  clear() {
    this.held = {};
    this.storage.removeItem(this.shelf);
  }
}
