// The parts of the case panel as elements: head, steps, clocks, facts, reports, timeline.

import { h } from "./dom.mjs";
import { calledRoles, escalationText, standingOf } from "./alerts.mjs";
import { clockTime, countdown, duration, instant, position, toMs } from "./format.mjs";
import { clockStanding, differs, kindWord, peopleOf, shownData, steps } from "./case_steps.mjs";
import { priorityChip } from "./marks.mjs";
import { rowPlace } from "./queue.mjs";
import { coded, t } from "./words.mjs";

const flag = (text, kind = "") => h("span", { class: `flag ${kind}`, text });

function flags(row, names) {
  return [
    row.lane === "emergency" && flag(t("lane.emergency"), "is-emergency"),
    row.level && flag(t("case.level", { level: coded("level", row.level) }), `level-${row.level}`),
    row.supervised && flag(t("case.supervised"), "is-supervised"),
    row.suspended && flag(t("case.suspended")),
    row.exercise && flag(t("case.exercise"), "is-exercise"),
    row.returned_n > 0 && flag(t("case.returned", { n: row.returned_n })),
    row.rework_n > 0 && flag(t("case.rework", { n: row.rework_n })),
    row.merged_into && flag(t("case.merged")),
    row.lead && flag(names.department(row.lead), "is-lead"),
  ];
}

/** Number, title, place and flags. */
export function head(row, names, onClose, onExport = null) {
  return h("header", { class: "case-head" },
    h("div", { class: "case-line" }, priorityChip(row.priority), h("span", { class: "mono", text: row.number }),
      h("span", { class: "state", text: coded("state", row.state) }),
      onExport && h("button", { type: "button", class: "link case-export", title: t("key.export"), onclick: onExport }, t("export.title"), h("kbd", { text: "e" })),
      h("button", { type: "button", class: "icon-button", title: t("case.close_panel"), "aria-label": t("case.close_panel"), onclick: onClose, text: "✕" })),
    h("h2", { text: names.category(row.category) }),
    h("p", { class: "case-place", text: rowPlace(row) || position(row.lon, row.lat) }),
    h("div", { class: "flags" }, flags(row, names)));
}

/** The steps of the line, with where the case stands. */
export function stepper(row) {
  const line = steps(row.state);
  if (!line.length) return h("p", { class: "ended", text: coded("state", row.state) });
  return h("ol", { class: "steps", "aria-label": t("case.steps") }, line.map(({ state, mark }) =>
    h("li", { class: `is-${mark}`, "aria-current": mark === "here" ? "step" : null }, h("span", { text: coded("step", state) }))));
}

/** What calls people to this case, and how it goes on; null where somebody has acknowledged it. */
export function alertNote(alert, now) {
  if (!alert) return null;
  const standing = standingOf(alert, now);
  return h("p", { class: `notice is-alert${standing.missed ? " is-late" : ""}` },
    h("b", { text: `${t(standing.missed ? "alert.missed" : "alert.title")} ${countdown(standing.waitedMs)}` }),
    h("span", { text: t("alert.calling", { roles: calledRoles(alert) }) }), h("span", { class: "num", text: escalationText(alert, standing) }));
}

/** That the case closes by itself, and when; null where nobody gave the all-clear. */
export const closingNote = (row, now) => row.closes_at && h("p", { class: "notice" }, h("b", { class: "num", text: t("case.closing", { left: countdown(Math.max(0, toMs(row.closes_at) - now)) }) }));

// A clock that stands still says so, with the time that is left of it.
function pausedLine(clock, { remaining_s: left, resumes_at: until }, now) {
  return h("li", { class: "clock is-held is-running" }, h("span", { class: "clock-stage", text: coded("stage", clock.stage) }), h("span", { class: "clock-bar" }),
    h("span", { class: "clock-figure", text: left === null ? t("format.none") : countdown(1000 * left) }), h("span", { class: "clock-note", text: t("clock.paused", { until: instant(toMs(until), now) }) }));
}

function clockLine(clock, now, paused) {
  if (paused && clock.endedMs === null) return pausedLine(clock, paused, now);
  const standing = clockStanding(clock, now);
  const figure = standing.running
    ? (Number.isFinite(clock.dueMs) ? countdown(standing.leftMs) : duration(standing.usedMs))
    : duration(standing.usedMs);
  const note = !Number.isFinite(clock.dueMs) ? t("clock.no_limit")
    : standing.running ? t(standing.leftMs < 0 ? "clock.over" : "clock.left", { due: instant(clock.dueMs, now) })
      : t(standing.level === "late" ? "clock.was_late" : "clock.was_kept");
  return h("li", { class: `clock is-${standing.level}${standing.running ? " is-running" : ""}` },
    h("span", { class: "clock-stage", text: coded("stage", clock.stage) }),
    h("span", { class: "clock-bar" }, h("i", { style: `width:${Math.round(standing.share * 100)}%` })),
    h("span", { class: "clock-figure", text: figure }), h("span", { class: "clock-note", text: note }));
}

/** Every clock the case had; the running one with what is left, or standing still while the case is on hold. */
export const clocks = (list, now, paused = null) => h("ul", { class: "clocks" }, list.map((clock) => clockLine(clock, now, paused)));

/** Which hours a limit counts, and how much of them is left, where that is not plain time. */
export function countedTime(clock) {
  if (!clock?.limit_kind || ["urgent_hours", "calendar_days"].includes(clock.limit_kind) || clock.remaining_s === null) return null;
  return h("p", { class: "dim num clock-counted", text: t("clock.counted", { kind: t(`limit_kind.${clock.limit_kind}`), left: countdown(1000 * clock.remaining_s) }) });
}

const fact = (name, value, kind = "") => value && [h("dt", { text: t(`fact.${name}`) }), h("dd", { text: value, class: kind })];

/** What is known of the case. */
export function facts(row, names, now, episode = 1) {
  return h("dl", { class: "facts" },
    fact("episode", episode > 1 && t("case.episode", { n: episode })),
    fact("collector", row.collector && names.unit(row.collector)),
    fact("reported_at", instant(toMs(row.reported_at), now), "num"),
    fact("source", coded("source", row.source)),
    fact("lead", row.lead && names.department(row.lead)),
    fact("assists", row.assists.map(names.department).join(t("format.comma"))),
    fact("units", row.units.map(names.unit).join(t("format.comma"))),
    fact("place", position(row.lon, row.lat), "num"),
    fact("cell", row.cell, "num"));
}

function report(entry, now) {
  const caller = [entry.caller_name, entry.caller_phone].filter(Boolean).join(" ");
  return h("li", {}, h("p", { text: entry.text }),
    h("p", { class: "dim num", text: [instant(toMs(entry.occurred_at), now), coded("source", entry.source), caller].filter(Boolean).join(" · ") }),
    entry.photos?.length > 0 && h("div", { class: "report-photos" }, entry.photos.map(({ url }) => h("a", { href: url, target: "_blank", rel: "noopener" }, h("img", { src: url, alt: t("duplicates.field.photos"), loading: "lazy" })))));
}

/** The reports that make up the case. */
export const reports = (list, now) => h("ul", { class: "reports" }, list.map((entry) => report(entry, now)));

const READERS = {
  lead: (value, names) => names.department(value),
  department: (value, names) => names.department(value),
  assists: (value, names) => value.map(names.department).join(t("format.comma")),
  units: (value, names) => value.map(names.unit).join(t("format.comma")),
  category: (value, names) => names.category(value),
  condition: (value, names, _now, data) => names.condition(data.category, value),
  priority: (value) => value,
  lane: (value) => coded("lane", value),
  level: (value) => coded("level", value),
  disposition: (value) => coded("disposition", value),
  basis: (value) => coded("basis", value),
  priority_rule: (value) => coded("rule", value),
  rule: (value) => coded("rule", value),
  by_rule: (value) => coded("rule", value),
  filed_by_rule: (value) => coded("rule", value),
  until: (value, _names, now) => instant(toMs(value), now),
  ack_due_at: (value, _names, now) => instant(toMs(value), now),
  due_at: (value, _names, now) => instant(toMs(value), now),
  closes_at: (value, _names, now) => instant(toMs(value), now),
  what: (value) => coded("approval", value),
  step: (value) => (typeof value === "number" ? t("alert.step", { n: value }) : coded("role", value)),
  roles: (value) => value.map((role) => coded("role", role)).join(t("format.comma")),
  stage: (value) => coded("stage", value),
  checker: (value, _names, _now, _data, numbers) => numbers[value] ?? value,
  master: (value, _names, _now, _data, numbers) => numbers[value] ?? value,
  joined: (value, _names, _now, _data, numbers) => numbers[value] ?? value,
  parted: (value, _names, _now, _data, numbers) => numbers[value] ?? value,
  collector: (value, names) => names.unit(value),
  evidence: (value) => value.map((source) => sourceWords(source)).join(t("format.comma")),
  by_radio: () => t("timeline.by_radio"),
  implied: () => t("timeline.implied"),
};

// unit:E4 is written by programs; people read 力量 E4.
function sourceWords(source) {
  const [kind, ...rest] = source.split(":");
  return `${coded("evidence", kind)} ${rest.join(":")}`;
}

// The first report's words stand above already; what a report is made of stands in the list of reports.
const REPEATED = { "incidents.case_opened": (name) => name === "text", "incidents.report_received": (name) => name !== "text" };

function datum([name, value], { kind, data }, names, now, numbers) {
  const read = READERS[name] ?? ((plain) => (name === "reason" ? coded("reason", plain) : String(plain)));
  const text = read(value, names, now, data, numbers);
  return REPEATED[kind]?.(name) ? null : [h("dt", { text: t(`datum.${name}`) }), h("dd", { text })];
}

// The console itself has no name of its own language.
const actorName = (actor) => (actor?.kind === "system" ? t("timeline.system") : (actor?.name ?? ""));

function entryLine(entry, names, now, numbers) {
  const kind = kindWord(entry.kind);
  const label = coded("event", kind);
  return h("li", { class: "entry" },
    h("time", { class: "num", text: instant(toMs(entry.at), now), title: t("timeline.received", { at: clockTime(toMs(entry.at)) }) }),
    h("div", {}, h("p", {}, h("b", { text: label }), h("span", { class: "dim", text: ` ${actorName(entry.actor)}` })),
      h("dl", { class: "data" }, shownData(entry.data).map((part) => datum(part, { kind, data: entry.data }, names, now, numbers))),
      differs(entry) && h("p", { class: "dim num", text: t("timeline.source_time", { at: instant(toMs(entry.source_at), now) }) })));
}

/** What happened, newest first; `numbers` are those of the cases it names. */
export const timeline = (entries, names, now, numbers = {}) => h("ol", { class: "timeline" }, [...entries].reverse().map((entry) => entryLine(entry, names, now, { ...numbers, ...peopleOf(entries) })));

/** A titled part of the panel. */
export const part = (title, ...children) => h("section", { class: "part" }, h("h3", { text: title }), ...children);

/** Grey bars in the place of what is being fetched. */
export const skeleton = (lines = 6) => h("div", { class: "skeleton", "aria-hidden": "true" }, Array.from({ length: lines }, (_, i) => h("i", { style: `width:${92 - ((i * 17) % 45)}%` })));
