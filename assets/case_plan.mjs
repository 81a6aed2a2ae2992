// The plan (预案) of the open case: which one holds at which level, its checklist ticked line by line, who is called and what is closed off.

import { Problem, getJson, newKey, postJson } from "./api.mjs";
import { part } from "./case_parts.mjs";
import { h, setText } from "./dom.mjs";
import { countdown, distance, instant, toMs } from "./format.mjs";
import { choice, line } from "./pickers.mjs";
import { coded, language, t } from "./words.mjs";

const RISING = ["IV", "III", "II", "I"];
const CORDON_H = 4;
const own = (row, name) => (language() === "en" && row[`${name}_en`]) || row[`${name}_zh`] || "";
const words = (task) => (language() === "en" && task.en) || task.zh;

/** How many lines are done, of how many. */
export const doneOf = (tasks) => ({ done: tasks.filter((task) => task.done_at).length, all: tasks.length });

/** Whom a plan tells, in words: role:leader, department:health, level:city. */
export function toldText(name, names) {
  const [what, id] = name.split(":");
  if (what === "department") return names.department(id);
  return what === "role" ? coded("role", id) : t(`plan.upward.${id}`);
}

/** The levels above and below the one that holds. */
export function stepsFrom(level, levels) {
  const at = RISING.indexOf(level);
  return { up: levels.includes(RISING[at + 1]) ? RISING[at + 1] : null, down: at > 0 ? RISING[at - 1] : null };
}

/** The part of the panel about the plan. */
export class CasePlan {
  constructor({ names, now, permissions, area, onDone }) {
    Object.assign(this, { names, now, permissions, area, onDone });
    this.element = h("div", { class: "case-plan" });
    this.clear();
  }

  clear() {
    Object.assign(this, { id: null, told: null, asking: null, waits: [] });
    this.element.replaceChildren();
    this.area?.show(null);
  }

  async load({ case: row }) {
    if (row.id !== this.id) this.clear();
    this.row = row;
    this.id = row.id;
    try {
      const told = await getJson(`/api/v1/cases/${encodeURIComponent(row.id)}/response`);
      if (this.id === row.id && !this.asking) this.show(told);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (this.id === row.id) this.put(h("p", { class: "notice", role: "alert", text: failure.passing ? t("error.unanswered") : failure.message || t("error.unknown") }));
    }
  }

  put(...children) {
    this.element.replaceChildren(part(t("plan.title"), ...children));
  }

  show(told) {
    this.told = told;
    this.waits = [];
    this.notice = h("p", { class: "notice", role: "alert", hidden: true });
    const held = told.active;
    this.area?.show(held?.area_m ? { lon: this.row.lon, lat: this.row.lat, radius: held.area_m } : null);
    if (held) this.put(this.notice, this.head(held), this.facts(held), this.checklist(held.tasks), this.sent(told.sent));
    else if (told.may.activate && told.plans.length) this.put(this.notice, this.offer(told), this.sent(told.sent));
    else this.element.replaceChildren(told.sent.length ? part(t("plan.title"), this.sent(told.sent)) : "");
    this.tick();
  }

  offer({ suggested, plans }) {
    const plan = plans.find(({ id }) => id === suggested);
    return h("div", { class: "plan-offer" }, h("p", { class: plan ? "" : "dim", text: plan ? t("plan.suggested", { name: own(plan, "name") }) : t("plan.none_fits") }),
      h("button", { type: "button", class: `action ${plan ? "main" : ""}`, "data-step": "activate", text: t("plan.activate"), onclick: () => this.askActivate(suggested) }));
  }

  askActivate(suggested) {
    const plan = choice(this.told.plans.map((one) => ({ value: one.id, label: own(one, "name") })), { value: suggested ?? this.told.plans[0].id });
    const level = choice(RISING.map((value) => ({ value, label: coded("level", value) })), { value: this.row.level ?? "IV" });
    return this.form(t("plan.activate"), [[t("plan.plan"), plan], [t("plan.level"), level]], (reason) => ({ step: "activate", plan: plan.value(), level: level.value(), reason }));
  }

  /** A small form in the card's place; what is being written is not drawn over. */
  form(title, fields, bodyOf) {
    const reason = line({ maxlength: 200 });
    const send = h("button", { type: "submit", class: "action main" }, h("span", { text: title }), h("kbd", { text: "↵" }));
    const close = () => { this.asking = null; this.load({ case: this.row }); };
    const form = h("form", { class: "action-form", onsubmit: (event) => { event.preventDefault(); this.post(bodyOf(reason.value()), send); } },
      h("h3", { text: title }), this.notice, [...fields, [t("argument.reason"), reason]].map(([label, widget]) => h("label", { class: "field" }, h("span", { text: label }), widget.element)),
      h("div", { class: "form-foot" }, send, h("button", { type: "button", class: "action", text: t("form.cancel"), onclick: close })));
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } });
    this.asking = form;
    this.notice.hidden = true;
    this.put(form);
    (fields[0]?.[1] ?? reason).focus();
  }

  head(held) {
    const { up, down } = stepsFrom(held.level, held.levels);
    const change = (level, word) => level && h("button", { type: "button", class: "link", "data-level": level, text: t(word, { level: coded("level", level) }), onclick: () => this.form(t(word, { level: coded("level", level) }), [], (reason) => ({ step: "level", level, reason })) });
    return h("div", { class: "plan-head" }, h("div", { class: "plan-line" }, h("b", { text: own(held, "name") }), h("span", { class: `flag level-${held.level}`, text: coded("level", held.level) }), held.exercise && h("span", { class: "flag is-exercise", text: t("case.exercise") })),
      h("p", { class: "dim num", text: t("plan.since", { at: instant(toMs(held.since), this.now()), by: held.by, version: held.version }) }),
      this.told.may.activate && h("div", { class: "department-steps" }, change(up, "plan.raise"), change(down, "plan.lower"), h("button", { type: "button", class: "link", "data-step": "stand_down", text: t("plan.stand_down"), onclick: () => this.form(t("plan.stand_down"), [], (reason) => ({ step: "stand_down", reason })) })));
  }

  facts(held) {
    const missing = held.not_called;
    return h("dl", { class: "facts plan-facts" },
      held.area_m > 0 && [h("dt", { text: t("plan.area") }), h("dd", {}, h("span", { class: "num", text: t("plan.radius", { away: distance(held.area_m) }) }), this.permissions.includes("roads.close") && h("button", { type: "button", class: "link", "data-step": "cordon", text: t("plan.cordon"), onclick: (event) => this.cordon(held, event.target) }))],
      [h("dt", { text: t("plan.departments") }), h("dd", {}, h("span", { text: held.departments.map((id) => `${this.names.department(id)}${missing.includes(id) ? "" : " ✓"}`).join(t("format.comma")) }), missing.length > 0 && this.told.may.call && h("button", { type: "button", class: "link", "data-step": "call", text: t("plan.call", { n: missing.length }), onclick: (event) => this.call(missing, event.target) }))],
      held.notify.length > 0 && [h("dt", { text: t("plan.notify") }), h("dd", { text: held.notify.map((name) => toldText(name, this.names)).join(t("format.comma")) })]);
  }

  checklist(tasks) {
    const { done, all } = doneOf(tasks);
    return h("section", { class: "plan-tasks" }, h("h4", { class: "num", text: t("plan.checklist", { done, all }) }), h("ol", {}, tasks.map((task) => this.task(task))));
  }

  task(task) {
    const box = h("input", { type: "checkbox", "data-task": task.id, "aria-label": words(task), onchange: () => this.ticked(task, box) });
    box.checked = Boolean(task.done_at);
    box.disabled = !this.told.may.tick;
    const left = h("span", { class: "left num" });
    if (task.due_at && !task.done_at) this.waits.push({ dueMs: toMs(task.due_at), element: left });
    const who = task.done_at ? t("plan.done", { at: instant(toMs(task.done_at), this.now()), by: task.done_by }) : task.department ? this.names.department(task.department) : "";
    return h("li", { class: `${task.done_at ? "is-done" : ""}${task.late ? " is-late" : ""}` }, h("label", {}, box, h("span", { class: "plan-task" }, h("span", { text: words(task) }), h("span", { class: "dim num", text: [task.late && task.done_at && t("plan.late"), who].filter(Boolean).join(" · ") })), left));
  }

  sent(list) {
    if (!list.length) return "";
    const names = (ids) => ids.map(this.names.unit).join(t("format.comma"));
    return h("details", { class: "plan-sent" }, h("summary", { class: "dim", text: t("plan.sent", { n: list.length }) }), h("ul", {}, list.map((one) => h("li", {}, h("span", { class: "num dim", text: `${instant(toMs(one.at), this.now())} ${one.by}` }), h("span", { text: names(one.sent) }),
      (one.struck.length > 0 || one.added.length > 0) && h("span", { class: "is-against", text: [one.struck.length && t("plan.struck", { units: names(one.struck) }), one.added.length && t("plan.added", { units: names(one.added) }), coded("override", one.reason), one.note].filter(Boolean).join(" · ") })))));
  }

  ticked(task, box) {
    box.disabled = true;
    return this.post({ step: "tick", task: task.id, done: box.checked }, box);
  }

  async post(body, button) {
    button.disabled = true;
    try {
      const told = await postJson(`/api/v1/cases/${encodeURIComponent(this.id)}/response`, body, newKey());
      this.asking = null;
      this.show(told);
      if (body.step !== "tick") this.onDone();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      button.disabled = false;
      if (button.type === "checkbox") button.checked = !button.checked;
      this.complain(failure);
    }
  }

  complain(failure) {
    setText(this.notice, failure.passing ? t("action.kept") : failure.message || t("error.unknown"));
    this.notice.hidden = false;
  }

  /** Call in the departments of the level that have no part yet: the ordinary dispatch does it. */
  async call(assists, button) {
    button.disabled = true;
    try {
      await postJson(`/api/v1/cases/${encodeURIComponent(this.id)}/commands`, { name: "dispatch", version: this.row.version, arguments: { assists } }, newKey());
      this.onDone();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      button.disabled = false;
      this.complain(failure);
    }
  }

  /** Close the roads within the level's radius; travel times and everybody's map follow at once. */
  async cordon(held, button) {
    button.disabled = true;
    const until = new Date(this.now() + CORDON_H * 3_600_000).toISOString();
    const ground = { type: "Circle", center: [this.row.lon, this.row.lat], radius_m: held.area_m };
    try {
      await postJson("/api/v1/closures", { ground, until_at: until, cause: "accident", note: `${own(held, "name")} ${this.row.number}` }, newKey());
      button.remove();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      button.disabled = false;
      this.complain(failure);
    }
  }

  /** What is due and not done runs on. */
  tick() {
    const now = this.now();
    for (const { dueMs, element } of this.waits) {
      setText(element, countdown(dueMs - now));
      element.classList.toggle("is-late", now >= dueMs);
    }
  }
}

/** The circle to be closed off, on the map. */
export class PlanArea {
  constructor(view) {
    Object.assign(this, { L: window.L, map: view.map });
    view.pane("plan", 425);
    this.renderer = this.L.svg({ pane: "plan" });
  }

  show(circle) {
    this.layer?.remove();
    this.layer = circle && this.L.circle([circle.lat, circle.lon], { radius: circle.radius, renderer: this.renderer, className: "plan-area", interactive: false }).addTo(this.map);
  }
}
