// What a case's timeline tells of its steps and clocks. Pure.

import { clockLevel, clockShare, toMs } from "./format.mjs";

const LINE = ["NEW", "VERIFYING", "FILED", "DISPATCHED", "ACCEPTED", "ON_SCENE", "CONTROLLED", "RESOLVED", "CHECKING", "CLOSED"];
// Shown only while a case stands there: most cases pass them by.
const OPTIONAL = new Set(["VERIFYING", "CONTROLLED"]);

/** The steps to draw for a state: [{state, mark: done | here | ahead}], empty where the case left the line. */
export function steps(state) {
  const here = LINE.indexOf(state);
  if (here < 0) return [];
  return LINE.filter((step) => !OPTIONAL.has(step) || step === state).map((step) => {
    const at = LINE.indexOf(step);
    return { state: step, mark: at < here ? "done" : at === here ? "here" : "ahead" };
  });
}

// Clocks in these events are those of assisting departments, not the case's own.
const ASSISTANTS = new Set(["incidents.case_reinforced", "incidents.case_joined"]);
// These move the end of the clock that runs; they start none.
const MOVES = new Set(["incidents.deadline_extended", "incidents.case_resumed", "incidents.category_corrected", "incidents.priority_changed", "incidents.lane_changed"]);

/** A clock as it is drawn, from how the API writes one. */
export const clockFrom = (clock) => ({ stage: clock.stage, startedMs: toMs(clock.started_at), warnMs: toMs(clock.warn_at), dueMs: toMs(clock.due_at), endedMs: null });

/** The clocks a timeline started, in order: each ends where the next begins, the last still runs while the case is open. */
export function clocksOf(timeline, open) {
  const found = [];
  for (const entry of timeline) {
    const clock = entry.data?.clock;
    const kind = kindWord(entry.kind);
    if (clock === undefined || ASSISTANTS.has(kind) || entry.data.lead === false) continue;
    const last = found.at(-1);
    if (MOVES.has(kind)) {
      if (clock && last?.stage === clock.stage) found[found.length - 1] = clockFrom(clock);
      continue;
    }
    // Who is sent to check goes on with the clock that ran already.
    if (clock && last && last.endedMs === null && last.stage === clock.stage && last.startedMs === toMs(clock.started_at)) {
      found[found.length - 1] = clockFrom(clock);
      continue;
    }
    if (last && last.endedMs === null) last.endedMs = toMs(entry.at);
    if (clock) found.push(clockFrom(clock));
  }
  const last = found.at(-1);
  const finish = timeline.at(-1);
  if (last && !open && last.endedMs === null && finish) last.endedMs = toMs(finish.at);
  return found;
}

/** How one clock stands at an instant. */
export function clockStanding(clock, now) {
  const at = clock.endedMs ?? now;
  return {
    running: clock.endedMs === null,
    usedMs: at - clock.startedMs,
    leftMs: clock.dueMs - at,
    level: clockLevel(clock.startedMs, clock.dueMs, at, clock.warnMs),
    share: clockShare(clock.startedMs, clock.dueMs, at),
  };
}

/** The clock a row says is running, where no timeline is at hand. */
export function clockOfRow(row) {
  if (!row.stage) return null;
  return clockFrom(row);
}

/** The departments that sent their part back, as a timeline tells. */
export const returnedBy = (timeline) => new Set(timeline.filter(({ kind }) => ["incidents.case_returned", "incidents.assist_returned"].includes(kindWord(kind))).map(({ data }) => data.department));

/** How far a department's part is: offered, accepted, on_scene, done, returned or released. */
export function partStanding(part, returned) {
  if (part.released_at) return returned.has(part.department) ? "returned" : "released";
  if (part.cleared_at) return "done";
  if (part.arrived_at) return "on_scene";
  return part.accepted_at ? "accepted" : "offered";
}

/** Which round of the case this is: each reopening begins a new one. */
export const episodeOf = (timeline) => 1 + timeline.filter(({ kind }) => kindWord(kind) === "incidents.case_reopened").length;

/** The names of those who acted in a timeline, by their ids: an event that names somebody has the id alone. */
export const peopleOf = (timeline) => Object.fromEntries(timeline.filter(({ actor }) => actor).map(({ actor }) => [actor.id, actor.name]));

const SHOWN = ["what", "step", "roles", "stage", "lead", "assists", "units", "department", "category", "condition", "priority", "priority_rule", "lane", "level",
  "disposition", "basis", "reason", "note", "text", "until", "checker", "master", "joined", "parted", "rule", "by_rule", "filed_by_rule",
  "collector", "desk", "why", "evidence", "ack_due_at", "due_at", "closes_at", "by_radio", "implied"];
// Said only where they are so.
const SAID_IF_SO = new Set(["by_radio", "implied"]);

/** The parts of an event's data worth showing, in a fixed order; empty ones are left out. */
export function shownData(data) {
  return SHOWN.filter((name) => {
    const value = data?.[name];
    return value !== undefined && value !== null && value !== "" && (typeof value !== "boolean" || (value && SAID_IF_SO.has(name))) && !(Array.isArray(value) && !value.length);
  }).map((name) => [name, data[name]]);
}

/** The word an event's kind is listed under: incidents.case_opened.v1 → incidents.case_opened */
export const kindWord = (kind) => kind.replace(/\.v\d+$/, "");

/** Say whether the sender's time is worth showing beside ours. */
export const differs = (entry) => Boolean(entry.source_at) && Math.abs(toMs(entry.source_at) - toMs(entry.at)) >= 1000;
