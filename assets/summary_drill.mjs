// Behind a figure: its formula, what was left out, its interval and age, and the cases themselves, listed and on a map.

import { Problem, getJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { age, instant, number, percent, toMs } from "./format.mjs";
import { priorityChip } from "./marks.mjs";
import { leftOut, problemText, valueText } from "./summary_format.mjs";
import { queryOf } from "./summary_span.mjs";
import { named } from "./summary_tables.mjs";
import { coded, language, t } from "./words.mjs";

const PAGE = 50;
const WHICH = ["counted", "hit", "missed", "exempt"];

/** The panel at the side. */
export class Drill {
  constructor(place, { names, map, may }) {
    Object.assign(this, { place, names, map, may });
    document.addEventListener("keydown", (event) => event.key === "Escape" && !place.hidden && this.close());
  }

  open(row, asked) {
    Object.assign(this, { row, asked, which: row.measure === "share" && row.better === "up" ? "missed" : row.measure === "share" ? "hit" : "counted", items: [] });
    this.back = document.activeElement;
    this.place.hidden = false;
    document.querySelector(".summary").classList.add("has-drill");
    this.list = h("div", { class: "drill-list", role: "region", "aria-live": "polite", "aria-label": t("summary.drill"), tabindex: 0 });
    this.shut = h("button", { type: "button", class: "icon-button", text: "✕", "aria-label": t("summary.close"), onclick: () => this.close() });
    const tabs = row.drills && this.may && !row.no_source ? h("div", { class: "choices" }, WHICH.filter((which) => row.measure === "share" || which === "counted").map((which) => this.tab(which))) : null;
    this.place.replaceChildren(
      h("header", { class: "drill-head" }, h("h2", { text: `${row.id} ${named(row)}` }), this.shut),
      h("p", { class: "drill-value num" }, valueText(row), row.few && h("span", { class: "few", text: t("summary.few") })), facts(row), tabs ?? "", this.list);
    this.shut.focus();
    if (tabs) this.load();
  }

  tab(which) {
    return h("button", { type: "button", class: "choice", "aria-pressed": String(which === this.which), text: t(`summary.which.${which}`), onclick: (event) => {
      for (const one of event.target.parentElement.children) one.setAttribute("aria-pressed", String(one === event.target));
      Object.assign(this, { which, items: [] });
      this.load();
    } });
  }

  async load() {
    const query = `${queryOf(this.asked)}&which=${this.which}&limit=${PAGE}&offset=${this.items.length}`;
    if (!this.items.length) this.list.replaceChildren(h("div", { class: "skeleton" }, h("i"), h("i"), h("i")));
    try {
      const told = await getJson(`/api/v1/figures/${this.row.id}/cases?${query}`);
      this.items.push(...told.items);
      this.draw(told);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.list.replaceChildren(h("p", { class: "empty", role: "alert" }, problemText(failure)), h("button", { type: "button", class: "action", text: t("summary.retry"), onclick: () => this.load() }));
    }
  }

  draw({ total, places }) {
    const left = total - this.items.length;
    this.map.points(places);
    this.list.replaceChildren(
      h("p", { class: "dim num", text: t("summary.cases_n", { n: number(total) }) }),
      total ? h("ul", { class: "case-list" }, this.items.map((row) => this.line(row))) : h("p", { class: "empty", text: t("summary.no_cases") }),
      left > 0 && this.items.length ? h("button", { type: "button", class: "action", text: t("summary.more", { n: number(Math.min(left, PAGE)) }), onclick: () => this.load() }) : "");
  }

  line(row) {
    return h("li", {}, priorityChip(row.priority), h("div", {}, h("b", { text: this.names.category(row.category) }), h("span", { class: "dim", text: ` ${this.names.town(row.town)} · ${coded("state", row.state)}` }), h("p", { class: "clip", text: row.text })),
      h("div", { class: "num dim" }, instant(toMs(row.reported_at), Date.now()), h("a", { href: `/desk?q=${encodeURIComponent(row.number)}`, text: row.number, title: t("summary.open_desk") })));
  }

  close() {
    this.place.hidden = true;
    document.querySelector(".summary").classList.remove("has-drill");
    this.map.points([]);
    this.back?.focus?.();
  }
}

function facts(row) {
  const spoken = language();
  const lines = [
    [t("summary.formula"), row[`formula_${spoken}`]],
    [t("summary.excluded"), row[`excluded_${spoken}`]],
    [t("summary.source"), row.source],
    ["n", row.hits === null ? number(row.n) : t("summary.of", { hits: number(row.hits), n: number(row.n) })],
    [t("summary.left_out"), leftOut(row.left_out)],
    ["95%", row.low === null ? "" : t("summary.interval", { low: percent(row.low), high: percent(row.high) })],
    ["P", Object.entries(row.percentiles).map(([name, value]) => `${name.toUpperCase()} ${valueText(row, value)}`).join(" · ")],
    [t("summary.target"), row.within === null ? "" : t("summary.within", { share: percent(row.within) })],
  ];
  const newest = row.newest_at && t("summary.newest", { age: age(Date.now() - toMs(row.newest_at)) });
  return h("dl", { class: "facts" }, row.no_source ? [h("dt", { text: t("summary.value") }), h("dd", { text: row[`missing_${spoken}`] })] : "", lines.filter(([, text]) => text).map(([name, text]) => [h("dt", { text: name }), h("dd", { text })]), newest ? h("dd", { class: "dim", text: newest }) : "");
}
