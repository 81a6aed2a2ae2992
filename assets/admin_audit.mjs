// The audit's tab: who did what when, newest first, and whether every seal still holds.

import { Said, Table } from "./admin_parts.mjs";
import { getJson, postJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { instant, number, toMs } from "./format.mjs";
import { coded, t } from "./words.mjs";

/** What an act changed, as a short line: only members that differ. */
export function changeOf({ before, after }) {
  const [was, is] = [before, after].map((text) => (text ? JSON.parse(text) : {}));
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
  const empty = (value) => value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);
  const told = (value) => (value === undefined || value === null ? "–" : Array.isArray(value) ? value.join(", ") || "–" : String(value));
  // What was not there and is not there now says nothing.
  return names.filter((name) => !empty(was[name]) || !empty(is[name])).map((name) => `${name}: ${name in was ? `${told(was[name])} → ` : ""}${told(is[name])}`).join("; ");
}

export class AuditTab {
  constructor(root) {
    this.said = new Said();
    const field = (name) => h("input", { type: "search", placeholder: t(`admin.audit_of.${name}`), "aria-label": t(`admin.audit_of.${name}`), maxlength: 200, onchange: () => this.again() });
    this.fields = { actor: field("actor"), action: field("action"), what: field("what") };
    this.more = h("button", { type: "button", class: "action", hidden: true, text: t("admin.older"), onclick: () => this.said.guard(() => this.page()) });
    this.rows = [];
    this.table = new Table(["at", "actor", "ip", "action", "what", "result", "change"].map((c) => t(`admin.audit_of.${c}`)), (row) => this.cells(row), t("admin.no_audit"));
    root.append(h("div", { class: "table-head" }, h("h2", { text: t("admin.audit") }), ...Object.values(this.fields), h("button", { type: "button", class: "action", text: t("admin.verify"), onclick: () => this.verify() })), this.said.element, this.table.element, this.more);
  }

  cells(row) {
    return [h("span", { class: "num", text: instant(toMs(row.at), Date.now()) }), h("span", { title: row.actor_id, text: row.actor_name }), h("span", { class: "mono", text: row.ip }), h("span", {}, `${coded("admin.act", row.action)} `, h("small", { class: "mono dim", text: row.action })), h("span", { class: "mono", text: row.object }), h("span", { class: row.result === "done" ? "" : "is-late", text: t(`admin.result.${row.result}`) }), changeOf(row)];
  }

  load() {
    this.rows = [];
    this.next = null;
    return this.page();
  }

  again() {
    return this.said.guard(() => this.load());
  }

  async page() {
    const asked = Object.entries({ ...Object.fromEntries(Object.entries(this.fields).map(([name, input]) => [name, input.value.trim()])), before: this.next }).filter(([, value]) => value);
    const told = await getJson(`/api/v1/admin/audit?${new URLSearchParams(asked)}`);
    this.rows.push(...told.items);
    this.next = told.next;
    this.more.hidden = !told.next;
    this.table.show(this.rows);
  }

  async verify() {
    this.said.tell(t("admin.verifying"));
    const found = await this.said.guard(() => postJson("/api/v1/admin/audit/verify", {}));
    if (!found) return;
    this.said.tell(found.whole ? t("admin.whole", { n: number(found.rows) }) : t("admin.broken", { n: number(found.rows), problem: found.problem }), found.whole ? "is-ok" : "is-late");
  }
}
