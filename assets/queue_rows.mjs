// The queue's rows in order, kept so while cases change: what changed is taken out and put in again, the rest stays where it is. Pure.

import { comparing, passes } from "./queue_order.mjs";

/** Past so many changes at once it is quicker to sort anew. */
const MANY = 400;

/** Where an item stands, or would stand, in a sorted list. */
export function placeOf(list, item, compare) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(list[middle], item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows that pass a filter, in its order. */
export class OrderedRows {
  constructor({ names, isMine }) {
    Object.assign(this, { names, isMine, items: [], held: new Map() });
  }

  /** Everything anew. */
  whole(rows, filter, now) {
    this.filter = filter;
    this.compare = comparing(filter.sort);
    this.items = [...rows.values()].filter((row) => passes(row, filter, this.names, now, this.isMine)).sort(this.compare);
    this.held = new Map(this.items.map((row) => [row.id, row]));
    return this.items;
  }

  /** Bring what changed up to date; everything anew where the filter is another one, tells by the clock, or too much changed. */
  bring(rows, filter, now, changed) {
    if (!changed || filter !== this.filter || filter.late || filter.mine || changed.size > MANY) return this.whole(rows, filter, now);
    for (const id of changed) {
      const before = this.held.get(id);
      if (before) this.items.splice(placeOf(this.items, before, this.compare), 1);
      const after = rows.get(id);
      if (after && passes(after, filter, this.names, now, this.isMine)) {
        this.items.splice(placeOf(this.items, after, this.compare), 0, after);
        this.held.set(id, after);
      } else this.held.delete(id);
    }
    return this.items;
  }
}
