// One task as a card: what, where, how far, how long, and large buttons for the next step. Pure functions first.

import { h } from "./dom.mjs";
import { clockLevel, clockTime, countdown, distance, instant, metresBetween, toMs } from "./format.mjs";
import { openMap } from "./report_map.mjs";
import { coded, language, t } from "./words.mjs";

const NEXT = { OFFERED: ["ack"], ACKED: ["enroute", "on_scene"], ENROUTE: ["on_scene"], ON_SCENE: ["clear"] };
const STEPS = ["offered_at", "acked_at", "enroute_at", "on_scene_at"];
const STATES = ["OFFERED", "ACKED", "ENROUTE", "ON_SCENE"];
const WINDS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];
const REASONS = ["vehicle", "busy", "far", "crew"];

/** The steps a crew may take from a state: the first is the large one. */
export const nextSteps = (state) => NEXT[state] ?? [];

/** Degrees from north, clockwise, from one place to another. */
export function bearing([lonA, latA], [lonB, latB]) {
  const rad = Math.PI / 180;
  const turn = (lonB - lonA) * rad;
  const y = Math.sin(turn) * Math.cos(latB * rad);
  const x = Math.cos(latA * rad) * Math.sin(latB * rad) - Math.sin(latA * rad) * Math.cos(latB * rad) * Math.cos(turn);
  return (Math.atan2(y, x) / rad + 360) % 360;
}

/** The wind a bearing lies in: n, ne, e… */
export const wind = (degrees) => WINDS[Math.round(degrees / 45) % 8];

/** Which clock a task shows: how long there is to answer, else how long until the case is due. */
export function clockOf(assignment, kase) {
  if (assignment.state === "OFFERED" && assignment.answer_by) return { name: "answer", startedMs: toMs(assignment.offered_at), dueMs: toMs(assignment.answer_by) };
  return kase.due_at ? { name: "due", startedMs: toMs(kase.reported_at), dueMs: toMs(kase.due_at) } : null;
}

/** One card. `act` has step(assignment, step, reason), note(assignment, text), photo(assignment, file); `map` the map's facts. */
export class TaskCard {
  constructor(act, map) {
    Object.assign(this, { act, map, clock: null });
    this.element = h("article", { class: "task" });
    this.state = "";
    this.opened = null;
  }

  /** Draw anew; a form that is open stays open, for somebody is writing in it. */
  show({ assignment, case: kase }, { now, here }) {
    Object.assign(this, { assignment, kase });
    this.element.dataset.assignment = assignment.id;
    this.element.className = `task is-${assignment.open ? "open" : "ended"} ${kase.priority}${kase.exercise ? " is-exercise" : ""}`;
    this.element.dataset.watermark = t("field.exercise");
    const drawn = JSON.stringify([assignment, kase]);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.draw();
    }
    this.tick({ now, here });
  }

  draw() {
    const { assignment, kase } = this;
    const en = language() === "en";
    this.clockText = h("span", { class: "clock num" });
    this.away = h("p", { class: "away num" });
    const category = (en && kase.category_en) || kase.category_zh;
    // An address that the console wrote by itself is told in the reader's language.
    const written = kase.address && kase.address !== kase.where_zh ? kase.address : "";
    const where = (written || (en ? kase.where_en : kase.where_zh)).replace(/ (?=m\b)/g, "\u00a0"); // a number keeps its unit
    const form = this.form;
    this.element.replaceChildren(
      h("header", { class: "task-head" },
        h("span", { class: `priority ${kase.priority}`, title: t(`priority.${kase.priority}`), text: kase.priority }),
        h("h2", { text: category }), this.clockText),
      kase.exercise ? h("p", { class: "exercise", text: t("field.exercise") }) : "",
      h("p", { class: "where", text: where }), this.away,
      kase.text ? h("p", { class: "said", text: kase.text }) : "",
      this.steps(), assignment.open ? this.buttons() : "",
      h("p", { class: "number num", text: t("field.number", { number: kase.number }) }));
    if (form?.open) this.element.insertBefore(form.element, this.element.querySelector(".acts")?.nextSibling ?? null);
    if (this.mapBox) this.element.append(this.mapBox);
  }

  steps() {
    const { assignment } = this;
    const at = STATES.indexOf(assignment.state);
    const rows = STATES.map((state, number) => h("li", { class: at < 0 || number < at ? "past" : number === at ? "now" : "next", "aria-current": number === at ? "step" : null },
      h("span", { text: t(`field.step.${state}`) }), h("time", { class: "num", text: assignment[STEPS[number]] ? clockTime(toMs(assignment[STEPS[number]])).slice(0, 5) : "" })));
    return h("div", { class: "progress" }, assignment.open ? h("ol", { class: "steps" }, rows) : h("p", { class: "ended-word" }, h("b", { text: coded("assignment", assignment.state) }), assignment.ended_at ? ` ${clockTime(toMs(assignment.ended_at)).slice(0, 5)}` : ""),
      assignment.pending ? h("p", { class: "pending", text: t("field.pending") }) : "");
  }

  buttons() {
    const { assignment } = this;
    const [main, ...others] = nextSteps(assignment.state);
    const step = (name, kind) => h("button", { type: "button", class: kind, "data-step": name, text: t(`unit_step.${name}`), onclick: () => this.press(name) });
    const photo = h("input", { type: "file", accept: "image/*", capture: "environment", class: "hidden-file", "data-photo": true, onchange: (event) => { const [file] = event.target.files; if (file) this.act.photo(this.assignment, file); event.target.value = ""; } });
    return h("div", { class: "acts" }, main ? step(main, "big main") : "",
      h("div", { class: "smaller" }, others.map((name) => step(name, "small")), assignment.state === "OFFERED" ? step("decline", "small danger") : "",
        h("label", { class: "small button" }, t("field.photo"), photo),
        h("button", { type: "button", class: "small", "data-note": true, text: t("field.note"), onclick: () => this.ask("note") }),
        h("button", { type: "button", class: "small", "data-map": true, "aria-expanded": String(Boolean(this.mapBox)), text: t("field.map"), onclick: () => this.toggleMap() })));
  }

  press(step) {
    if (step === "decline" || step === "clear") this.ask(step);
    else this.act.step(this.assignment, step, "");
  }

  /** A form under the buttons: why not, done for sure, or what was seen. */
  ask(kind) {
    this.form?.element.remove();
    const text = h("textarea", { rows: 2, maxlength: kind === "note" ? 1000 : 200, "aria-label": t(`field.ask.${kind}`), placeholder: t(`field.hint.${kind}`) });
    const close = () => { element.remove(); this.form = null; };
    const send = () => {
      const value = text.value.trim();
      if (kind === "note" && value) this.act.note(this.assignment, value);
      else if (kind === "decline" && value) this.act.step(this.assignment, "decline", value);
      else if (kind === "clear") { if (value) this.act.note(this.assignment, value); this.act.step(this.assignment, "clear", ""); } else return text.focus();
      return close();
    };
    const picks = kind === "decline" ? h("div", { class: "picks" }, REASONS.map((name) => h("button", { type: "button", class: "small", text: t(`field.reason.${name}`), onclick: () => { text.value = t(`field.reason.${name}`); } }))) : "";
    const element = h("form", { class: "ask", onsubmit: (event) => { event.preventDefault(); send(); } }, h("h3", { text: t(`field.ask.${kind}`) }), picks, text,
      h("div", { class: "pair" }, h("button", { type: "button", class: "small", text: t("field.back"), onclick: close }), h("button", { type: "submit", class: `small ${kind === "decline" ? "danger" : "main"}`, text: t(`field.send.${kind}`) })));
    this.form = { element, open: true };
    this.element.insertBefore(element, this.element.querySelector(".acts")?.nextSibling ?? null);
    if (kind !== "clear") text.focus();
    element.scrollIntoView({ block: "nearest" });
  }

  toggleMap() {
    if (this.mapBox) {
      this.mapBox.remove();
      this.mapBox = null;
    } else {
      this.mapBox = h("div", { class: "task-map", role: "img", "aria-label": t("field.map_of", { place: this.kase.address || this.kase.where_zh }) });
      this.element.append(this.mapBox);
      this.drawn_map = openMap(this.mapBox, this.map, null);
      this.drawn_map.show([this.kase.lon, this.kase.lat], 15);
    }
    this.element.querySelector("[data-map]")?.setAttribute("aria-expanded", String(Boolean(this.mapBox)));
  }

  /** Once a second: the clock, and how far it is. */
  tick({ now, here }) {
    const { assignment, kase } = this;
    const clock = assignment.open ? clockOf(assignment, kase) : null;
    if (clock) {
      this.clockText.className = `clock num is-${clockLevel(clock.startedMs, clock.dueMs, now)}`;
      this.clockText.textContent = `${t(`field.clock.${clock.name}`)} ${countdown(clock.dueMs - now)}`;
    } else this.clockText.textContent = assignment.open ? "" : instant(toMs(assignment.ended_at), now);
    const place = [kase.lon, kase.lat];
    if (here) {
      const way = bearing(here, place);
      this.away.textContent = `${distance(metresBetween(here, place))} · ${t(`field.wind.${wind(way)}`)} ${Math.round(way)}°`;
    } else this.away.textContent = t("field.no_position");
    if (here && this.mapBox) this.drawn_map.mark(here);
  }
}
