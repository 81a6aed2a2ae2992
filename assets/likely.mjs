// Open cases that a report being typed may belong to, with the terms of each score; a key puts the report to one of them.

import { postJson } from "./api.mjs";
import { Asking } from "./asking.mjs";
import { h } from "./dom.mjs";
import { distance } from "./format.mjs";
import { priorityChip } from "./marks.mjs";
import { nearby } from "./report_fields.mjs";
import { rowPlace } from "./queue.mjs";
import { coded, t } from "./words.mjs";

export const SURE = 0.85;
const SHOWN = 5;

/** What is asked of a report as far as it is typed; null where there is nothing yet to go by. */
export function question({ text, category, place }) {
  if (text.length < 2 && !place) return null;
  const asked = { text: text.slice(0, 2000), limit: SHOWN };
  if (category) asked.category = category;
  if (place) [asked.lon, asked.lat] = place;
  return asked;
}

/** What is shown: what scored, then what merely lies near; no case twice. */
export function candidates(likely, near) {
  const scored = likely.map(({ case: row, score, why }) => ({ row, score, why }));
  const known = new Set(scored.map(({ row }) => row.id));
  return [...scored, ...near.filter(({ row }) => !known.has(row.id)).map(({ row, away }) => ({ row, score: null, why: distance(away) }))].slice(0, SHOWN);
}

/** The list under the form's place. */
export class LikelyCases {
  constructor({ names, rows, onAttach, ask = (body, signal) => postJson("/api/v1/duplicates", { ...body, exercise: false }, null, signal) }) {
    Object.assign(this, { names, rows, onAttach });
    this.element = h("section", { class: "likely", hidden: true, "aria-label": t("likely.title") });
    this.element.addEventListener("keydown", (event) => this.pressed(event));
    this.asking = new Asking({ ask, show: (answer) => this.heard(answer?.items ?? []) });
    this.scored = [];
  }

  /** Ask for what is typed now; null shows nothing. */
  look(values) {
    this.values = values;
    this.asking.put(values && question(values));
    this.draw();
  }

  heard(items) {
    this.scored = items;
    this.draw();
  }

  draw() {
    const { place, category } = this.values ?? {};
    const shown = this.values ? candidates(this.scored, nearby(this.rows(), place, category)) : [];
    const now = JSON.stringify(shown.map(({ row, why }) => [row.id, row.version, why]));
    // What somebody is about to press must not move under the finger.
    if (now === this.drawn) return;
    this.drawn = now;
    this.shown = shown;
    const at = [...this.element.querySelectorAll("button")].indexOf(document.activeElement);
    this.element.hidden = !shown.length;
    this.element.replaceChildren(h("p", { class: "likely-head" }, h("b", { text: t(shown.some(({ score }) => score !== null) ? "likely.title" : "likely.near") }), h("span", { class: "dim" }, h("kbd", { text: "Alt ↓" }), t("likely.choose"))), ...shown.map((one) => this.line(one)));
    if (at >= 0) this.focus(at);
  }

  line(one) {
    const { row, score, why } = one;
    return h("button", { type: "button", class: `likely-row${score >= SURE ? " is-sure" : ""}`, tabindex: "-1", "data-case": row.id, onclick: () => this.onAttach(row, why) },
      priorityChip(row.priority), h("b", { text: this.names.category(row.category) }), h("span", { class: "dim", text: coded("state", row.state) }),
      h("span", { class: "likely-why num", text: why }), h("span", { class: "likely-text dim", text: [rowPlace(row), row.text].filter(Boolean).join(" · ") }));
  }

  get buttons() {
    return [...this.element.querySelectorAll("button")];
  }

  /** Go into the list; says whether there is one. */
  focus(at = 0) {
    const { buttons } = this;
    buttons[Math.min(at, buttons.length - 1)]?.focus();
    return buttons.length > 0;
  }

  pressed(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const { buttons } = this;
    const at = buttons.indexOf(document.activeElement) + by;
    event.preventDefault();
    event.stopPropagation();
    if (at < 0) this.onLeave?.();
    else this.focus(at);
  }
}
