// Warnings at the desk: what is in force with its text, areas and source; entered by hand and called off by whoever may.

import { Problem, getJson, newKey, postJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { age, instant, toMs } from "./format.mjs";
import * as pickers from "./pickers.mjs";
import { language, t } from "./words.mjs";
import { COLOURS, ofPhase, phase, said, sign, statusFlag, times, title, where } from "./warnings.mjs";

const HOURS = [3, 6, 12, 24, 48, 72];
const USUAL_HOURS = "6";
const KINDS = ["actual", "exercise"];
const PAST_SHOWN = 20;
const HOUR_MS = 3_600_000;
const REASON_LONGEST = 500;

/** What is sent for a warning entered by hand. */
export function issueBody({ hazard, colour, hours, status, towns, headline, description, instruction }, now) {
  const until = new Date(now + Number(hours) * HOUR_MS).toISOString();
  return { hazard, colour, status, towns, headline, description, instruction, expires_at: until };
}

/** The sheet over the desk. */
export class WarningSheet {
  constructor({ viewer, hazards, now, rows, tell, ask = getJson, post = postJson }) {
    Object.assign(this, { hazards, now, rows, tell, ask, post });
    this.may = viewer.permissions.includes("warnings.issue");
    this.body = h("div", { class: "warning-body" });
    this.said = h("p", { class: "notice is-late", role: "alert", hidden: true });
    this.foot = h("div", { class: "form-foot" });
    this.title = h("h2", { text: t("warning.name") });
    this.dialog = h("dialog", { class: "sheet warnings", "aria-label": t("warning.name") }, this.title, this.said, this.body, this.foot);
    document.body.append(this.dialog);
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
    return this.list();
  }

  /** What is heard meanwhile is shown, but under nobody's hands: a form that is being filled stays. */
  heard() {
    if (this.dialog.open && !this.dialog.querySelector("form")) this.list();
  }

  async list() {
    this.say(null);
    this.title.textContent = t("warning.name");
    this.draw(this.past ?? []);
    this.footFor(this.may && h("button", { type: "button", class: "action main", "data-act": "enter", text: t("warning.enter"), onclick: () => this.enter() }));
    try {
      const { items } = await this.ask(`/api/v1/warnings?past=true&limit=${PAST_SHOWN}`);
      this.past = items;
      if (this.dialog.open && !this.dialog.querySelector("form")) this.draw(items);
    } catch (failure) {
      this.fail(failure);
    }
  }

  draw(past) {
    const now = this.now();
    const standing = [...this.rows()];
    const part = (name) => ofPhase(standing, now, name);
    const [force, coming] = [part("in_force"), part("coming")];
    this.body.replaceChildren(
      h("section", {}, h("h3", { text: t("warning.in_force") }), force.length ? force.map((row) => this.card(row)) : h("p", { class: "dim", text: t("warning.none") })),
      coming.length ? h("section", {}, h("h3", { text: t("warning.coming") }), coming.map((row) => this.card(row))) : "",
      h("section", {}, h("h3", { text: t("warning.past") }), past.length ? h("ul", { class: "warning-past" }, past.map((row) => this.pastLine(row))) : h("p", { class: "dim", text: t("warning.past_none") })));
  }

  card(row) {
    const now = this.now();
    const sent = toMs(row.sent_at);
    const source = t(row.source === "hand" ? "warning.by_hand" : "warning.by_cap");
    const told = [t("warning.sent", { sender: row.sender, at: instant(sent, now), age: age(now - sent) }), t("warning.received", { who: row.kept_by, at: instant(toMs(row.kept_at), now) }), source];
    const instruction = said(row, "instruction");
    return h("article", { class: `warning-card is-${row.colour}`, "data-warning": row.id },
      h("header", {}, sign(row), statusFlag(row), h("b", { text: title(row) }), h("span", { class: "grow dim", text: where(row) }), this.may && this.cancelButton(row)),
      said(row, "headline") && h("p", { class: "warning-headline", text: said(row, "headline") }),
      h("p", { class: "num", text: times(row, now) }),
      h("p", { class: "warning-text", text: said(row, "description") || t("warning.no_text") }),
      instruction && h("p", { class: "warning-text" }, h("b", { text: `${t("warning.instruction")} ` }), instruction),
      row.areas.length > 0 && h("p", { class: "dim", text: `${t("warning.areas")} ${row.areas.join(t("warning.and"))}` }),
      h("p", { class: "dim", text: told.join(" · ") }),
      h("p", { class: "dim mono", text: row.id }));
  }

  pastLine(row) {
    const now = this.now();
    const how = t(`warning_phase.${phase(row, now)}`);
    return h("li", {}, h("span", { class: "num dim", text: instant(toMs(row.sent_at), now) }), h("span", {}, sign(row), statusFlag(row), title(row)), h("span", { class: "dim", text: where(row) }), h("span", { class: "dim", text: how }));
  }

  cancelButton(row) {
    return h("button", { type: "button", class: "action", "data-act": "cancel", text: t("warning.cancel"), onclick: (event) => this.askReason(row, event.target) });
  }

  /** Calling a warning off tells everybody that the danger is over: a reason, and a second press. */
  askReason(row, button) {
    const reason = pickers.line({ maxlength: REASON_LONGEST, required: true });
    const send = h("button", { type: "submit", class: "action grave", text: t("warning.cancel_do") });
    const key = newKey();
    const form = h("form", { class: "warning-cancel", onsubmit: (event) => { event.preventDefault(); this.cancel(row, reason.value(), send, key); } },
      h("label", { class: "field" }, h("span", { text: t("warning.cancel_reason") }), reason.element), send,
      h("button", { type: "button", class: "action", text: t("form.cancel"), onclick: () => this.list() }));
    button.closest("article").append(form);
    button.hidden = true;
    reason.focus();
  }

  async cancel(row, reason, send, key) {
    send.disabled = true;
    try {
      await this.post(`/api/v1/warnings/${encodeURIComponent(row.id)}/cancel`, { reason }, key);
      this.tell(t("warning.cancelled", { title: title(row) }));
      await this.list();
    } catch (failure) {
      send.disabled = false;
      this.fail(failure);
    }
  }

  /** The form: what, how grave, for how long, where. */
  async enter() {
    this.say(null);
    this.title.textContent = t("warning.enter_title");
    const each = (values, label) => values.map((value) => ({ value: String(value), label: label(value) }));
    this.fields = {
      hazard: pickers.choice(each(this.hazards, (one) => t(`hazard.${one}`)), { value: "rainstorm" }),
      colour: pickers.choice(each(COLOURS, (one) => t(`warning_colour.${one}`)), { value: "yellow" }),
      hours: pickers.choice(each(HOURS, (n) => t("warning.hours", { n })), { value: USUAL_HOURS }),
      status: pickers.choice(each(KINDS, (one) => t(`warning_status.${one}`)), { value: "actual" }),
      headline: pickers.line({ maxlength: 300 }),
      description: pickers.lines({ maxlength: 2000 }),
      instruction: pickers.lines({ maxlength: 2000 }),
    };
    this.towns = h("fieldset", { class: "warning-towns" }, h("legend", { text: `${t("warning_field.towns")} · ${t("warning.pick_towns")}` }));
    this.send = h("button", { type: "submit", class: "action main", "data-act": "issue", text: t("warning.issue") });
    this.form = h("form", { class: "warning-form", onsubmit: (event) => { event.preventDefault(); this.issue(); }, oninput: () => this.unsure() },
      h("div", { class: "warning-choices" }, ["hazard", "colour", "hours", "status"].map((name) => this.field(name))), this.towns,
      ["headline", "description", "instruction"].map((name) => this.field(name)), h("p", { class: "dim", text: t("warning.hint_text") }),
      h("div", { class: "form-foot" }, this.send, h("button", { type: "button", class: "action", text: t("warning.back"), onclick: () => this.list() })));
    this.body.replaceChildren(this.form);
    this.foot.hidden = true;
    this.unsure();
    this.fields.hazard.focus();
    try {
      const { towns } = await this.ask("/api/v1/county");
      this.names = new Map(towns.map((town) => [town.id, { zh: town.name_zh, en: town.name_en }]));
      this.towns.append(...[...this.names].map(([id, names]) => h("label", { class: "tick-line" }, h("input", { type: "checkbox", value: id }), h("span", { text: names[language()] || names.zh }))));
    } catch (failure) {
      this.fail(failure);
    }
  }

  field(name) {
    return h("label", { class: "field", "data-field": name }, h("span", { text: t(`warning_field.${name}`) }), this.fields[name].element);
  }

  /** Changed since it was asked whether it is meant so: it is asked again. */
  unsure() {
    this.sure = false;
    this.key = newKey();
    this.send.classList.remove("grave");
    this.send.textContent = t("warning.issue");
  }

  get values() {
    const told = Object.fromEntries(Object.entries(this.fields).map(([name, field]) => [name, field.value()]));
    return { ...told, towns: [...this.towns.querySelectorAll("input:checked")].map((box) => box.value) };
  }

  /** The first press says what will be told to everybody; the second does it. */
  async issue() {
    const body = issueBody(this.values, this.now());
    if (!this.sure) {
      this.sure = true;
      this.send.classList.add("grave");
      this.meant = body;
      this.send.textContent = t("warning.issue_sure", { title: this.titleOf(body), where: this.whereOf(body), until: instant(toMs(body.expires_at), this.now()) });
      return;
    }
    this.send.disabled = true;
    try {
      await this.post("/api/v1/warnings/by-hand", this.meant, this.key);
      this.tell(t("warning.issued", { title: this.titleOf(body) }));
      await this.list();
    } catch (failure) {
      this.send.disabled = false;
      if (!failure.passing) this.unsure();
      this.fail(failure);
    }
  }

  titleOf({ hazard, colour }) {
    return title({ words: { [language()]: { event: t(`hazard.${hazard}`) } }, colour });
  }

  whereOf({ towns }) {
    return where({ whole: !towns.length, towns: towns.map((id) => this.names.get(id)) });
  }

  footFor(...buttons) {
    this.foot.hidden = false;
    this.foot.replaceChildren(...buttons.filter(Boolean), h("button", { type: "button", class: "action", text: t("form.close"), onclick: () => this.dialog.close() }));
  }

  fail(failure) {
    if (!(failure instanceof Problem)) throw failure;
    this.say(failure.passing ? t("error.unanswered") : failure.message || t("error.unknown"));
  }

  say(text) {
    this.said.hidden = !text;
    this.said.textContent = text ?? "";
  }
}
