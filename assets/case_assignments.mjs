// The units asked to a case: what each answered, and the buttons by which the centre answers for it by radio.

import { Problem, getJson, newKey, postJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { countdown, instant, toMs } from "./format.mjs";
import { part } from "./case_parts.mjs";
import { t } from "./words.mjs";

const ONWARD = { OFFERED: ["ack", "decline"], ACKED: ["enroute", "on_scene", "clear"], ENROUTE: ["on_scene", "clear"], ON_SCENE: ["clear"] };
const NEEDS_REASON = new Set(["decline", "cancel"]);

/** The steps an assignment may take next, for who may say so; calling it off is the dispatcher's. */
export function stepsFor(assignment, { permissions, department }) {
  const speaks = permissions.includes(department ? "case.act" : "case.act_for");
  const onward = speaks ? (ONWARD[assignment.state] ?? []) : [];
  return assignment.open && permissions.includes("case.dispatch") ? [...onward, "cancel"] : onward;
}

/** When an assignment reached where it stands. */
export const lastAt = (one) => one.ended_at ?? one.on_scene_at ?? one.enroute_at ?? one.acked_at ?? one.offered_at;

/** The units of one case. */
export class CaseAssignments {
  constructor({ names, now, permissions, department, onDone, onUnit }) {
    Object.assign(this, { names, now, permissions, department, onDone, onUnit });
    this.element = h("div", { class: "assignments" });
    this.clear();
  }

  clear() {
    this.id = null;
    this.waits = [];
    this.asking = null;
    this.element.replaceChildren();
  }

  /** Ask for the units of a case; what cannot be had is left out, the case stands without it. */
  async load(id) {
    if (!this.permissions.includes("units.read")) return;
    this.id = id;
    try {
      const { items } = await getJson(`/api/v1/assignments?case=${encodeURIComponent(id)}`);
      if (this.id === id && !this.asking) this.draw(items);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
    }
  }

  draw(items) {
    this.waits = [];
    this.notice = h("p", { class: "notice", role: "alert", hidden: true });
    this.element.replaceChildren(items.length ? part(t("case.assignments"), this.notice, h("ul", { class: "departments" }, items.map((one) => this.line(one)))) : "");
    this.tick();
  }

  line(one) {
    const wait = h("span", { class: "left num" });
    if (one.state === "OFFERED" && one.answer_by) this.waits.push({ dueMs: toMs(one.answer_by), element: wait });
    const steps = h("div", { class: "department-steps" }, stepsFor(one, this).map((step) => h("button", { type: "button", class: "link", "data-step": step, text: t(`unit_step.${step}`), onclick: () => this.step(one, step, steps) })));
    return h("li", { class: `department is-${one.open ? "open" : "ended"}`, "data-assignment": one.id },
      h("div", { class: "department-line" }, h("button", { type: "button", class: "link department-unit", text: this.names.unit(one.unit_id), onclick: () => this.onUnit(one.unit_id) }), h("span", { class: "standing-word", text: t(`assignment.${one.state}`) }),
        one.attempt > 1 && h("span", { class: "dim", text: t("assignment.attempt", { n: one.attempt }) }), h("time", { class: "dim num", text: instant(toMs(lastAt(one)), this.now()) }), wait),
      one.reason && h("p", { class: "feedback", text: one.reason === "case_over" ? t("assignment.case_over") : one.reason }), steps);
  }

  step(one, step, place) {
    if (!NEEDS_REASON.has(step)) return this.send(one, step, "");
    const reason = h("input", { type: "text", maxlength: 200, "aria-label": t("argument.reason"), placeholder: t("unit_step.reason", { step: t(`unit_step.${step}`) }) });
    const form = h("form", { class: "reason-line", onsubmit: (event) => { event.preventDefault(); if (reason.value.trim()) this.send(one, step, reason.value.trim()); } },
      reason, h("button", { type: "submit", class: "action", text: t(`unit_step.${step}`) }));
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.asking = null;
      this.load(this.id);
    });
    // What is being written is not drawn over by what a unit says meanwhile.
    this.asking = one.id;
    place.replaceChildren(form);
    return reason.focus();
  }

  async send(one, step, reason) {
    try {
      await postJson(`/api/v1/assignments/${one.id}/${step}`, reason ? { reason } : {}, newKey());
      this.asking = null;
      this.onDone();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      setText(this.notice, failure.passing ? t("action.kept") : failure.message || t("error.unknown"));
      this.notice.hidden = false;
    }
  }

  /** How long each unit has to answer. */
  tick() {
    const now = this.now();
    for (const { dueMs, element } of this.waits) setText(element, countdown(dueMs - now));
  }
}
