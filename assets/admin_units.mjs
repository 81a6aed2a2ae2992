// The units' and departments' tab: who can be sent, whose they are, and a form that makes another unit known.

import { Said, Table, ask, named } from "./admin_parts.mjs";
import { getJson, postJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { number } from "./format.mjs";
import { coded, language, t } from "./words.mjs";

/** The units that hold every word, in the order of their names. */
export function matching(units, text, nameOf) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return units.filter((one) => wanted.every((word) => `${one.id} ${one.name} ${one.name_en ?? ""} ${one.department} ${nameOf(one.department)} ${one.radio ?? ""}`.toLowerCase().includes(word)))
    .sort((a, b) => a.department.localeCompare(b.department) || a.id.localeCompare(b.id));
}

/** How many units a department has. */
export function countBy(units) {
  const found = new Map();
  for (const { department } of units) found.set(department, (found.get(department) ?? 0) + 1);
  return found;
}

export class UnitsTab {
  constructor(root, { viewer, plans }) {
    this.may = viewer.permissions.includes("units.register");
    this.kinds = plans.kinds;
    this.skills = new Map(plans.skills.map(({ value, label }) => [value, label]));
    this.units = [];
    this.said = new Said();
    this.count = h("span", { class: "dim num", role: "status" });
    this.search = h("input", { type: "search", placeholder: t("admin.search_units"), "aria-label": t("admin.search_units"), oninput: () => this.draw() });
    const columns = (names) => names.map((name) => t(`admin.unit.${name}`));
    this.table = new Table(columns(["id", "name", "kind", "department", "skills", "crew", "radio", "status"]), (row) => this.cells(row), t("admin.no_units"));
    this.departments = new Table(columns(["department_id", "department", "units"]), (row) => [h("span", { class: "mono", text: row.id }), named(row), h("span", { class: "num", text: number(row.units) })], t("admin.no_units"));
    root.append(h("div", { class: "table-head" }, h("h2", { text: t("admin.units") }), this.count, this.search, this.may && h("button", { type: "button", class: "action main", text: t("admin.add_unit"), onclick: () => this.add() })),
      h("p", { class: "dim", text: t("admin.units_hint") }), this.said.element, this.table.element,
      h("div", { class: "table-head" }, h("h2", { text: t("admin.departments") })), h("p", { class: "dim", text: t("admin.departments_hint") }), this.departments.element);
  }

  async load() {
    const [units, departments] = await Promise.all([getJson("/api/v1/units"), getJson("/api/v1/departments")]);
    this.units = units.items;
    this.names = new Map(departments.items.map((row) => [row.id, named(row)]));
    const counts = countBy(this.units);
    this.departments.show(departments.items.map((row) => ({ ...row, units: counts.get(row.id) ?? 0 })));
    this.draw();
  }

  draw() {
    const shown = matching(this.units, this.search.value, (id) => this.names.get(id) ?? "");
    setText(this.count, t("admin.count_of", { n: number(shown.length), all: number(this.units.length) }));
    this.table.show(shown);
  }

  cells(one) {
    const kind = this.kinds.find(({ value }) => value === one.kind)?.label ?? one.kind;
    return [h("span", { class: "mono", text: one.id }), (language() === "en" && one.name_en) || one.name, kind, this.names.get(one.department) ?? one.department, one.skills.map((id) => this.skills.get(id) ?? id).join(t("format.comma")),
      h("span", { class: "num", text: one.crew ?? "" }), one.radio ?? "", coded("unit_status", one.status)];
  }

  async add() {
    const field = (key, input) => h("label", { class: "field" }, h("span", { text: t(`admin.unit.${key}`) }), input);
    const pick = (key, options) => h("select", { "aria-label": t(`admin.unit.${key}`) }, options.map(([id, label]) => h("option", { value: id, text: label })));
    const id = h("input", { type: "text", required: true, maxlength: 40, pattern: "[A-Za-z0-9_.:\\-]+" });
    const name = h("input", { type: "text", required: true, maxlength: 60 });
    const kind = pick("kind", this.kinds.map(({ value, label }) => [value, label]));
    const department = pick("department", [...this.names]);
    const work = (said) => {
      // Sent again, a unit's particulars would be set anew: one that is known is not a new one.
      if (this.units.some((one) => one.id === id.value)) return said.tell(t("admin.unit_known", { id: id.value }), "is-late");
      return postJson("/api/v1/units", { id: id.value, name: name.value, kind: kind.value, department: department.value });
    };
    if (!(await ask(t("admin.add_unit"), [field("id", id), field("name", name), field("kind", kind), field("department", department)], { agree: t("admin.add"), work }))) return;
    await this.load();
    this.said.tell(t("admin.unit_kept", { name: name.value }), "is-ok");
  }
}
