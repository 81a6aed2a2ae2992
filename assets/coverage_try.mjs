// A site that is tried out: a mark that is dragged, its height, directions and bands, and what it would change.

import { Problem, postJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { distance, number } from "./format.mjs";
import { difference, directions, isShown } from "./coverage_model.mjs";
import { t } from "./words.mjs";

const SETTLES_MS = 120;
const SITES_ASKED = 5;
const SITES_MOST = 50;
const FIRST = { height_m: 35, tilt_deg: 4, first: 0, sectors: 3 };

/** What is asked of the API for a choice. */
export const bodyOf = ({ lon, lat, operator, bands, height_m, tilt_deg, first, sectors, siteId }) => ({
  lon, lat, operator, bands, height_m, tilt_deg, azimuths_deg: directions(first, sectors), ...(siteId ? { site_id: siteId } : {}),
});

const technologyOf = (band, known) => known.find((one) => one.band === band)?.technology;

/** What a trial site is judged by: the technology of its bands (`asked`), every one where they are of several. */
export function judgedBy(bands, known) {
  const technologies = [...new Set(bands.map((band) => technologyOf(band, known)))].sort();
  return { asked: technologies.length === 1 ? { technology: technologies[0] } : {}, said: technologies.join(" + ") };
}

/** The plan that is asked for: sites like the one tried, on those of its bands that are of one technology. */
export function planOf({ operator, bands, height_m, tilt_deg, first, sectors }, known, count = SITES_ASKED) {
  return { operator, bands: bands.filter((band) => technologyOf(band, known) === technologyOf(bands[0], known)), count, height_m, tilt_deg, azimuths_deg: directions(first, sectors) };
}

/** The panel and its mark. */
export class TryPanel {
  constructor({ view, standing, layer, tell, onPlaced = () => {} }) {
    Object.assign(this, { L: window.L, view, map: view.map, standing, layer, tell, onPlaced, choice: { ...FIRST }, count: SITES_ASKED });
    this.picks = this.L.layerGroup();
    view.pane("effect", 260);
    view.pane("imagined", 640);
    this.told = h("div", { class: "try-told", role: "status", "aria-live": "polite" });
  }

  async draw() {
    const standing = this.standing();
    if (!isShown(standing)) return h("p", { class: "empty", text: t("coverage.state." + (standing?.state ?? "waiting")) });
    const wanted = this.layer().operator;
    this.choice.operator ??= wanted !== "all" ? wanted : standing.operators[0];
    this.operator = h("select", { id: "try-operator", onchange: (event) => this.change({ operator: event.target.value, bands: null }) }, standing.operators.map((one) => h("option", { value: one, text: standing.operator_names[one], selected: one === this.choice.operator })));
    this.bandPlace = h("div", { class: "segments", role: "group", "aria-label": t("coverage.band") });
    this.drawBands();
    const slider = (name, min, max, step, unit) => {
      const value = h("output", { class: "num", text: `${this.choice[name]} ${unit}` });
      const input = h("input", { type: "range", id: `try-${name}`, min, max, step, value: this.choice[name], oninput: (event) => { this.change({ [name]: Number(event.target.value) }); setText(value, `${event.target.value} ${unit}`); } });
      return h("div", { class: "coverage-field is-slider" }, h("label", { for: input.id, text: t(`coverage.try.${name}`) }), input, value);
    };
    this.place();
    return [h("p", { class: "dim", text: t(this.choice.siteId ? "coverage.try.hint_site" : "coverage.try.hint", { name: this.choice.name ?? "" }) }),
      h("div", { class: "coverage-field" }, h("label", { for: "try-operator", text: t("coverage.operator") }), this.operator), this.bandPlace,
      slider("height_m", 5, 80, 1, "m"), slider("first", 0, 359, 5, "°"), slider("sectors", 1, 6, 1, ""), slider("tilt_deg", 0, 15, 1, "°"),
      this.told, h("div", { class: "best" }, this.asker(), (this.bestPlace ??= h("div", { role: "status" }))), this.choice.siteId && h("button", { type: "button", class: "action", text: t("coverage.try.new"), onclick: () => this.imagine(null) })].filter(Boolean);
  }

  /** How many sites are asked for, and the button that asks where they help most. */
  asker() {
    const count = h("input", { type: "number", id: "best-count", class: "num", min: 1, max: SITES_MOST, value: this.count, "aria-label": t("coverage.best.count"), onchange: () => { count.value = this.count = Math.max(1, Math.min(SITES_MOST, Math.round(Number(count.value)) || SITES_ASKED)); } });
    return h("div", { class: "best-ask" }, count, h("button", { type: "button", class: "action", text: t("coverage.best.ask"), onclick: () => this.askBest() }));
  }

  drawBands() {
    const bands = [...new Set(this.standing().bands.filter((one) => one.operators.includes(this.choice.operator)).map((one) => one.band))];
    this.choice.bands = this.choice.bands?.filter((band) => bands.includes(band)) ?? bands.slice(0, 1);
    if (!this.choice.bands.length) this.choice.bands = bands.slice(0, 1);
    this.bandPlace.replaceChildren(...bands.map((band) => h("button", { type: "button", class: "segment", "aria-pressed": String(this.choice.bands.includes(band)), text: band, onclick: () => this.toggleBand(band) })));
  }

  toggleBand(band) {
    const held = this.choice.bands;
    const bands = held.includes(band) ? held.filter((one) => one !== band) : [...held, band];
    if (bands.length && bands.length <= 4) this.change({ bands });
    this.drawBands();
  }

  change(part) {
    Object.assign(this.choice, part);
    if (part.operator) this.drawBands();
    this.later();
  }

  /** Try a site that stands with other values, or (null) a new one. */
  imagine(site) {
    this.choice = site && !site.id
      ? { ...this.choice, siteId: null, lon: site.lon, lat: site.lat }
      : site
      ? { ...this.choice, siteId: site.id, name: site.name, lon: site.lon, lat: site.lat, operator: site.operator, bands: site.bands.slice(0, 4), first: site.azimuths_deg[0] ?? 0, sectors: Math.min(6, Math.max(1, site.azimuths_deg.length)) }
      : { ...FIRST, operator: this.choice.operator, lon: this.choice.lon, lat: this.choice.lat };
    this.again();
  }

  place() {
    this.choice.lon ??= this.view.centre()[0];
    this.choice.lat ??= this.view.centre()[1];
    this.mark?.remove();
    this.onPlaced();
    const shape = this.L.divIcon({ html: h("span", { class: "imagined-mark", text: "▲" }), className: "mark-box", iconSize: [30, 30] });
    this.mark = this.L.marker([this.choice.lat, this.choice.lon], { icon: shape, draggable: true, pane: "imagined", autoPan: true, title: t("coverage.try.drag"), alt: t("coverage.try.drag") }).addTo(this.map);
    this.mark.on("drag", () => this.moved());
    this.mark.on("dragend", () => this.moved());
    this.later();
  }

  moved() {
    const { lat, lng } = this.mark.getLatLng();
    Object.assign(this.choice, { lon: Number(lng.toFixed(6)), lat: Number(lat.toFixed(6)) });
    this.later();
  }

  // One question at a time; what changed meanwhile is asked when the answer is there, so that dragging is followed.
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), SETTLES_MS);
  }

  async ask() {
    if (this.asking) {
      this.waiting = true;
      return;
    }
    this.asking = true;
    try {
      const { asked, said } = judgedBy(this.choice.bands, this.standing().bands);
      this.show(await postJson("/api/v1/coverage/what-if", { ...bodyOf(this.choice), ...asked }), said);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.overlay?.remove();
      this.told.replaceChildren(h("p", { class: "is-late", text: failure.passing ? t("error.unanswered") : failure.message || t("error.unknown") }));
    } finally {
      this.asking = false;
      if (this.waiting) this.ask();
      this.waiting = false;
    }
  }

  show(told, judged) {
    if (!this.mark) return;
    const former = this.overlay;
    this.overlay = this.L.imageOverlay(told.picture, told.bounds, { pane: "effect", opacity: 0.8, className: "coverage-tile" }).addTo(this.map);
    former?.remove();
    const line = (name, unit) => h("tr", {}, h("th", { scope: "row", text: t(`coverage.try.${name}`) }), h("td", { class: "num", text: `${number(told[name].before)}${unit}` }), h("td", { class: "num", text: `${number(told[name].after)}${unit}` }), h("td", { class: "num", text: difference(told[name]) }));
    this.told.replaceChildren(h("table", { class: "coverage-table" }, h("thead", {}, h("tr", {}, ["what", "before", "after", "by"].map((name, n) => h("th", { scope: "col", class: n ? "num" : "", text: n ? t(`coverage.try.${name}`) : t("coverage.try.what", { technology: judged }) })))), h("tbody", {}, line("people", ""), line("area_km2", " km²"))),
      h("ul", { class: "coverage-legend" }, ["served", "better", "worse"].map((name) => h("li", {}, h("i", { class: `swatch is-${name}` }), h("span", { text: t(`coverage.try.${name}`) })))), h("p", { class: "dim num", text: t("coverage.try.took", { ms: number(told.took_ms) }) }));
  }

  /** Where new sites like this one would help the operator's customers most; a pick is tried with a click. */
  async askBest() {
    this.picks.clearLayers();
    this.bestPlace.replaceChildren(h("progress"));
    try {
      const told = await postJson("/api/v1/coverage/plan", planOf(this.choice, this.standing().bands, this.count));
      this.drawPicks(told.features);
      this.bestPlace.replaceChildren(told.features.length ? h("ul", { class: "area-list" }, told.features.map((one) => this.pick(one))) : h("p", { class: "empty", text: t("coverage.best.none") }),
        h("p", { class: "dim num", text: t("coverage.best.took", { n: number(told.candidates), before: number(Math.round(told.before.people)), after: number(Math.round(told.after.people)), dbm: told.threshold_dbm }) }));
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.bestPlace.replaceChildren(h("p", { class: "is-late", text: failure.passing ? t("error.unanswered") : failure.message || t("error.unknown") }));
    }
  }

  /** The picks as numbers on the map. */
  drawPicks(features) {
    this.picks.addTo(this.map);
    for (const { geometry: { coordinates: [lon, lat] }, properties: { order } } of features) {
      const shape = this.L.divIcon({ html: h("span", { class: "pick-mark num", text: String(order) }), className: "mark-box", iconSize: [22, 22] });
      this.L.marker([lat, lon], { icon: shape, pane: "imagined", keyboard: false }).addTo(this.picks).on("click", () => this.imagine({ ...this.choice, id: null, lon, lat }));
    }
  }

  pick({ geometry, properties: one }) {
    const [lon, lat] = geometry.coordinates;
    const why = [t("coverage.best.per_cost", { n: number(one.people_per_cost) }), one.nearest_site_m && t("coverage.best.nearest", { away: distance(one.nearest_site_m) }), one.second && t("coverage.best.second", { n: number(one.second.people) })].filter(Boolean).join(" · ");
    return h("li", {}, h("button", { type: "button", class: "area-row is-pick", onclick: () => this.imagine({ ...this.choice, id: null, lon, lat }) }, h("b", { class: "num", text: String(one.order) }),
      h("span", { class: "num grow" }, h("span", { text: t("coverage.best.gain", { people: number(one.people), area: one.area_km2.toFixed(1) }) }), h("small", { class: "dim num", text: why })), h("span", { class: "dim num", text: t(`coverage.best.${one.kind}`, { m: number(one.ground_m) }) })));
  }

  closed() {
    clearTimeout(this.timer);
    this.mark?.remove();
    this.overlay?.remove();
    this.picks.clearLayers();
    this.bestPlace?.replaceChildren();
    this.mark = this.overlay = null;
  }
}
