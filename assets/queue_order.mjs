// The queue's order and filters. Pure.

import { toMs } from "./format.mjs";
import { phase } from "./marks.mjs";

export const PRIORITIES = ["P0", "P1", "P2", "P3", "P4"];
export const PHASES = ["waiting", "going", "checking"];

/** The orders somebody may choose; the first is the queue's own. */
export const SORTS = ["urgent", "due", "newest", "oldest", "town"];

/** The filter that lets everything through. */
export const noFilter = () => ({ priorities: [], phases: [], emergency: false, late: false, mine: false, state: "", town: "", lead: "", text: "", sort: SORTS[0] });

const dues = new WeakMap();

/** When a row is due in milliseconds, Infinity where it never is; read from its text once, because rows are never edited. */
export function dueOf(row) {
  let due = dues.get(row);
  if (due === undefined) {
    const ms = toMs(row.due_at);
    due = Number.isFinite(ms) ? ms : Infinity;
    dues.set(row, due);
  }
  return due;
}

/** Priority first, then what is due sooner, then what came earlier. */
export function compareRows(a, b) {
  if (a.priority !== b.priority) return a.priority < b.priority ? -1 : 1;
  const [dueA, dueB] = [dueOf(a), dueOf(b)];
  if (dueA !== dueB) return dueA < dueB ? -1 : 1;
  // RFC 3339 in UTC with milliseconds sorts as text.
  if (a.reported_at !== b.reported_at) return a.reported_at < b.reported_at ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

const byText = (name, sign) => (a, b) => (a[name] === b[name] ? compareRows(a, b) : (a[name] < b[name] ? -1 : 1) * sign);

const COMPARE = {
  urgent: compareRows,
  due: (a, b) => (dueOf(a) === dueOf(b) ? compareRows(a, b) : dueOf(a) < dueOf(b) ? -1 : 1),
  newest: byText("reported_at", -1),
  oldest: byText("reported_at", 1),
  town: byText("town", 1),
};

/** How two rows stand to one another in an order; no two different rows stand alike. */
export const comparing = (sort) => COMPARE[sort] ?? compareRows;

/** Everything in a row that a word may be looked for in. */
export function haystack(row, names) {
  return [row.number, row.text, row.address, row.town, names.category(row.category), row.category, row.priority,
    names.state(row.state), names.department(row.lead)].join(" ").toLowerCase();
}

/** Say whether a row passes the filter. */
export function passes(row, filter, names, now, isMine = () => true) {
  if (filter.priorities.length && !filter.priorities.includes(row.priority)) return false;
  if (filter.phases.length && !filter.phases.includes(phase(row.state))) return false;
  if (filter.emergency && row.lane !== "emergency") return false;
  if (filter.late && dueOf(row) > now) return false;
  if (["state", "town", "lead"].some((name) => filter[name] && row[name] !== filter[name])) return false;
  if (filter.mine && !isMine(row)) return false;
  const wanted = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.length) return true;
  const hay = haystack(row, names);
  return wanted.every((word) => hay.includes(word));
}

/** The rows that pass, in the order that is chosen. */
export function ordered(rows, filter, names, now, isMine) {
  return [...rows].filter((row) => passes(row, filter, names, now, isMine)).sort(comparing(filter.sort));
}

/** A list with `value` taken in, or taken out where it was in. */
export const toggled = (list, value) => (list.includes(value) ? list.filter((item) => item !== value) : [...list, value]);

/** How many rows are real; exercises are listed and never counted among them. */
export function realOnes(rows) {
  let n = 0;
  for (const { exercise } of rows) if (!exercise) n += 1;
  return n;
}

/** How many real rows each priority has. */
export function counts(rows) {
  const found = Object.fromEntries(PRIORITIES.map((priority) => [priority, 0]));
  for (const { priority, exercise } of rows) if (!exercise) found[priority] += 1;
  return found;
}

/** Say whether a filter holds anything back; an order does not. */
export const holdsBack = (filter) => JSON.stringify({ ...filter, sort: SORTS[0] }) !== JSON.stringify(noFilter());

/** The row `by` steps from the selected one, within the list; the first where none is selected. */
export function step(ids, selected, by) {
  if (!ids.length) return null;
  const at = ids.indexOf(selected);
  if (at < 0) return ids[by > 0 ? 0 : ids.length - 1];
  return ids[Math.min(ids.length - 1, Math.max(0, at + by))];
}
