// Marks: what an incident or a unit looks like on the map and in the legend; shape says kind, fill says state, hollow says stale.

import { h, icon } from "./dom.mjs";
import { coded, t } from "./words.mjs";

/** A position this old is no longer where the unit is; each kind has its own limit, told by the page. */
const STALE_MS = 300_000;
let staleLimits = {};

/** Take the limits by kind, in milliseconds. */
export function setStaleLimits(limits) {
  staleLimits = limits ?? {};
}

/** After how long a unit of this kind may be anywhere. */
export const staleAfter = (kind) => staleLimits[kind] ?? STALE_MS;

/** Whether nobody knows any more where a unit is. */
export const isStale = (unit, now) => now - unit.at > staleAfter(unit.kind);

/** Icon paths on a 24 px box, by unit kind; a kind without one is drawn as a vehicle. */
export const UNIT_ICONS = {
  fire: "M12 2c1 4 5 5.5 5 10.5A5 5 0 0 1 12 18a5 5 0 0 1-5-5.500c0-2 1-3.500 2-4.500 0 2 1 3 2 3 1.500-2 0-5 1-9zM6 20h12v2H6z",
  police: "M12 2l8 3v6c0 5-3.500 9-8 11-4.500-2-8-6-8-11V5z",
  medical: "M9 3h6v6h6v6h-6v6H9v-6H3V9h6z",
  repair: "M21 7a5 5 0 0 1-6.700 4.700L7 19a2.100 2.100 0 0 1-3-3l7.300-7.300A5 5 0 0 1 17 2.500L14 5.500l1 3 3 1z",
  patrol: "M12 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 21c0-5 3.500-8 8-8s8 3 8 8z",
  drone: "M4 4a3 3 0 1 1 3.500 3l2 2h5l2-2A3 3 0 1 1 20 4a3 3 0 0 1-2 5l-2 2v2l2 2a3 3 0 1 1-1.500 2l-2-2h-5l-2 2A3 3 0 1 1 6 15l2-2v-2L6 9a3 3 0 0 1-2-5z",
  vehicle: "M3 16V9l3-4h9l4 4h2v7h-2a2.500 2.500 0 0 1-5 0H9a2.500 2.500 0 0 1-5 0zM7 7l-1.500 2.500H11V7zm6 0v2.500h3.500L14.500 7z",
};

/** Kinds as departments call them, mapped to a drawing. */
const KIND_DRAWING = [
  [/engine|fire|rescue/i, "fire"],
  [/police|traffic/i, "police"],
  [/ambul|medic|health/i, "medical"],
  [/team|repair|crew/i, "repair"],
  [/person|patrol|collector/i, "patrol"],
  [/drone|uav|robot/i, "drone"],
];

/** The drawing of a unit kind. */
export const drawingOf = (kind) => KIND_DRAWING.find(([words]) => words.test(kind))?.[1] ?? "vehicle";

/** Whether nobody has been sent yet, somebody is at it, or it waits for the check. */
export function phase(state) {
  if (["NEW", "VERIFYING", "FILED"].includes(state)) return "waiting";
  return ["RESOLVED", "CHECKING"].includes(state) ? "checking" : "going";
}

/** The class of an incident's mark. */
export function incidentClass(row, { selected, late }) {
  return ["mark", `p-${row.priority}`, `is-${phase(row.state)}`, selected && "is-selected", late && "is-late",
    row.exercise && "is-exercise"].filter(Boolean).join(" ");
}

const FREE = /^(available|free|idle|standby|in_service)$/i;
const AWAY = /^(break|out_of_service|off_duty|offline|unavailable)$/i;

/** Free, busy or away. */
export const unitPhase = (status) => (FREE.test(status) ? "free" : AWAY.test(status) ? "away" : "busy");

/** The class of a unit's mark. */
export function unitClass(unit, now) {
  return `unit is-${unitPhase(unit.status)}${isStale(unit, now) ? " is-stale" : ""}`;
}

/** An incident's mark as an element. */
export const incidentMark = (row, how) => h("span", { class: incidentClass(row, how), text: row.priority, "data-exercise": row.exercise && t("queue.sign.exercise") });

/** A unit's mark as an element. */
export function unitMark(unit, now) {
  return h("span", { class: unitClass(unit, now) }, icon(UNIT_ICONS[drawingOf(unit.kind)], 14));
}

/** Priority as a chip with its letter, wherever it stands in text. */
export const priorityChip = (priority) => h("span", { class: `chip p-${priority}`, text: priority, title: coded("priority", priority) });
