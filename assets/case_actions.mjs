// The actions of a case: buttons for what the API allows now, each with its small form; what was typed outlives a conflict.

import { ActionDrafts } from "./action_drafts.mjs";
import { DIRECT, GRAVE, SHOWN_ACTIONS, argumentsOf, fieldsOf, hintOf, ordered } from "./action_table.mjs";
import { Problem, newKey, postJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { clockTime, toMs } from "./format.mjs";
import { kindWord } from "./case_steps.mjs";
import { evidence } from "./evidence.mjs";
import * as pickers from "./pickers.mjs";
import { roadTimes } from "./reach.mjs";
import { coded, t } from "./words.mjs";

/** Who was faster, when, and what they did. */
export function conflictValues(body) {
  const done = (body.changes ?? []).map((change) => coded("event", kindWord(typeof change === "string" ? change : (change.kind ?? "")))).filter(Boolean);
  const at = Number.isFinite(toMs(body.changed_at)) ? clockTime(toMs(body.changed_at)) : t("format.none");
  return { who: body.changed_by ?? t("format.none"), at, what: done.join(t("format.comma")) || t("action.changed") };
}

/** What somebody else did meanwhile, as a sentence: 王芳 已于 14:03:21 派遣 */
export const conflictSentence = (body) => t("action.conflict", conflictValues(body));

/** What a timeline tells of the time since a version, in the words of a conflict. */
export function changesSince(timeline, version) {
  const changes = timeline.filter((entry) => entry.version > version);
  const last = changes.at(-1);
  return { changed_by: last?.actor?.name, changed_at: last?.at, changes };
}

/** Buttons and the open form of one case. */
export class CaseActions {
  constructor({ names, live, schemas, codes, limits, onDone, viewerName, viewerDepartment, drafts = new ActionDrafts({ who: viewerName }) }) {
    Object.assign(this, { names, live, schemas, codes, limits, onDone, viewerName, viewerDepartment, drafts });
    this.buttons = h("div", { class: "actions" });
    this.place = h("div", { class: "action-place" });
    this.element = h("div", { class: "case-actions" }, this.place, this.buttons);
  }

  label(name) {
    return this.schemas[name]?.label ?? name;
  }

  /** Show what may be done with this case now; an open form stays, and says so where its action can be done no more. */
  show(row, actions, timeline) {
    const other = this.row?.id !== row.id;
    this.row = row;
    this.allowed = ordered(actions);
    if (other) this.closeForm();
    if (this.open && !this.open.busy) this.hold(actions.includes(this.open.name), timeline);
    const buttons = this.allowed.map((name, i) => this.button(name, i));
    const rest = buttons.slice(SHOWN_ACTIONS);
    // What somebody has just opened is not shut because the case moved on.
    const open = !other && Boolean(this.buttons.querySelector("details[open]"));
    this.buttons.replaceChildren(...buttons.slice(0, SHOWN_ACTIONS));
    if (rest.length) this.buttons.append(h("details", { class: "more up", open }, h("summary", { text: t("action.more", { n: rest.length }) }), h("div", { class: "more-list" }, rest)));
    if (!buttons.length) this.buttons.append(h("p", { class: "dim", text: t("action.none") }));
    this.reopen();
  }

  // What somebody typed is theirs: when another was faster it is kept to be read and copied, not to be sent.
  hold(allowed, timeline) {
    const open = this.open;
    const since = changesSince(timeline, open.version);
    // Our own try went through, its answer was lost.
    if (!allowed && open.sent && since.changed_by === this.viewerName) return this.cancel();
    open.over = !allowed;
    open.send.disabled = open.over;
    if (allowed) return;
    open.notice.textContent = `${conflictSentence(since)} ${t("action.over")}`;
    open.notice.hidden = false;
  }

  button(name, index) {
    const kind = index === 0 ? "main" : GRAVE.has(name) ? "grave" : "";
    return h("button", { type: "button", class: `action ${kind}`, "data-action": name, onclick: () => this.openForm(name) },
      h("span", { text: this.label(name) }), index < 9 && h("kbd", { text: String(index + 1) }));
  }

  /** The actions as the command bar offers them. */
  offered() {
    return (this.allowed ?? []).map((name, i) => ({ name, label: this.label(name), key: i < 9 ? String(i + 1) : "", act: () => this.openForm(name) }));
  }

  /** The key 1 to 9 was pressed. */
  press(number) {
    const name = this.allowed?.[number - 1];
    if (name) this.openForm(name);
    return Boolean(name);
  }

  /** Forget the case: nothing may be done with one whose actions are not known yet. */
  clear() {
    this.closeForm();
    this.row = null;
    this.allowed = [];
    this.buttons.replaceChildren();
  }

  /** Which form stands open, as its draft is kept; null for none. */
  get formOpen() {
    return this.open && this.row ? { id: this.row.id, action: this.open.name } : null;
  }

  /** Take up the form that stood open when the page went: its case comes from `takeLeft`, the form with the case's actions. */
  takeLeft() {
    this.left = this.drafts.takeLeft();
    return this.left?.id ?? null;
  }

  reopen() {
    if (this.left?.id !== this.row.id) return;
    const { action } = this.left;
    this.left = null;
    if (this.allowed.includes(action)) this.openForm(action);
  }

  keepDraft() {
    if (this.formOpen) this.drafts.keep(this.formOpen, Object.fromEntries(this.open.fields.map((field) => [field.name, field.value()])));
  }

  /** Cancelled: what was typed is wanted no more. */
  cancel() {
    if (this.formOpen) this.drafts.drop(this.formOpen);
    this.closeForm();
  }

  closeForm() {
    this.open = null;
    this.place.replaceChildren();
    for (const more of this.buttons.querySelectorAll("details[open]")) more.open = false;
  }

  /** Open an action's form; `preset` is what the place it was opened from knows already. */
  openForm(name, preset = {}) {
    this.closeForm();
    if (DIRECT.has(name)) return this.direct(name);
    this.preset = preset;
    const fields = fieldsOf(name, this.schemas[name], this.codes).map((field) => ({ ...field, ...this.widget(field), note: h("p", { class: "field-error", hidden: true }) }));
    const notice = h("p", { class: "notice", role: "alert", hidden: true });
    const send = h("button", { type: "submit", class: `action ${GRAVE.has(name) ? "grave" : "main"}` }, h("span", { text: t(GRAVE.has(name) ? "action.confirm" : "action.send", { action: this.label(name) }) }), h("kbd", { text: "↵" }));
    const form = h("form", { class: "action-form", onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      h("h3", { text: this.label(name) }), GRAVE.has(name) && h("p", { class: "warn", text: t("action.grave", { number: this.row.number }) }), this.hint(name), notice,
      fields.map((field) => h("label", { class: "field" }, h("span", { text: t(`argument.${field.name}`) + (field.required ? " *" : "") }), field.element, field.note)),
      h("div", { class: "form-foot" }, send, h("button", { type: "button", class: "action", text: t("form.cancel"), onclick: () => this.cancel() })));
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => this.keepDraft());
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); this.closeForm(); }
      // A select swallows Enter, and between lines Enter is a line: there Ctrl goes with it.
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.target.tagName === "SELECT")) {
        event.preventDefault();
        this.submit();
      }
    });
    this.open = { name, fields, notice, send, form, key: newKey(), version: this.row.version, busy: false };
    this.fillDraft(preset);
    this.place.replaceChildren(form);
    (fields.length ? fields[0] : { focus: () => send.focus() }).focus();
    form.scrollIntoView({ block: "nearest" });
    return undefined;
  }

  /** What was typed here before and not sent is there again, but for what the place it was opened from knows better. */
  fillDraft(preset) {
    const draft = this.drafts.of(this.formOpen) ?? {};
    for (const field of this.open.fields) if (field.name in draft && !(field.name in preset)) field.set(draft[field.name]);
  }

  // What a rule allows stands beside the form, so that nobody learns it from a refusal.
  hint(name) {
    const values = hintOf(name, this.row, this.limits);
    const radio = "department" in (this.schemas[name]?.arguments ?? {}) && !this.viewerDepartment && name !== "release_assist";
    return [values && h("p", { class: "hint", text: t(`hint.${name}`, values) }), radio && h("p", { class: "hint", text: t("hint.by_radio") })];
  }

  /** An action that asks for nothing is done by its press. */
  direct(name) {
    this.open = { name, fields: [], notice: h("p", { class: "notice", role: "alert", hidden: true }), send: h("button"), form: h("form", { class: "action-form" }), key: newKey(), version: this.row.version, busy: false };
    this.open.form.append(this.open.notice);
    return this.submit();
  }

  widget({ name, widget, choices, required }) {
    const { row, names } = this;
    const make = {
      choice: () => pickers.choice(choices.map((c) => ({ value: c.value, label: c.label ?? coded(name, c.value) })), { value: this.first(name, choices), none: required ? undefined : t("form.none") }),
      department: () => pickers.department(names, { value: this.suggested(name), ...(name === "department" ? actingFor(row, this.viewerDepartment) : { none: t("form.by_rule") }) }),
      departments: () => pickers.departments(names, { without: this.suggested("lead") }),
      units: () => pickers.unitPicker(this.live.state.units.values(), [row.lon, row.lat], this.live.now(), roadTimes(row.id)),
      category: () => pickers.category(names, { value: row.category }),
      condition: () => this.conditions(),
      case: () => pickers.casePicker(this.live.state.rows.values(), row, names),
      instant: pickers.instantField,
      evidence: () => evidence(row, names),
      lines: pickers.lines,
      line: pickers.line,
    };
    return make[widget]();
  }

  first(name, choices) {
    if (["lane", "priority", "level"].includes(name) && this.row[name]) return this.row[name];
    return choices[0]?.value ?? "";
  }

  suggested(name) {
    if (this.preset[name]) return this.preset[name];
    if (name === "department") return this.viewerDepartment ?? "";
    return this.row.lead ?? leadOf(this.names, this.row.category);
  }

  conditions() {
    const list = this.names.conditionsOf(this.row.category);
    return list.length ? pickers.choice(list, { value: list[0].value, none: undefined }) : pickers.line();
  }

  async submit() {
    const { open, row } = this;
    if (!open || open.busy || open.over) return;
    this.busy(open, true);
    const body = { name: open.name, version: open.version, arguments: argumentsOf(Object.fromEntries(open.fields.map((field) => [field.name, field.value()]))) };
    const sent = JSON.stringify(body);
    // The same key must never stand for two different wishes.
    if (open.sent && open.sent !== sent) open.key = newKey();
    open.sent = sent;
    try {
      const answer = await postJson(`/api/v1/cases/${row.id}/commands`, body, open.key);
      this.drafts.drop({ id: row.id, action: open.name });
      if (this.open === open) this.closeForm();
      this.onDone(answer, this.label(open.name));
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.tell(open, failure);
    } finally {
      this.busy(open, false);
    }
  }

  busy(open, busy) {
    open.busy = busy;
    open.send.disabled = busy;
    open.form.classList.toggle("is-busy", busy);
  }

  tell(open, problem) {
    if (DIRECT.has(open.name)) this.place.replaceChildren(open.form);
    const stale = problem.status === 409 && problem.body.current_version !== undefined;
    if (stale) open.version = problem.body.current_version;
    open.notice.textContent = stale ? conflictSentence(problem.body) : problem.passing ? t("action.kept") : problem.message || t("error.unknown");
    const fields = problem.fields;
    open.notice.hidden = open.fields.some(({ name }) => name in fields); // said at the field, it is not said twice
    for (const field of open.fields) {
      field.note.hidden = !(field.name in fields);
      field.note.textContent = fields[field.name] ?? "";
    }
    if (stale) this.onDone(null);
  }
}

/** Whose part a step may be done for: one's own department's, at the centre each of those the case is with. */
export const actingFor = (row, own) => (own ? { among: [own], none: undefined } : { among: (row.tasks ?? []).map(({ department }) => department), none: t("form.by_rule") });

const leadOf = (names, category) => names.categoryRow(category)?.lead_dept ?? "";
