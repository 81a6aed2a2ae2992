// The categories' tab: every version of every category, and the card that brings new ones.

import { Problem, getJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { instant, number, toMs } from "./format.mjs";
import { ImportCard } from "./import_sheet.mjs";
import { priorityChip } from "./marks.mjs";
import { nameOf } from "./names.mjs";
import { language, t } from "./words.mjs";

const COLUMNS = ["code", "name", "priority", "limit", "lead", "version", "valid_from", "origin"];
const SHEET = "scheme version valid_from code name_zh name_en filing_conditions closing_conditions limit_value limit_kind lead_dept supervise_dept legal_basis default_priority cap_category cot_type open311_service_code lane";

/** The versions that hold every word; `past` keeps those that are in force no more. */
export function passing(rows, text, past) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => (past || row.in_force) && wanted.every((word) => `${row.full_code} ${row.name_zh} ${row.name_en} ${row.lead} ${row.default_priority}`.toLowerCase().includes(word)));
}

/** How many versions there are, how many of them in force, how many brought. */
export const countsOf = (rows) => ({ all: rows.length, force: rows.filter((row) => row.in_force).length, brought: rows.filter((row) => row.origin === "brought").length });

function origin(row, now) {
  if (row.origin === "shipped") return t("admin.shipped");
  return [t("admin.brought"), instant(toMs(row.added_at), now), row.added_by].join(" ");
}

function line(row, now) {
  return h("tr", { class: row.in_force ? "" : "is-past" },
    h("td", { class: "mono", text: row.code }), h("td", { text: nameOf(row, row.code, language()) }), h("td", {}, priorityChip(row.default_priority)),
    h("td", { class: "num", text: row.limit }), h("td", { text: row.lead }), h("td", { class: "mono", text: `${row.scheme}@${row.version}` }),
    h("td", { class: "num", text: row.valid_from }), h("td", { class: `origin-${row.origin}`, text: origin(row, now) }));
}

/** The table with its search. */
class Versions {
  constructor(root) {
    this.rows = [];
    this.search = h("input", { type: "search", placeholder: t("admin.search"), "aria-label": t("admin.search"), oninput: () => this.draw() });
    this.past = h("input", { type: "checkbox", onchange: () => this.draw() });
    this.count = h("span", { class: "dim num", role: "status" });
    this.body = h("tbody");
    root.append(
      h("div", { class: "table-head" }, h("h2", { text: t("admin.categories") }), this.count, this.search, h("label", {}, this.past, h("span", { text: t("admin.past") }))),
      h("div", { class: "versions", tabindex: "0" }, h("table", {}, h("thead", {}, h("tr", {}, COLUMNS.map((name) => h("th", { scope: "col", class: ["limit", "valid_from"].includes(name) ? "num" : "", text: t(`admin.column.${name}`) })))), this.body)));
  }

  async load() {
    try {
      this.rows = (await getJson("/api/v1/categories/versions")).items;
      this.draw();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      setText(this.count, failure.passing ? t("error.unanswered") : failure.message || t("error.unknown"));
    }
  }

  draw() {
    const shown = passing(this.rows, this.search.value, this.past.checked);
    const { all, force, brought } = countsOf(this.rows);
    setText(this.count, t("admin.count", { shown: number(shown.length), force: number(force), all: number(all), brought: number(brought) }));
    this.body.replaceChildren(...shown.map((row) => line(row, Date.now())));
    if (!shown.length) this.body.append(h("tr", {}, h("td", { colspan: COLUMNS.length, class: "dim", text: t("admin.none") })));
  }
}

/** The tab: versions on the left, and the card that brings new ones for who may. */
export class CategoriesTab {
  constructor(root, boot) {
    const table = h("section", { class: "categories", "aria-label": t("admin.categories") });
    const bring = h("aside", { class: "bring", "aria-label": t("admin.bring") });
    root.append(h("div", { class: "admin-split" }, table, bring));
    this.versions = new Versions(table);
    const card = new ImportCard({ what: "categories", accept: ".csv,.yaml,.yml", columns: SHEET, onDone: () => this.versions.load() });
    bring.append(h("h2", { text: t("admin.bring") }), card.element);
    bring.hidden = !boot.viewer.permissions.includes("category.import");
  }

  load() {
    return this.versions.load();
  }
}
