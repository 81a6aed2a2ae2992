// Alerts: cases that nobody has acknowledged yet, who is being called to them, and for how long already.

import { newKey, postJson } from "./api.mjs";
import { h, setAttr, setText } from "./dom.mjs";
import { countdown, toMs } from "./format.mjs";
import { priorityChip } from "./marks.mjs";
import { t } from "./words.mjs";

const SHOWN = 3;

/** What calls people to a case, from its row; null where nothing does. */
export function alertOfRow(row) {
  const { id, number, state, category, town, lon, lat, exercise } = row;
  return row.alert ? { ...row.alert, id, number, state, category, town, lon, lat, exercise } : null;
}

const byText = (a, b) => (a === b ? 0 : a < b ? -1 : 1);

// RFC 3339 in UTC with milliseconds sorts as text.
const compareAlerts = (a, b) => Number(a.exercise) - Number(b.exercise) || byText(a.priority, b.priority) || byText(a.offered_at, b.offered_at) || byText(a.id, b.id);

/** Most urgent first, then what waits longest; exercises stand behind what is real. */
export const byUrgency = (alerts) => [...alerts].sort(compareAlerts);

/** The first few of them, and how many there are: in a flood nobody sorts thousands to show three. */
export function foremost(alerts, most) {
  const first = [];
  let count = 0;
  for (const alert of alerts) {
    count += 1;
    if (first.length === most && compareAlerts(alert, first[most - 1]) > 0) continue;
    const at = first.findIndex((other) => compareAlerts(alert, other) < 0);
    first.splice(at < 0 ? first.length : at, 0, alert);
    first.length = Math.min(first.length, most);
  }
  return { first, count };
}

/** How an alert stands: waited so long, whether its time is over, and how long until more people are called. */
export function standingOf(alert, now) {
  const next = toMs(alert.escalates_at);
  return { waitedMs: Math.max(0, now - toMs(alert.offered_at)), missed: alert.missed || toMs(alert.ack_due_at) <= now,
    nextMs: Number.isFinite(next) ? Math.max(0, next - now) : null };
}

/** Who is being called, in words. */
export const calledRoles = (alert) => alert.roles.map((role) => t(`role.${role}`)).join(t("format.comma"));

/** How far it has gone and when it goes further, in words. */
export function escalationText(alert, { nextMs }) {
  const next = nextMs === null ? t("alert.last") : t("alert.next", { left: countdown(nextMs) });
  return [alert.step > 0 && t("alert.step", { n: alert.step }), next].filter(Boolean).join(" · ");
}

/** Say that an alert was seen, from which desk; that is as true of a case that has moved on meanwhile. */
export async function acknowledge(id, version, desk, post = postJson) {
  const send = (at) => post(`/api/v1/cases/${id}/commands`, { name: "acknowledge", version: at, arguments: desk ? { desk } : {} }, newKey());
  try {
    return await send(version);
  } catch (problem) {
    if (problem.status !== 409 || problem.body?.current_version === undefined) throw problem;
    return send(problem.body.current_version);
  }
}

/** One alert as a line whose times move on; `button` is there for who may acknowledge. */
export function alertLine(alert, { names, onSelect, button }) {
  const waited = h("b", { class: "num alert-waited" });
  const missed = h("span", { class: "flag is-missed", text: t("alert.missed"), hidden: true });
  const next = h("span", { class: "num" });
  const title = h(onSelect ? "button" : "span", { type: onSelect ? "button" : null, class: "alert-what", onclick: onSelect && (() => onSelect(alert.id)) },
    h("b", { text: names.category(alert.category) }), h("span", { class: "where", text: names.town(alert.town) }));
  const kind = `alert p-${alert.priority}${alert.exercise ? " is-exercise" : ""}`;
  const element = h("li", { class: kind, "data-id": alert.id, "data-watermark": alert.exercise && t("case.exercise") }, priorityChip(alert.priority),
    h("div", { class: "alert-text" },
      h("div", { class: "alert-line" }, title, alert.exercise && h("span", { class: "flag is-exercise", text: t("case.exercise") }), missed),
      h("div", { class: "alert-line alert-called" }, h("span", { class: "called", text: t("alert.calling", { roles: calledRoles(alert) }) }), next)),
    waited, button);
  return { element, tick: (now) => {
    const standing = standingOf(alert, now);
    setText(waited, countdown(standing.waitedMs));
    setText(next, escalationText(alert, standing));
    missed.hidden = !standing.missed;
    setAttr(element, "class", `${kind}${standing.missed ? " is-missed" : ""}`);
  } };
}

/** The banner over the desk's map: what waits, until a person acknowledges it. */
export class AlertBanner {
  constructor(root, { names, now, mayAcknowledge, onAcknowledge, onSelect }) {
    Object.assign(this, { root, names, now, mayAcknowledge, onAcknowledge, onSelect });
    this.alerts = [];
    this.count = 0;
    this.lines = [];
    this.shown = "";
  }

  /** The alert that the key acknowledges. */
  get first() {
    return this.alerts[0] ?? null;
  }

  /** Take the alerts that have reached this desk. */
  set(alerts) {
    const { first, count } = foremost(alerts, SHOWN);
    Object.assign(this, { alerts: first, count });
    const shown = JSON.stringify([first, count]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.draw();
  }

  /** Draw the lines; again when names have come. */
  draw() {
    this.lines = this.alerts.map((alert, i) => alertLine(alert, { names: this.names, onSelect: this.onSelect, button: this.mayAcknowledge && this.button(alert, i) }));
    const rest = this.count - this.lines.length;
    this.root.replaceChildren(...(this.alerts.length ? [h("ul", { class: "alerts", "aria-label": t("alert.title") }, this.lines.map(({ element }) => element)),
      rest > 0 ? h("p", { class: "alert-rest", text: t("alert.more", { n: rest }) }) : ""] : []));
    this.root.hidden = !this.alerts.length;
    this.tick();
  }

  button(alert, index) {
    return h("button", { type: "button", class: "action acknowledge", onclick: () => this.onAcknowledge(alert) }, h("span", { text: t("alert.acknowledge") }), index === 0 && h("kbd", { text: "a" }));
  }

  /** The times move on. */
  tick() {
    const now = this.now();
    for (const line of this.lines) line.tick(now);
  }
}
