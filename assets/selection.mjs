// Which rows of the queue are picked for being worked on together.

/** The ids between two of a list, both included; only the last where the first is not in it. */
export function between(ids, from, to) {
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)];
  if (b < 0) return [];
  if (a < 0) return [to];
  return ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** Picked ids; `onChange` is told after each change. */
export class Selection {
  constructor(onChange = () => {}) {
    this.ids = new Set();
    this.anchor = null;
    this.onChange = onChange;
  }

  get size() {
    return this.ids.size;
  }

  has(id) {
    return this.ids.has(id);
  }

  /** Pick one, or let it go. */
  toggle(id) {
    if (!id) return;
    if (!this.ids.delete(id)) this.ids.add(id);
    this.anchor = id;
    this.onChange();
  }

  /** Pick everything from the last one touched to this one, as `shown` orders it. */
  extend(shown, id) {
    for (const one of between(shown, this.anchor, id)) this.ids.add(one);
    this.anchor ??= id;
    this.onChange();
  }

  /** Pick all of these; where all of them are picked already, none. */
  all(ids) {
    if (ids.length && ids.every((id) => this.ids.has(id))) return this.clear();
    for (const id of ids) this.ids.add(id);
    return this.onChange();
  }

  /** Let go of these. */
  drop(ids) {
    for (const id of ids) this.ids.delete(id);
    this.onChange();
  }

  clear() {
    this.ids.clear();
    this.anchor = null;
    this.onChange();
  }

  /** Forget what is in the list no more. */
  prune(rows) {
    const gone = [...this.ids].filter((id) => !rows.has(id));
    if (gone.length) this.drop(gone);
  }
}
