// The editor of plans on the administrators' page: every level with its needs and checklist, kept as the next version; mistakes are named.

import { Problem, getJson, newKey, postJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { instant, toMs } from "./format.mjs";
import { toldText } from "./case_plan.mjs";
import { Names } from "./names.mjs";
import { noticePlace } from "./notices.mjs";
import * as pickers from "./pickers.mjs";
import { coded, language, t } from "./words.mjs";

const LEVELS = ["IV", "III", "II", "I"];
const ROLES = ["supervisor", "leader", "dispatcher", "engineer"];
const EMPTY_LEVEL = { area_m: 0, departments: [], notify: [], needs: [], checklist: [] };
const own = (row, name) => (language() === "en" && row[`${name}_en`]) || row[`${name}_zh`] || "";

/** What is sent for a draft: only what a plan is made of. */
export function planBody(draft, note, dryRun = false) {
  const { id, name_zh, name_en, categories, version, levels } = draft;
  const kept = Object.fromEntries(LEVELS.filter((level) => levels[level]).map((level) => {
    const { area_m, departments, notify, needs, checklist } = levels[level];
    return [level, { area_m, departments, notify,
      needs: needs.map(({ kind, skill, count, role_zh, role_en }) => ({ kind, skill, count, role_zh, role_en })),
      checklist: checklist.map(({ zh, en, department, within_min }) => ({ zh, en, department, within_min })) }];
  }));
  return { plan: { id, name_zh, name_en, categories, levels: kept }, version, note, dry_run: dryRun };
}

/** A draft with one level more or less at its upper end; Ⅳ always stays. */
export function withLevels(levels, count) {
  return Object.fromEntries(LEVELS.slice(0, Math.max(1, count)).map((level) => [level, levels[level] ?? structuredClone(EMPTY_LEVEL)]));
}

const number = (value, min, max) => h("input", { type: "number", min, max, step: 1, value: value ?? "", class: "num" });
const whole = (element) => (element.value === "" ? null : Number(element.value));

/** The plans' tab of the administrators' page. */
export class PlansTab {
  constructor(root, boot) {
    root.classList.add("plans-tab");
    this.names = new Names();
    this.editor = new PlanEditor(root, { names: this.names, facts: boot.plans, may: boot.viewer.permissions.includes("plan.edit"), tell: noticePlace() });
  }

  async load() {
    if (this.loaded) return;
    this.loaded = true;
    await this.names.load();
    await this.editor.load();
  }
}

/** The list of plans and the form of one. */
export class PlanEditor {
  constructor(root, { names, facts, may, tell }) {
    Object.assign(this, { names, facts, may, tell, plans: [] });
    this.list = h("ul", { class: "plan-list" });
    this.place = h("div", { class: "plan-form" });
    root.append(h("aside", { class: "plan-side" }, h("h2", { text: t("plan_editor.title") }), this.list, may && h("button", { type: "button", class: "action", "data-new": "", text: t("plan_editor.new"), onclick: () => this.edit(null) })), this.place);
  }

  async load(chosen = null) {
    try {
      this.plans = (await getJson("/api/v1/plans")).items;
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      return this.place.replaceChildren(h("p", { class: "notice", role: "alert", text: failure.passing ? t("error.unanswered") : failure.message || t("error.unknown") }), h("button", { type: "button", class: "action", text: t("error.again"), onclick: () => this.load() }));
    }
    this.list.replaceChildren(...this.plans.map((plan) => h("li", {}, h("button", { type: "button", class: "plan-choice", "data-plan": plan.id, onclick: () => this.edit(plan) }, h("b", { text: own(plan, "name") }), h("span", { class: "dim num", text: t("plan_editor.version", { n: plan.version, levels: Object.keys(plan.levels).length }) })))));
    const again = this.plans.find(({ id }) => id === chosen) ?? this.plans[0];
    return again ? this.edit(again) : this.place.replaceChildren(h("p", { class: "dim", text: t("plan_editor.none") }));
  }

  edit(plan) {
    this.draft = plan ? structuredClone(plan) : { id: "", version: 0, name_zh: "", name_en: "", categories: [], levels: { IV: structuredClone(EMPTY_LEVEL) } };
    for (const choice of this.list.querySelectorAll("[data-plan]")) choice.setAttribute("aria-current", String(choice.dataset.plan === this.draft.id));
    this.draw();
    if (plan) this.history(plan.id);
  }

  draw() {
    const { draft } = this;
    this.notice = h("p", { class: "notice", role: "alert", hidden: true });
    this.note = h("input", { type: "text", maxlength: 200, placeholder: t("plan_editor.note") , "aria-label": t("plan_editor.note") });
    this.past = h("details", { class: "plan-history" }, h("summary", { text: t("plan_editor.history") }));
    this.place.replaceChildren(h("form", { onsubmit: (event) => { event.preventDefault(); this.save(false); } },
      h("div", { class: "plan-names" }, this.text(draft, "id", "id", { disabled: draft.version > 0, maxlength: 40 }), this.text(draft, "name_zh", "name_zh"), this.text(draft, "name_en", "name_en")),
      h("div", { class: "field", "data-field": "categories" }, h("span", { text: t("plan_editor.categories") }), this.categories()),
      LEVELS.filter((level) => draft.levels[level]).map((level) => this.level(level, draft.levels[level])), this.levelsFoot(),
      this.may ? h("div", { class: "plan-keep" }, this.notice, this.note, h("button", { type: "button", class: "action", "data-check": "", text: t("plan_editor.check"), onclick: () => this.save(true) }), h("button", { type: "submit", class: "action main", text: t("plan_editor.keep", { n: draft.version + 1 }) })) : h("p", { class: "dim", text: t("plan_editor.read_only") }), this.past));
  }

  text(row, name, field, more = {}) {
    const input = h("input", { type: "text", maxlength: 120, value: row[name] ?? "", oninput: () => { row[name] = input.value; }, "aria-label": t(`plan_editor.${name}`), ...more });
    return h("label", { class: "field", "data-field": field }, h("span", { text: t(`plan_editor.${name}`) }), input);
  }

  chips(values, label, remove) {
    return values.map((value) => h("button", { type: "button", class: "filter", "aria-pressed": "true", title: t("plan_editor.remove"), onclick: () => remove(value), text: label(value) }));
  }

  /** Chips with a choice that adds one more. */
  many(values, offered, label) {
    const box = h("div", { class: "chips" });
    const draw = () => {
      const rest = offered.filter((value) => !values.includes(value));
      const add = pickers.choice(rest.map((value) => ({ value, label: label(value) })), { none: t("plan_editor.add") });
      add.element.setAttribute("aria-label", t("plan_editor.add"));
      add.element.addEventListener("change", () => { values.push(add.value()); draw(); });
      box.replaceChildren(...this.chips(values, label, (value) => { values.splice(values.indexOf(value), 1); draw(); }), add.element);
    };
    draw();
    return box;
  }

  categories() {
    const { categories } = this.draft;
    const box = h("div", { class: "chips" });
    const draw = () => {
      const find = pickers.category(this.names, { onChange: (row) => { if (row && !categories.includes(row.full_code ?? row.code)) { categories.push(row.full_code ?? row.code); draw(); } } });
      box.replaceChildren(...this.chips(categories, this.names.category, (code) => { categories.splice(categories.indexOf(code), 1); draw(); }), find.element);
    };
    draw();
    return box;
  }

  level(level, row) {
    const at = `levels.${level}`;
    const area = number(row.area_m, 0, 20000);
    area.addEventListener("input", () => { row.area_m = whole(area) ?? 0; });
    const notified = [...ROLES.map((id) => `role:${id}`), ...[...this.names.departments.keys()].map((id) => `department:${id}`), "level:city", "level:province"];
    return h("details", { class: "plan-level", open: level === "IV" }, h("summary", {}, h("span", { class: `flag level-${level}`, text: coded("level", level) }), h("span", { class: "dim", text: t("plan_editor.adds", { needs: row.needs.length, tasks: row.checklist.length }) })),
      h("label", { class: "field short", "data-field": `${at}.area_m` }, h("span", { text: t("plan_editor.area_m") }), area),
      h("div", { class: "field", "data-field": `${at}.departments` }, h("span", { text: t("plan.departments") }), this.many(row.departments, [...this.names.departments.keys()], this.names.department)),
      h("div", { class: "field", "data-field": `${at}.notify` }, h("span", { text: t("plan.notify") }), this.many(row.notify, notified, (name) => toldText(name, this.names))),
      this.table(row.needs, `${at}.needs`, t("plan_editor.needs"), (need, n) => this.need(need, n, at), { kind: "team", skill: "", count: 1, role_zh: "", role_en: "" }),
      this.table(row.checklist, `${at}.checklist`, t("plan_editor.checklist"), (task, n) => this.task(task, n, at), { zh: "", en: "", department: null, within_min: null }));
  }

  table(rows, at, title, line, fresh) {
    const body = h("ol", { class: "plan-rows" });
    const draw = () => body.replaceChildren(...rows.map((row, i) => h("li", { "data-field": `${at}.${i + 1}` }, line(row, i + 1), h("button", { type: "button", class: "icon-button", text: "✕", title: t("plan_editor.remove"), "aria-label": t("plan_editor.remove"), onclick: () => { rows.splice(i, 1); draw(); } }))));
    draw();
    return h("section", {}, h("h3", { text: title }), body, h("button", { type: "button", class: "link", text: t("plan_editor.add_line"), onclick: () => { rows.push({ ...fresh }); draw(); body.lastChild.querySelector("input, select").focus(); } }));
  }

  pick(row, name, options, none) {
    const choice = pickers.choice(options, { value: row[name] ?? "", none });
    choice.element.addEventListener("change", () => { row[name] = choice.value() || null; });
    choice.element.setAttribute("aria-label", t(`plan_editor.${name}`));
    return choice.element;
  }

  words(row, name) {
    const input = h("input", { type: "text", maxlength: 120, value: row[name] ?? "", placeholder: t(`plan_editor.${name}`), "aria-label": t(`plan_editor.${name}`), oninput: () => { row[name] = input.value; } });
    return input;
  }

  count(row, name, min, max) {
    const input = number(row[name], min, max);
    input.setAttribute("aria-label", t(`plan_editor.${name}`));
    input.placeholder = t(`plan_editor.${name}`);
    input.addEventListener("input", () => { row[name] = whole(input); });
    return input;
  }

  need(need) {
    return h("div", { class: "plan-need" }, this.pick(need, "kind", this.facts.kinds, t("plan_editor.any_kind")), this.pick(need, "skill", this.facts.skills, t("plan_editor.any_skill")), this.count(need, "count", 1, 50), this.words(need, "role_zh"), this.words(need, "role_en"));
  }

  task(task) {
    const departments = [...this.names.departments.keys()].map((id) => ({ value: id, label: this.names.department(id) }));
    return h("div", { class: "plan-task-row" }, this.words(task, "zh"), this.words(task, "en"), this.pick(task, "department", departments, t("plan_editor.any_department")), this.count(task, "within_min", 1, 1440));
  }

  levelsFoot() {
    const n = Object.keys(this.draft.levels).length;
    const to = (count) => () => { this.draft.levels = withLevels(this.draft.levels, count); this.draw(); };
    return this.may && h("div", { class: "department-steps" }, n < LEVELS.length && h("button", { type: "button", class: "link", text: t("plan_editor.add_level", { level: coded("level", LEVELS[n]) }), onclick: to(n + 1) }), n > 1 && h("button", { type: "button", class: "link", text: t("plan_editor.drop_level", { level: coded("level", LEVELS[n - 1]) }), onclick: to(n - 1) }));
  }

  async save(dryRun) {
    this.mark("");
    try {
      const kept = await postJson("/api/v1/plans", planBody(this.draft, this.note.value, dryRun), newKey());
      if (dryRun) return this.say(t("plan_editor.sound"), "ok");
      this.tell(t(kept.version === this.draft.version ? "plan_editor.same" : "plan_editor.kept", { name: own(kept, "name"), n: kept.version }));
      return await this.load(kept.id);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.say(failure.passing ? t("error.unanswered") : failure.message || t("error.unknown"));
      return this.mark(failure.body.field ?? "");
    }
  }

  say(text, kind = "") {
    this.notice.className = `notice ${kind === "ok" ? "is-ok" : ""}`;
    setText(this.notice, text);
    this.notice.hidden = false;
  }

  /** Show which field a refusal named: the field itself, or the line it stands in. */
  mark(field) {
    for (const marked of this.place.querySelectorAll(".is-wrong")) marked.classList.remove("is-wrong");
    const parts = field.split(".");
    for (let n = parts.length; n > 0; n -= 1) {
      const found = this.place.querySelector(`[data-field="${CSS.escape(parts.slice(0, n).join("."))}"]`);
      if (!found) continue;
      found.classList.add("is-wrong");
      const level = found.closest("details");
      if (level) level.open = true;
      found.scrollIntoView({ block: "center" });
      return;
    }
  }

  async history(id) {
    try {
      const { items } = await getJson(`/api/v1/plans/${encodeURIComponent(id)}/versions`);
      if (this.draft.id !== id) return;
      this.past.append(h("ul", {}, items.map((old) => h("li", {}, h("span", { class: "num", text: t("plan_editor.kept_at", { n: old.version, at: instant(toMs(old.kept_at), Date.now()), by: old.kept_by }) }), h("span", { class: "dim", text: old.note }),
        this.may && old.version !== this.draft.version && h("button", { type: "button", class: "link", text: t("plan_editor.restore"), onclick: () => { this.draft = { ...structuredClone(old), version: this.draft.version }; this.draw(); this.history(id); } })))));
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
    }
  }
}
