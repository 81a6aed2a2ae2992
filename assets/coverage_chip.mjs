// How a place is covered, in one line of the case panel: what is heard best, and what to fall back on where that is weak.

import { getJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { t } from "./words.mjs";

/** The words of a place's coverage: the verdict, what is heard best, and the ways to fall back on. */
export function receptionText({ verdict, items, fallbacks }) {
  const best = items[0] && verdict !== "hole" ? `${items[0].operator_name} ${items[0].technology} ${Math.round(items[0].rsrp_dbm)} dBm` : "";
  return { verdict: t(`coverage.verdict.${verdict}`), best, ways: fallbacks.map((one) => one.label) };
}

/** The line; it stays empty where nothing is known or nobody may ask. */
export class ReceptionLine {
  constructor({ may }) {
    this.may = may;
    this.element = h("div", { class: "reception", hidden: true });
  }

  async load(row) {
    const key = `${row.lon},${row.lat}`;
    if (!this.may || !Number.isFinite(row.lon) || key === this.key) return;
    this.key = key;
    this.element.hidden = true;
    try {
      const told = await getJson(`/api/v1/coverage/at?lon=${row.lon}&lat=${row.lat}`);
      if (told.verdict === "unknown") this.key = null;
      else if (key === this.key) this.draw(told);
    } catch {
      // Outside, or no answer: nothing is claimed.
      if (key === this.key) this.key = null;
    }
  }

  /** The coverage is another one: what is shown is asked again. */
  again(row) {
    this.key = null;
    if (row) this.load(row);
  }

  draw(told) {
    const { verdict, best, ways } = receptionText(told);
    this.element.className = `reception is-${told.verdict}`;
    this.element.replaceChildren(h("span", { class: `flag ${told.verdict === "covered" ? "" : "is-emergency"}`, text: verdict }), best && h("span", { class: "dim num", text: best }), ways.length ? h("ul", { class: "reception-ways" }, ways.map((way) => h("li", { text: way }))) : "");
    this.element.hidden = false;
  }
}
