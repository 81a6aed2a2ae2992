// The form of one command for many cases, and the list of what became of each.

import { h } from "./dom.mjs";
import { number } from "./format.mjs";
import * as pickers from "./pickers.mjs";
import { compareRows } from "./queue_order.mjs";
import { coded, t } from "./words.mjs";

// Each case has its own: for many at once the rules choose.
const NOT_FOR_MANY = new Set(["units", "condition", "level"]);
const MASTERS_OFFERED = 50;

/** How many were done and how many refused. */
export const tally = (results) => ({ done: results.filter(({ done }) => done).length, refused: results.filter(({ done }) => !done).length });

/** The refused by their reason, the most frequent first: [[reason, results]]. */
export function byReason(results) {
  const found = new Map();
  for (const result of results) if (!result.done) found.set(result.detail || result.code, [...(found.get(result.detail || result.code) ?? []), result]);
  return [...found].sort((a, b) => b[1].length - a[1].length);
}

/** What became of each: the refused first, by their reason. */
export function resultList(results, rows, names) {
  const known = new Map(rows.map((row) => [row.id, row]));
  const line = ({ id, done, replayed }) => {
    const row = known.get(id);
    return h("li", { class: done ? "is-done" : "is-refused" }, h("span", { text: done ? "✓" : "✕" }), h("span", { class: "mono", text: row?.number ?? id }), h("span", { text: row ? names.category(row.category) : "" }), h("span", { class: "dim", text: replayed ? t("bulk.replayed") : "" }));
  };
  const refused = byReason(results).map(([reason, list]) => h("section", {}, h("h3", { class: "is-late" }, h("span", { text: reason }), h("span", { class: "num", text: ` × ${number(list.length)}` })), h("ul", {}, list.map(line))));
  const done = results.filter((result) => result.done);
  return h("div", { class: "bulk-results", tabindex: "0" }, refused, done.length > 0 && h("section", {}, h("h3", { text: t("bulk.count_done", { n: number(done.length) }) }), h("ul", {}, done.map(line))));
}

/** How many of the picked stand in which state: 待受理 12、待派遣 3 */
export function stateSummary(rows) {
  const found = new Map();
  for (const { state } of rows) found.set(state, (found.get(state) ?? 0) + 1);
  return [...found].sort((a, b) => b[1] - a[1]).map(([state, n]) => `${coded("state", state)} ${number(n)}`).join(t("format.comma"));
}

/** Fields, a warning and a second look where it cannot simply be taken back. */
export class BulkForm {
  constructor({ name, label, fields, rows, names, now, grave, onSend, onCancel }) {
    Object.assign(this, { name, rows, names, now });
    this.fields = fields.filter((field) => !NOT_FOR_MANY.has(field.name)).map((field) => ({ ...field, ...this.widget(field) }));
    this.looked = h("input", { type: "checkbox" });
    this.send = h("button", { type: "submit", class: `action ${grave ? "grave" : "main"}` }, h("span", { text: t("bulk.send", { action: label, n: number(rows.length) }) }), h("kbd", { text: "Ctrl ↵" }));
    this.note = h("p", { class: "field-error", role: "alert", hidden: true });
    const submit = () => this.fits(grave) && onSend();
    this.element = h("form", { class: "bulk-form", onsubmit: (event) => { event.preventDefault(); submit(); } },
      h("h2", { text: t("bulk.heading", { action: label, n: number(rows.length) }) }), h("p", { class: "dim num", text: stateSummary(rows) }),
      name === "file" && h("p", { class: "dim", text: t("bulk.by_rule") }),
      this.fields.map((field) => h("label", { class: "field" }, h("span", { text: t(`argument.${field.name}`) + (field.required ? " *" : "") }), field.element)),
      grave && h("label", { class: "second-look" }, this.looked, h("span", { text: t("bulk.look", { n: number(rows.length) }) })), this.note,
      h("div", { class: "form-foot" }, this.send, h("button", { type: "button", class: "action", text: t("form.cancel"), onclick: onCancel })));
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); submit(); }
    });
  }

  fits(grave) {
    const lacking = this.fields.find((field) => field.required && !field.value());
    const told = lacking ? t("bulk.need", { field: t(`argument.${lacking.name}`) }) : grave && !this.looked.checked ? t("bulk.need_look") : "";
    this.note.textContent = told;
    this.note.hidden = !told;
    if (told) (lacking ?? { focus: () => this.looked.focus() }).focus();
    return !told;
  }

  widget({ name, widget, choices, required }) {
    const none = required ? undefined : t("form.none");
    const make = {
      choice: () => pickers.choice(choices.map((c) => ({ value: c.value, label: c.label ?? coded(name, c.value) })), { value: required ? choices[0].value : "", none }),
      department: () => pickers.department(this.names, { none: t("form.by_rule") }),
      departments: () => pickers.departments(this.names),
      category: () => pickers.category(this.names),
      case: () => this.masters(),
      instant: pickers.instantField,
      lines: pickers.lines,
    }[widget];
    return (make ?? pickers.line)();
  }

  /** The most urgent of those that are picked comes first: it keeps its clock. */
  masters() {
    const rows = [...this.rows].sort(compareRows).slice(0, MASTERS_OFFERED);
    return pickers.choice(rows.map((row) => ({ value: row.id, label: [row.priority, this.names.category(row.category), row.number, row.town].join(" · ") })), { value: rows[0]?.id });
  }

  values() {
    return Object.fromEntries(this.fields.map((field) => [field.name, field.value()]));
  }

  focus() {
    (this.fields[0] ?? { focus: () => (this.looked.isConnected ? this.looked : this.send).focus() }).focus();
  }
}

