// Cover (覆盖) on the desk: which towns no free unit reaches in time, the blocks that are missed, and who might be moved up.

import { Problem, getJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { age, number, toMs } from "./format.mjs";
import { t } from "./words.mjs";

const EVERY_MS = 30_000;
const SOON_MS = 3_000;
const DOT_M = 0.5; // of a block's side

/** The gaps of a look: those that are not so every day first. */
export const gapsOf = (areas) => areas.filter((area) => area.gap);
const unusual = (areas) => gapsOf(areas).filter((area) => !area.usual);

/** The button, its card and the layer. */
export class CoverLayer {
  constructor(root, { view, now, permissions, ask = getJson }) {
    Object.assign(this, { L: window.L, map: view.map, now, ask, on: false, service: null });
    if (!permissions.includes("units.read")) return;
    view.pane("cover", 405);
    this.renderer = this.L.canvas({ pane: "cover" });
    this.badge = h("b", { class: "num" });
    this.button = h("button", { type: "button", class: "layer-toggle cover-toggle", "aria-pressed": "false", onclick: () => this.toggle() }, h("span", { text: t("cover.title") }), this.badge, h("kbd", { text: "v" }));
    this.card = h("section", { class: "cover-card", hidden: true, "aria-label": t("cover.title") });
    root.append(this.button, this.card);
    this.look();
    setInterval(() => document.hidden || this.look(), EVERY_MS);
  }

  toggle() {
    if (!this.button) return false;
    this.on = !this.on;
    this.button.setAttribute("aria-pressed", String(this.on));
    this.card.hidden = !this.on;
    this.draw();
    return true;
  }

  async look() {
    try {
      const told = await this.ask("/api/v1/cover");
      this.told = told.at ? told : null; // not looked at yet: the roads are still being read
      if (!this.told) setTimeout(() => this.look(), SOON_MS);
      this.draw();
    } catch (failure) {
      // Nobody answered: what is drawn keeps its own time and says so.
      if (!(failure instanceof Problem)) throw failure;
    }
  }

  draw() {
    const { told } = this;
    if (!told) setText(this.badge, "…");
    if (!told) return this.card.replaceChildren(h("p", { class: "dim", text: t("cover.not_yet") }));
    const n = unusual(told.areas).length;
    setText(this.badge, String(n));
    this.button.classList.toggle("is-warn", n > 0);
    this.layer?.remove();
    this.layer = null;
    if (!this.on) return undefined;
    this.service ??= unusual(told.areas)[0]?.service ?? told.services[0].id;
    this.card.replaceChildren(...this.parts());
    this.mark();
    return undefined;
  }

  parts() {
    const { told } = this;
    const tabs = told.services.map(({ id, name, free }) => h("button", { type: "button", class: "filter", "aria-pressed": String(id === this.service), "data-service": id, onclick: () => { this.service = id; this.draw(); } }, h("span", { text: name }), h("b", { class: "num", text: String(free) })));
    const mine = told.areas.filter((area) => area.service === this.service);
    const moves = told.moves.filter((move) => move.service === this.service);
    return [h("h2", {}, h("span", { text: t("cover.title") }), h("span", { class: "dim num", text: t("cover.age", { age: age(this.now() - toMs(told.at)) }) })),
      h("div", { class: "filters" }, tabs), !told.counted && h("p", { class: "dim", text: t("cover.not_counted") }),
      h("ul", { class: "cover-areas" }, gapsOf(mine).map((area) => this.area(area))), !gapsOf(mine).length && h("p", { class: "dim", text: t("cover.none") }),
      moves.length > 0 && h("h3", { text: t("cover.moves") }), h("ul", { class: "cover-moves" }, moves.map((move) => this.move(move)))].filter(Boolean);
  }

  area({ name, people, reached, usual, since }) {
    const long = since ? t("cover.since", { age: age(this.now() - toMs(since)) }) : "";
    return h("li", { class: usual ? "dim" : "is-late" }, h("b", { text: name }), h("span", { class: "num", text: t("cover.out", { n: number(people - reached), share: Math.round((100 * (people - reached)) / Math.max(1, people)) }) }), h("span", { class: "dim num", text: [long, usual && t("cover.usual")].filter(Boolean).join(" · ") }));
  }

  move({ name, town_name: town, people, seconds, lon, lat }) {
    return h("li", {}, h("button", { type: "button", class: "link", text: t("cover.move", { unit: name, town }), onclick: () => this.map.setView([lat, lon], 13) }), h("span", { class: "dim num", text: t("cover.gain", { n: number(people), minutes: (seconds / 60).toFixed(0) }) }));
  }

  mark() {
    const service = this.told.services.find(({ id }) => id === this.service);
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--late").trim();
    const radius = Math.max(60, this.told.block_m * DOT_M);
    const dots = service.missed.map(([lon, lat]) => this.L.circle([lat, lon], { radius, renderer: this.renderer, stroke: false, fillColor: colour, fillOpacity: 0.35, interactive: false }));
    const posts = this.told.moves.filter((move) => move.service === this.service).map(({ lon, lat }) => this.L.circleMarker([lat, lon], { radius: 9, renderer: this.renderer, color: colour, weight: 3, fill: false, interactive: false }));
    this.layer = this.L.layerGroup([...dots, ...posts]).addTo(this.map);
  }
}
