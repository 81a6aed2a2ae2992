// Who is recommended to go: a card in the case panel with reasons, gaps and ways; Enter sends, a unit is struck or added with a reason.

import { Problem, getJson, newKey, postJson } from "./api.mjs";
import { part } from "./case_parts.mjs";
import { h, setText } from "./dom.mjs";
import { distance, instant, toMs } from "./format.mjs";
import { choice, line } from "./pickers.mjs";
import { SPOKEN, minutes, needText, own, reachText, reasonText, unitName } from "./recommendation_words.mjs";
import { coded, language, t } from "./words.mjs";

const WAIT_MS = 300; // sooner than this nobody notices that it is worked out
const ROADS_SETTLE_MS = 150;
const UNITS_SETTLE_MS = 5000; // units move all the time: the card follows, but it does not flicker
const WAYS_MOST = 10;
const OPEN = new Set(["NEW", "VERIFYING", "FILED", "DISPATCHED", "ACCEPTED", "ON_SCENE", "CONTROLLED"]);
/** What was chosen, against what is proposed: {units, struck, added}; a hand's choice outlives what is worked out anew. */
export function chosenOf(proposed, struck, added, there) {
  const kept = proposed.filter((id) => !struck.has(id));
  const more = [...added].filter((id) => there.has(id) && !proposed.includes(id));
  return { units: [...kept, ...more], struck: proposed.filter((id) => struck.has(id)), added: more };
}

/** Every unit an answer names, picks first, each once. */
export function unitsOf({ answers }) {
  const found = new Map();
  const put = (row) => found.has(row.unit) || found.set(row.unit, row);
  for (const { picks } of answers) picks.forEach(put);
  for (const { others, shortfalls } of answers) [...others, ...shortfalls.flatMap((gap) => gap.nearest)].forEach(put);
  return found;
}

/** The card. */
export class Recommendation {
  constructor({ names, now, permissions, reasons, ways, onDone }) {
    Object.assign(this, { names, now, permissions, reasons, ways, onDone });
    this.element = h("div", { class: "recommendation" });
    this.clear();
  }

  clear() {
    clearTimeout(this.timer);
    this.controller?.abort();
    Object.assign(this, { id: null, told: null, struck: new Set(), added: new Set(), key: newKey(), busy: false, asked: 0 });
    this.element.replaceChildren();
    this.ways?.clear();
  }

  /** Take the case that is open; what may be done with it says whether it may be sent. */
  load({ case: row, actions }) {
    const shown = OPEN.has(row.state) && this.permissions.includes("units.read") && (this.permissions.includes("case.dispatch") || this.permissions.includes("case.supervise"));
    if (!shown) return this.clear();
    if (row.id !== this.id) this.clear();
    Object.assign(this, { id: row.id, version: row.version, may: actions.includes("dispatch"), allowed: actions });
    return this.ask();
  }

  /** Roads or units changed: what is shown is no longer true. */
  follow({ roads, units }) {
    if (roads) this.later(ROADS_SETTLE_MS, true);
    else if (units) this.later(Math.max(ROADS_SETTLE_MS, UNITS_SETTLE_MS - (performance.now() - this.asked)), false);
  }

  later(wait, urgent) {
    if (!this.id || document.hidden || (this.timer && !urgent)) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), wait);
  }

  async ask() {
    const { id } = this;
    clearTimeout(this.timer);
    this.timer = null;
    this.controller?.abort();
    const { signal } = (this.controller = new AbortController());
    this.asked = performance.now();
    const waiting = setTimeout(() => this.told || this.put(h("p", { class: "dim is-waiting", role: "status", text: t("recommend.waiting") })), WAIT_MS);
    try {
      const told = await getJson(`/api/v1/cases/${encodeURIComponent(id)}/recommendation`, signal);
      if (this.id === id && !this.busy) this.show(told);
    } catch (failure) {
      if (failure.name !== "AbortError" && this.id === id) this.fail(failure);
    } finally {
      clearTimeout(waiting);
    }
  }

  fail(failure) {
    if (!(failure instanceof Problem)) throw failure;
    this.put(h("p", { class: "notice", role: "alert", text: failure.passing ? t("error.unanswered") : failure.message || t("error.unknown") }),
      h("button", { type: "button", class: "action", text: t("error.again"), onclick: () => this.ask() }));
  }

  put(...children) {
    this.element.replaceChildren(part(t("recommend.title"), ...children));
  }

  show(told) {
    const typing = this.element.contains(document.activeElement) && ["INPUT", "SELECT"].includes(document.activeElement.tagName) && document.activeElement.type !== "checkbox";
    const focus = document.activeElement?.closest?.(".recommendation") ? document.activeElement.dataset.focus : null;
    this.told = told;
    this.known = unitsOf(told);
    if (!typing) this.draw();
    else this.count();
    if (focus && !typing) this.element.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
    this.drawWays();
  }

  get chosen() {
    return chosenOf(this.told.proposed, this.struck, this.added, this.known);
  }

  draw() {
    const { told } = this;
    const { basis, roads } = told;
    this.notice = h("p", { class: "notice", role: "alert", hidden: true });
    this.put(h("p", { class: "recommend-basis" }, h("b", { text: t(`recommend.basis.${basis.kind}`, { name: own(basis, "name"), level: basis.level ? coded("level", basis.level) : "" }) })),
      h("p", { class: "dim num recommend-facts" }, h("span", { text: roads.estimated ? t("recommend.estimated") : t("recommend.roads", { n: roads.closures }) }), roads.walk_m !== null && h("span", { class: "gap-chip", text: t("recommend.walk", { away: distance(roads.walk_m) }) }), h("span", { class: told.reach.hole ? "gap-chip" : "", text: reachText(told.reach) })),
      told.answers.map((answer) => this.answer(answer)), this.foot());
    this.count();
  }

  answer({ need, picks, others, missing, shortfalls }) {
    const more = others.length ? h("details", { class: "recommend-more" }, h("summary", { class: "dim", text: t("recommend.others", { n: others.length }) }), h("ul", {}, others.map((row) => this.line(row)))) : "";
    if (more) more.open = others.some((row) => this.added.has(row.unit));
    return h("section", { class: `recommend-need${missing && !need.advised ? " is-missing" : ""}` },
      h("h4", {}, h("span", { text: needText(need, this.names) }), need.advised && h("span", { class: "flag", text: t("recommend.advised") }), missing > 0 && h("span", { class: "gap-chip", text: t("recommend.missing", { n: missing }) })),
      h("ul", {}, picks.map((row) => this.line(row, need.advised))),
      shortfalls.length > 0 && h("ul", { class: "recommend-gaps" }, shortfalls.map((gap) => this.gap(gap))), more);
  }

  line(row) {
    const { on_case: there } = row;
    const box = h("input", { type: "checkbox", value: row.unit, "data-focus": row.unit, "aria-label": unitName(row), onchange: () => this.turn(row.unit, box.checked) });
    box.checked = there || this.chosen.units.includes(row.unit);
    box.disabled = there || !this.may;
    const told = row.reasons.filter(({ code }) => !["road", "on_foot"].includes(code));
    return h("li", { class: `recommend-unit${there ? " is-there" : ""}`, "data-unit": row.unit }, h("label", {}, box, h("span", { class: "recommend-name" }, h("b", { text: unitName(row) }), h("span", { class: "dim", text: this.names.department(row.department) })), h("b", { class: "num road-time", text: there ? "" : minutes(row.seconds) })),
      h("p", { class: "recommend-why" }, told.map((reason) => h("span", { class: SPOKEN.has(reason.code) ? "is-against" : "", text: reasonText(reason) }))));
  }

  gap({ code, n, nearest, ...row }) {
    return h("li", { "data-gap": code }, h("span", { class: "gap-chip", text: `${language() === "en" ? row.en : row.zh}${n ? ` ${n}` : ""}` }), nearest.map((one) => this.absent(one)));
  }

  // Who is not offered may still be called: by telephone, from another task, from rest. The crew's own word decides.
  absent(one) {
    const back = one.back_at && t("recommend.back", { at: instant(toMs(one.back_at), this.now()).slice(0, 11) });
    const box = h("input", { type: "checkbox", value: one.unit, "data-focus": one.unit, "aria-label": unitName(one), onchange: () => this.turn(one.unit, box.checked) });
    box.checked = this.added.has(one.unit);
    box.disabled = !this.may;
    return h("label", { class: "recommend-absent" }, box, h("span", { text: unitName(one) }), h("span", { class: "dim num", text: [one.seconds !== null && minutes(one.seconds), back].filter(Boolean).join(" · ") }));
  }

  foot() {
    if (!this.permissions.includes("case.dispatch")) return "";
    this.reason = choice(this.reasons.map(({ value, label }) => ({ value, label })), { none: t("recommend.choose_reason") });
    this.note = line({ maxlength: 200, placeholder: t("recommend.note"), "aria-label": t("recommend.note") });
    this.reason.element.setAttribute("aria-label", t("recommend.choose_reason"));
    this.why = h("div", { class: "reason-line", hidden: true }, this.reason.element, this.note.element);
    this.go = h("button", { type: "submit", class: "action main", "data-focus": "send" }, (this.label = h("span")), h("kbd", { text: "↵" }));
    return h("form", { class: "recommend-foot", onsubmit: (event) => { event.preventDefault(); this.send(); } }, this.why, this.notice, this.may ? this.go : h("p", { class: "dim", text: t(this.allowed.includes("file") ? "recommend.file_first" : "recommend.not_now") }));
  }

  turn(unit, on) {
    const proposed = this.told.proposed.includes(unit);
    const set = proposed ? this.struck : this.added;
    if (on === proposed) set.delete(unit);
    else set.add(unit);
    this.count();
    this.drawWays();
  }

  /** Say what would be sent, and ask why where it is not what is recommended. */
  count() {
    if (!this.label) return;
    const { units, struck, added } = this.chosen;
    setText(this.label, units.length ? t("recommend.send", { n: units.length }) : t("recommend.nobody"));
    this.go.disabled = !units.length || this.busy;
    this.why.hidden = !struck.length && !added.length;
  }

  /** Stand ready: Enter sends. False where there is nothing to send. */
  ready() {
    if (!this.told || !this.may || !this.chosen.units.length) return false;
    this.element.scrollIntoView({ block: "nearest" });
    this.go.focus();
    return true;
  }

  /** Stand ready where nobody has been sent to a case yet and dispatching comes next. */
  comesNext({ state, lane }) {
    return (state === "FILED" || (state === "NEW" && lane === "emergency")) && this.ready();
  }

  async send() {
    const { units, struck, added } = this.chosen;
    const over = struck.length > 0 || added.length > 0;
    if (this.busy || !units.length) return;
    if (over && !this.reason.value()) {
      this.complain(t("recommend.reason_needed"));
      this.reason.focus();
      return;
    }
    this.busy = true;
    this.count();
    const body = { version: this.version, units, proposal: this.told.proposal, ...(over ? { reason: this.reason.value(), note: this.note.value() } : {}) };
    const sent = JSON.stringify(body);
    if (this.sent && this.sent !== sent) this.key = newKey();
    this.sent = sent;
    try {
      const answer = await postJson(`/api/v1/cases/${encodeURIComponent(this.id)}/recommendation`, body, this.key);
      Object.assign(this, { struck: new Set(), added: new Set(), key: newKey(), sent: null });
      this.onDone(answer, t("recommend.sent", { n: units.length }));
    } catch (failure) {
      this.refused(failure);
    } finally {
      this.busy = false;
      this.count();
    }
  }

  refused(failure) {
    if (!(failure instanceof Problem)) throw failure;
    const stale = failure.status === 409;
    if (stale && failure.body.current_version !== undefined) this.version = failure.body.current_version;
    this.complain(failure.passing ? t("action.kept") : failure.message || t("error.unknown"));
    // Somebody was faster: who is still free is worked out anew, the sentence stays.
    if (stale) getJson(`/api/v1/cases/${encodeURIComponent(this.id)}/recommendation`).then((told) => { const said = this.notice.textContent; this.show(told); this.complain(said); }, () => {});
  }

  complain(text) {
    setText(this.notice, text);
    this.notice.hidden = !text;
  }

  drawWays() {
    this.ways?.draw(this.id, this.chosen.units.slice(0, WAYS_MOST));
  }
}
