// Coordination (联勤联动): each department's part with its own standing, clock and feedback, and what may be done for it.

import { h, setAttr, setText } from "./dom.mjs";
import { countdown, instant, toMs } from "./format.mjs";
import { clockFrom, clockStanding, partStanding, returnedBy } from "./case_steps.mjs";
import { coded, t } from "./words.mjs";

// What may follow where a part stands; what the API allows now is asked of its own list besides.
const STEPS = {
  offered: ["accept", "return", "release_assist"],
  accepted: ["arrive", "clear_assist", "release_assist"],
  on_scene: ["control", "resolve", "clear_assist", "release_assist"],
};
const ONLY_LEAD = new Set(["control", "resolve"]);
const ONLY_ASSIST = new Set(["clear_assist", "release_assist"]);

/** The steps to offer for a part, of those allowed for the case; a department's people act for their own part alone. */
export function stepsOf(part, standing, allowed, own) {
  if (own && own !== part.department) return [];
  return (STEPS[standing] ?? []).filter((name) => allowed.includes(name) && !(part.lead ? ONLY_ASSIST : ONLY_LEAD).has(name));
}

/** When a part reached where it stands. */
export const reachedAt = (part) => part.released_at ?? part.cleared_at ?? part.arrived_at ?? part.accepted_at ?? part.offered_at;

/** The list of parts, whose clocks move on. */
export class Coordination {
  constructor({ names, now, act, department }) {
    Object.assign(this, { names, now, act, own: department });
    this.clocks = [];
  }

  /** Draw the parts of a case as its detail tells them. */
  draw({ parts, timeline, actions }) {
    this.clocks = [];
    const returned = returnedBy(timeline);
    return h("ul", { class: "departments" }, parts.map((part) => this.line(part, partStanding(part, returned), actions)));
  }

  line(part, standing, actions) {
    const steps = stepsOf(part, standing, actions, this.own);
    const clock = h("span", { class: "left num" }, h("b"));
    if (part.due_at) this.clocks.push({ clock: clockFrom(part), element: clock });
    return h("li", { class: `department is-${standing}`, "data-department": part.department },
      h("div", { class: "department-line" }, h("span", { class: `flag ${part.lead ? "is-lead" : ""}`, text: t(part.lead ? "datum.lead" : "datum.assists") }), h("b", { text: this.names.department(part.department) }),
        h("span", { class: "standing-word", text: t(`part.${standing}`) }), h("time", { class: "dim num", text: instant(toMs(reachedAt(part)), this.now()) }), clock),
      part.note && h("p", { class: "feedback", text: part.note }),
      steps.length > 0 && h("div", { class: "department-steps" }, steps.map((name) => h("button", { type: "button", class: "link", "data-step": name, text: t(`part_step.${name}`), onclick: () => this.act(name, { department: part.department }) }))));
  }

  /** The clocks move on. */
  tick() {
    const now = this.now();
    for (const { clock, element } of this.clocks) {
      const { leftMs, level } = clockStanding(clock, now);
      setText(element.firstChild, countdown(leftMs));
      setAttr(element, "class", `left num is-${level}`);
    }
  }
}

/** What waits to be granted: what, until when, why, who asked, and whose turn it is. */
export function approvalCard({ approval, timeline, actions }, names, now, act) {
  const asked = timeline.findLast(({ kind }) => kind.startsWith("incidents.approval_requested."));
  const given = timeline.filter(({ kind, seq }) => kind.startsWith("incidents.approval_given.") && seq > (asked?.seq ?? 0));
  const steps = asked?.data.steps ?? [approval.role];
  const mark = (i) => (i < given.length ? "done" : i === given.length ? "here" : "ahead");
  return h("section", { class: "approval", "aria-label": t("case.approval") },
    h("h3", { text: t("case.approval") }),
    h("p", {}, h("b", { text: t("case.approval_asked", { who: asked?.actor?.name ?? "", what: t(`approval.${approval.what}`), until: instant(toMs(approval.until), now) }) })),
    h("p", { class: "feedback", text: approval.reason }),
    h("ol", { class: "voices" }, steps.map((role, i) => h("li", { class: `is-${mark(i)}` }, h("span", { text: coded("role", role) }), h("span", { class: "dim", text: t(`voice.${mark(i)}`, { who: given[i]?.actor?.name ?? "" }) })))),
    h("div", { class: "department-steps" }, ["approve", "refuse", "withdraw"].filter((name) => actions.includes(name)).map((name) =>
      h("button", { type: "button", class: `action ${name === "approve" ? "main" : ""}`, "data-step": name, text: t(`part_step.${name}`), onclick: () => act(name) }))));
}
