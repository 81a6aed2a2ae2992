// What is reached in time: the isochrones of the open case as a layer that can be put on and taken off, and minutes by road.

import { getJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { t } from "./words.mjs";

/** The rings, in minutes. */
export const MINUTES = [5, 10, 15];
const SETTLES_MS = 300;

/** The question for one case. */
export const reachPath = (id) => `/api/v1/isochrones?${new URLSearchParams({ case: id, minutes: MINUTES.join(",") })}`;

/** Unit id to its row, of the answer to a question for times. */
export const timesOf = (answer) => new Map(answer.units.map((row) => [row.unit, row]));

/** Ask how long each unit needs to a case. */
export const roadTimes = async (id) => timesOf(await getJson(`/api/v1/travel?${new URLSearchParams({ case: id })}`));

/** A unit's time by road in words: minutes, or why there are none. */
export function roadText(row) {
  if (!row) return "";
  return row.minutes === null ? t(`reach.why.${row.reach}`) : t("reach.minutes", { n: row.minutes.toFixed(1) });
}

/** The layer and its button. */
export class ReachLayer {
  constructor(root, { view, tell, ask = getJson }) {
    Object.assign(this, { L: window.L, map: view.map, tell, ask, id: null, on: false });
    view.pane("reach", 420);
    this.renderer = this.L.svg({ pane: "reach" });
    this.button = h("button", { type: "button", class: "layer-toggle", hidden: true, "aria-pressed": "false", onclick: () => this.toggle() },
      h("span", { text: t("reach.title") }), MINUTES.map((n) => h("span", { class: `reach-chip reach-${n}`, text: String(n) })), h("kbd", { text: "i" }));
    root.append(this.button);
  }

  /** The open case changed; null means none is open. */
  setCase(id) {
    if (id === this.id) return;
    this.id = id;
    this.button.hidden = !id;
    this.draw();
  }

  toggle() {
    if (!this.id) return false;
    this.on = !this.on;
    this.button.setAttribute("aria-pressed", String(this.on));
    this.draw();
    return true;
  }

  /** Roads were closed or opened: what was drawn is no longer true. */
  again() {
    if (!this.on || !this.id) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), SETTLES_MS);
  }

  async draw() {
    this.asking?.abort();
    if (!this.on || !this.id) return this.clear();
    const { signal } = (this.asking = new AbortController());
    try {
      const rings = await this.ask(reachPath(this.id), signal);
      if (!signal.aborted) this.put(rings);
    } catch (failure) {
      if (!signal.aborted) this.fail(failure);
    }
    return undefined;
  }

  put(rings) {
    this.clear();
    const style = ({ properties }) => ({ renderer: this.renderer, className: `reach reach-${properties.minutes}` });
    this.layer = this.L.geoJSON(rings, { style, interactive: false, pane: "reach" }).addTo(this.map);
  }

  fail(failure) {
    this.clear();
    this.tell(failure.message || t("error.unanswered"), "warn");
  }

  clear() {
    this.layer?.remove();
    this.layer = null;
  }
}
