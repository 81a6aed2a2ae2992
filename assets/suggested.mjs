// The likeliest categories of what is being typed, a key for each; and the priority a new case would get, with its rule.

import { getJson } from "./api.mjs";
import { Asking } from "./asking.mjs";
import { h, setText } from "./dom.mjs";
import { priorityChip } from "./marks.mjs";
import { nameOf } from "./names.mjs";
import { coded, language, t } from "./words.mjs";

const OFFERED = 3;
const LEAST_TEXT = 2;

/** Where the categories of a text are asked for; null for too little of it. */
export const suggestPath = (text) => (text.length < LEAST_TEXT ? null : `/api/v1/categories/suggest?${new URLSearchParams({ text: text.slice(0, 500), limit: OFFERED })}`);

/** Where the priority is asked for; null without a category. */
export function priorityPath({ category, place }) {
  if (!category) return null;
  const where = place ? { lon: place[0].toFixed(6), lat: place[1].toFixed(6) } : {};
  return `/api/v1/reports/priority?${new URLSearchParams({ category, ...where })}`;
}

/** Why a category is suggested: the words that spoke for it, and how many past cases taught it. */
export const reasonOf = ({ why, learned }) => [why, learned > 0 && t("suggested.learned", { n: learned })].filter(Boolean).join(" · ");

/** A priority's reason in words: its rule, and the sites that spoke for it. */
export function ruleOf({ rule, sites }, spoken) {
  const near = sites.map((site) => (spoken === "en" ? site.name_en || site.name : site.name || site.name_en)).filter(Boolean);
  return [coded("rule", rule), rule === "category_default" ? "" : near.slice(0, 2).join(t("format.comma"))].filter(Boolean).join(" · ");
}

/** Three buttons under the text. */
export class SuggestedCategories {
  constructor({ onPick, ask = getJson }) {
    this.onPick = onPick;
    this.element = h("div", { class: "suggested", hidden: true, role: "group", "aria-label": t("suggested.title") });
    this.asking = new Asking({ ask, show: (answer) => this.show(answer?.items ?? []) });
  }

  look(text, chosen) {
    this.chosen = chosen;
    this.asking.put(suggestPath(text));
    this.mark();
  }

  show(items) {
    this.items = items;
    this.element.hidden = !items.length;
    this.element.replaceChildren(...items.map((item, i) => h("button", { type: "button", class: "suggestion", tabindex: "-1", "data-code": item.code, title: reasonOf(item), onclick: () => this.onPick(item) },
      h("kbd", { text: `Alt ${i + 1}` }), h("span", { text: nameOf(item, item.code, language()) }), h("span", { class: "dim", text: reasonOf(item) }))));
    this.mark();
  }

  mark() {
    for (const button of this.element.children) button.setAttribute("aria-pressed", String(button.dataset.code === this.chosen));
  }

  /** The key 1 to 3 was pressed. */
  press(number) {
    const item = this.items?.[number - 1];
    if (item) this.onPick(item);
    return Boolean(item);
  }
}

/** One line under the category. */
export class ForetoldPriority {
  constructor({ ask = getJson } = {}) {
    this.chip = h("span");
    this.why = h("span", { class: "dim" });
    this.element = h("p", { class: "foretold", role: "status", hidden: true }, this.chip, this.why);
    this.asking = new Asking({ ask, show: (answer) => this.show(answer), restMs: 120 });
  }

  look(values) {
    this.asking.put(priorityPath(values));
  }

  show(answer) {
    this.element.hidden = !answer;
    if (!answer) return;
    this.chip.replaceChildren(priorityChip(answer.priority));
    setText(this.why, `${t("suggested.priority", { priority: coded("priority", answer.priority) })} · ${ruleOf(answer, language())}`);
  }
}
