// The queue's filters as elements: chips to press, lists to choose from, the order.

import { h, setAttr, setText } from "./dom.mjs";
import { number } from "./format.mjs";
import { PHASES, PRIORITIES, SORTS, counts, toggled } from "./queue_order.mjs";
import { coded, t } from "./words.mjs";

const STATES = ["NEW", "VERIFYING", "FILED", "DISPATCHED", "ACCEPTED", "ON_SCENE", "CONTROLLED", "RESOLVED", "CHECKING"];

/** What may be chosen in a list: what the rows hold, and what is chosen now even where no row holds it. */
export function offered(rows, field, chosen) {
  const found = new Set(chosen ? [chosen] : []);
  for (const row of rows) if (row[field]) found.add(row[field]);
  return [...found].sort();
}

/** The rows of filters; `change(part)` is told what somebody chose. */
export class QueueFilters {
  constructor({ names, change }) {
    Object.assign(this, { names, change, filter: null });
    this.chips = new Map();
    const flip = (name, value) => () => change({ [name]: toggled(this.filter[name], value) });
    const flag = (name) => () => change({ [name]: !this.filter[name] });
    const priorities = PRIORITIES.map((p) => this.chip(p, p, flip("priorities", p), `p-${p}`));
    const phases = PHASES.map((p) => this.chip(p, t(`phase.${p}`), flip("phases", p)));
    const flags = [this.chip("emergency", t("lane.emergency"), flag("emergency")), this.chip("late", t("queue.late"), flag("late")), this.chip("mine", t("queue.mine"), flag("mine"))];
    this.lists = { state: this.list("state"), town: this.list("town"), lead: this.list("lead"), sort: this.list("sort") };
    this.elements = [h("div", { class: "filters" }, priorities), h("div", { class: "filters" }, phases, flags), h("div", { class: "filter-lists" }, Object.values(this.lists))];
    this.offer("sort", SORTS, (sort) => t(`queue.sort.${sort}`));
    this.offer("state", ["", ...STATES], (state) => (state ? coded("state", state) : t("queue.any.state")));
  }

  chip(key, label, act, extra = "") {
    const button = h("button", { type: "button", class: `filter ${extra}`, "aria-pressed": "false", onclick: act }, h("span", { text: label }), h("b"));
    this.chips.set(key, button);
    return button;
  }

  list(name) {
    const select = h("select", { "data-filter": name, "aria-label": t(`queue.any.${name}`), onchange: () => { this.change({ [name]: select.value }); select.blur(); } });
    return select;
  }

  // An open list must not be filled anew under the pointer: only what is offered now decides.
  offer(name, values, label) {
    const labels = values.map(label); // names come after the first rows
    const text = labels.join("|");
    if (this.lists[name].dataset.values === text) return;
    this.lists[name].dataset.values = text;
    this.lists[name].replaceChildren(...values.map((value, i) => h("option", { value, text: labels[i] })));
  }

  /** Show the filter as it stands, over these rows. */
  show(filter, rows) {
    this.filter = filter;
    const all = [...rows.values()];
    const each = counts(all);
    const pressed = new Set([...filter.priorities, ...filter.phases, ...["emergency", "late", "mine"].filter((name) => filter[name])]);
    for (const [key, button] of this.chips) {
      setAttr(button, "aria-pressed", String(pressed.has(key)));
      if (key in each) setText(button.lastChild, number(each[key]));
    }
    this.offer("town", ["", ...offered(all, "town", filter.town)], (town) => (town ? this.names.town(town) : t("queue.any.town")));
    this.offer("lead", ["", ...offered(all, "lead", filter.lead)], (lead) => (lead ? this.names.department(lead) : t("queue.any.lead")));
    for (const [name, select] of Object.entries(this.lists)) {
      select.value = filter[name];
      setAttr(select, "class", filter[name] && filter[name] !== SORTS[0] ? "is-set" : "");
    }
  }
}
