// Names of categories, departments and units in the page's language, fetched once from the API.

import { getJson } from "./api.mjs";
import { coded, language } from "./words.mjs";

/** The name of a reference row in a language, falling back to the other one and to the code. */
export function nameOf(row, code, spoken) {
  if (!row) return code ?? "";
  const [own, other] = spoken === "en" ? ["name_en", "name_zh"] : ["name_zh", "name_en"];
  return row[own] || row[other] || row.name || code;
}

/** A category's short code: GB30428-2@2013:E0506.01 → E0506 */
export const shortCode = (code) => String(code ?? "").split(":").at(-1).split(".")[0];

const list = (answer) => (Array.isArray(answer) ? answer : (answer?.items ?? []));

/** The reference tables of the county. */
export class Names {
  constructor(units = () => new Map(), conditions = {}) {
    this.categories = new Map();
    this.short = new Map();
    this.departments = new Map();
    this.towns = new Map();
    this.units = units;
    // These are handed to others as plain functions.
    this.categoryRow = (code) => this.categories.get(code) ?? this.short.get(shortCode(code));
    this.category = (code) => nameOf(this.categoryRow(code), code, language());
    this.department = (id) => nameOf(this.departments.get(id), id, language());
    this.town = (name) => nameOf(this.towns.get(name), name, language());
    this.conditionsOf = (category) => conditions[shortCode(category)] ?? [];
    this.condition = (category, code) => this.conditionsOf(category).find(({ value }) => value === code)?.label ?? code;
    this.state = (code) => coded("state", code);
    this.unit = (id) => this.units().get(id)?.name || id;
  }

  /** Know the county's towns, which cases name in Chinese. */
  useTowns(towns) {
    this.towns = new Map(towns.map((row) => [row.name_zh, row]));
  }

  /** Fetch the tables; an unanswered one leaves codes in the names' place, and towns in Chinese. */
  async load() {
    const county = language() === "zh" || this.towns.size ? null : getJson("/api/v1/county");
    const [categories, departments, told] = await Promise.allSettled([getJson("/api/v1/categories"), getJson("/api/v1/departments"), county]);
    if (told.value) this.useTowns(told.value.towns);
    for (const row of list(categories.value)) {
      this.categories.set(row.code, row);
      this.short.set(shortCode(row.code), row);
    }
    for (const row of list(departments.value)) this.departments.set(row.id, row);
    return categories.status === "fulfilled" && departments.status === "fulfilled";
  }
}

/** Categories whose name or code holds every word, the one so called first, then the best; all of them for no word. */
export function findCategories(rows, text, spoken, limit = 40) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = [];
  for (const row of rows) {
    const hay = `${row.name_zh ?? ""} ${row.name_en ?? ""} ${row.code} ${row.pinyin ?? ""} ${row.initials ?? ""}`.toLowerCase();
    if (!wanted.every((word) => hay.includes(word))) continue;
    const name = nameOf(row, row.code, spoken).toLowerCase();
    const rank = name === text.trim().toLowerCase() ? -1 : wanted.length && name.startsWith(wanted[0]) ? 0 : wanted.length && name.includes(wanted[0]) ? 1 : 2;
    scored.push([rank, row.default_priority ?? "P9", row.code, row]);
  }
  scored.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : a[2] < b[2] ? -1 : 1));
  return scored.slice(0, limit).map((entry) => entry[3]);
}
