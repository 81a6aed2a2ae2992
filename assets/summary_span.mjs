// Which span, compared with what, for which town and department: kept in the address, so that it can be sent to somebody.

import { h } from "./dom.mjs";
import { nameOf } from "./names.mjs";
import { language, t } from "./words.mjs";

export const RANGES = ["today", "yesterday", "week", "last_week", "month", "last_month", "days_30", "year", "days"];
const COMPARES = ["previous", "year", "none"];
const KEPT = ["range", "first", "last", "compare", "town", "department"];

/** What an address asks for. */
export function askedOf(search) {
  const query = new URLSearchParams(search);
  const asked = { range: "week", compare: "previous", first: "", last: "", town: "", department: "" };
  for (const name of KEPT) if (query.get(name)) asked[name] = query.get(name);
  if (!RANGES.includes(asked.range)) asked.range = "week";
  if (!COMPARES.includes(asked.compare)) asked.compare = "previous";
  return asked;
}

/** The query of what is asked, for the API and for the address. */
export function queryOf(asked) {
  const query = new URLSearchParams();
  for (const name of KEPT) if (asked[name] && (asked.range === "days" || !["first", "last"].includes(name))) query.set(name, asked[name]);
  return query.toString();
}

/** The bar of choices. */
export class SpanBar {
  constructor(place, { towns, departments, onChange }) {
    this.asked = askedOf(window.location.search);
    this.onChange = onChange;
    this.buttons = RANGES.map((name, i) => h("button", { type: "button", class: "choice", "data-range": name, title: `${i + 1}`, text: t(`summary.range.${name}`), onclick: () => this.choose(name) }));
    this.first = this.field("date", "first");
    this.last = this.field("date", "last");
    this.days = h("span", { class: "days", hidden: this.asked.range !== "days" }, this.labelled(t("summary.first"), this.first), this.labelled(t("summary.last"), this.last));
    const compare = this.select("compare", COMPARES.map((name) => [name, t(`summary.compare.${name}`)]));
    const town = this.select("town", [["", t("summary.every_town")], ...towns.map((row) => [row.name_zh, nameOf(row, row.name_zh, language())])]);
    const department = this.select("department", [["", t("summary.every_department")], ...departments.map((row) => [row.id, nameOf(row, row.id, language())])]);
    place.replaceChildren(h("div", { class: "choices", role: "group", "aria-label": t("summary.span") }, this.buttons), this.days, this.labelled(t("summary.compare_label"), compare), town, department);
    this.show();
  }

  labelled(text, element) {
    return h("label", { class: "labelled" }, h("span", { text }), element);
  }

  field(type, name) {
    return h("input", { type, value: this.asked[name], onchange: (event) => this.set({ [name]: event.target.value }) });
  }

  select(name, options) {
    const list = h("select", { "aria-label": t(`summary.${name === "compare" ? "compare_label" : name}`), onchange: (event) => this.set({ [name]: event.target.value }) });
    list.append(...options.map(([value, text]) => h("option", { value, text, selected: value === this.asked[name] })));
    return list;
  }

  choose(range) {
    this.days.hidden = range !== "days";
    if (range === "days" && !(this.asked.first && this.asked.last)) {
      Object.assign(this.asked, { first: this.seen?.first ?? "", last: this.seen?.last ?? "" });
      this.first.value = this.asked.first;
      this.last.value = this.asked.last;
    }
    this.set({ range });
  }

  set(changed) {
    Object.assign(this.asked, changed);
    this.show();
    window.history.replaceState(null, "", `${window.location.pathname}?${queryOf(this.asked)}`);
    if (this.asked.range === "days" && !(this.asked.first && this.asked.last)) return;
    this.onChange(this.asked);
  }

  show() {
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.range === this.asked.range));
  }
}
