// The wall's figures, counted from the live state, and figures as words. Pure.

import { alertOfRow } from "./alerts.mjs";
import { number, toMs, sameDay } from "./format.mjs";
import { isStale, phase, unitPhase } from "./marks.mjs";
import { PRIORITIES } from "./queue_order.mjs";
import { t } from "./words.mjs";

const FEW = 30;

/** What the open cases add up to; exercises are counted apart, never among the real ones. */
export function tally(rows, now) {
  const found = { open: 0, late: 0, emergency: 0, exercise: 0, today: 0, supervised: 0, priorities: Object.fromEntries(PRIORITIES.map((p) => [p, 0])),
    phases: { waiting: 0, going: 0, checking: 0 }, oldestLate: null };
  for (const row of rows) {
    if (row.exercise) {
      found.exercise += 1;
      continue;
    }
    found.open += 1;
    found.priorities[row.priority] += 1;
    found.phases[phase(row.state)] += 1;
    found.emergency += row.lane === "emergency" ? 1 : 0;
    found.supervised += row.supervised ? 1 : 0;
    found.today += sameDay(toMs(row.reported_at), now) ? 1 : 0;
    const due = toMs(row.due_at);
    if (due > now || !Number.isFinite(due)) continue;
    found.late += 1;
    if (!found.oldestLate || due < toMs(found.oldestLate.due_at)) found.oldestLate = row;
  }
  return found;
}

/** Units by what they do, and beside that how many were not heard of lately: what a unit does is known without its position. */
export function unitTally(units, now) {
  const found = { free: 0, busy: 0, away: 0, stale: 0, all: 0 };
  for (const unit of units) {
    found.all += 1;
    found[unitPhase(unit.status)] += 1;
    found.stale += isStale(unit, now) ? 1 : 0;
  }
  return found;
}

/** The P0 that takes the wall: the newest one nobody has acknowledged, real ones before exercises, which are called so. */
export function takesOver(rows) {
  const waiting = [...rows].map(alertOfRow).filter((alert) => alert?.priority === "P0");
  waiting.sort((a, b) => Number(a.exercise) - Number(b.exercise) || toMs(b.offered_at) - toMs(a.offered_at) || (a.id < b.id ? 1 : -1));
  return { alert: waiting[0] ?? null, n: waiting.length, alerts: waiting };
}

/** Everything a room hears: each P0 from its first second, and what has reached the wall's own roles. */
export const heardBy = (waiting, reached) => [...new Map([...waiting, ...reached].map((alert) => [alert.id, alert])).values()];

/** News, newest first, without those that say nothing to a room: notes and bare reports. */
const QUIET = new Set(["incidents.note_added", "sensors.alarm_filed", "incidents.report_received", "dispatch.unit_assigned", "dispatch.unit_released", "dispatch.unit_registered",
  "dispatch.unit_equipped", "dispatch.unit_rostered", "dispatch.assignment_offered", "dispatch.assignment_acked", "dispatch.assignment_cleared",
  "dispatch.assignment_reassigned", "incidents.alert_offered", "incidents.limit_warned"]);
export const worthTelling = (news, kindWord) => [...news].reverse().filter((entry) => !QUIET.has(kindWord(entry.kind)));

const READINGS_MS = 60_000; // thousands of devices tell something every minute; where all are silent, the road to us is

/** How old each layer may be: positions as the most patient kind of unit allows; a county without a new case is no fault. */
export const promisesOf = (staleMs) => ({ cases: Infinity, units: Math.max(0, ...Object.values(staleMs)) || Infinity, readings: READINGS_MS });

/** How a layer's age stands against its promise: fresh, or old. */
export function ageStanding(ageMs, promiseMs) {
  if (!Number.isFinite(ageMs)) return "none";
  return ageMs > promiseMs ? "old" : "fresh";
}

/** How many a figure was counted over, and whether they are few. */
export const countedNote = (n) => (n ? t("wall.ack_n", { n: number(n) }) + (n < FEW ? ` · ${t("wall.small_n")}` : "") : "");
