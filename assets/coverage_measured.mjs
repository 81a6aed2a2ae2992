// Measured over predicted: a file is compared, its cells are drawn by how far they are off, and a correction is used or undone.

import { Problem, getJson, postFile, postJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { instant, number, toMs } from "./format.mjs";
import { t } from "./words.mjs";

/** Classes of measured minus predicted in dB, each up to its limit; colours that the colour-blind tell apart. */
export const CLASSES = [
  { name: "far_below", below: -12, colour: "#b35806" },
  { name: "below", below: -6, colour: "#f1a340" },
  { name: "near", below: 6, colour: "#f7f7f7" },
  { name: "above", below: 12, colour: "#998ec3" },
  { name: "far_above", below: Infinity, colour: "#542788" },
];
const DOT_PX = 4;

/** The class of a difference in dB. */
export const classOf = (difference) => CLASSES.find((one) => difference < one.below);

/** Where a file is sent: to be compared only, or to be corrected by. */
export const measuredPath = (name, operator, apply) => `/api/v1/coverage/measured?${new URLSearchParams({ name: name.slice(0, 120), ...(operator ? { operator } : {}), apply })}`;

/** What was left out, by reason, in words; empty where nothing was. */
export function leftOutText({ taken, outside, silent, strays, too_few: few }) {
  const refused = Object.entries(taken.refused).map(([reason, n]) => t(`coverage.measured.reason.${reason}`, { n: number(n) })).join(t("format.comma"));
  return [refused && t("coverage.measured.refused", { reasons: refused }), outside && t("coverage.measured.outside", { n: number(outside) }), silent && t("coverage.measured.silent", { n: number(silent) }), strays && t("coverage.measured.strays", { n: number(strays) }),
    ...Object.entries(few).map(([band, n]) => t("coverage.measured.few", { band, n: number(n) }))].filter(Boolean);
}

const dB = (value) => (value === null ? t("format.none") : value.toFixed(1));

/** Errors by band, before and after, on ground the fit has not seen. */
export function errorTable(bands) {
  const pair = ({ before, after }, name) => h("td", { class: "num" }, h("span", { text: dB(before[name]) }), h("span", { class: "dim", text: " → " }), h("b", { text: dB(after[name]) }));
  const cells = bands.reduce((sum, one) => sum + one.held_out.before.cells, 0);
  return [h("table", { class: "coverage-table measured-errors" }, h("thead", {}, h("tr", {}, ["band", "bias", "rmse"].map((name, n) => h("th", { scope: "col", class: n ? "num" : "", text: t(`coverage.measured.${name}`) })))),
    h("tbody", {}, bands.map((one) => h("tr", {}, h("td", { text: one.band }), pair(one.held_out, "bias_db"), pair(one.held_out, "rmse_db"))))), h("p", { class: "dim num", text: t("coverage.measured.held_out", { n: number(cells) }) })];
}

/** The panel and its layer on the map. */
export class MeasuredPanel {
  constructor({ view, standing, now, may, tell, onShown = () => {} }) {
    Object.assign(this, { L: window.L, map: view.map, standing, now, may, tell, onShown, operator: "" });
    view.pane("measured", 425);
    this.canvas = this.L.canvas({ pane: "measured", padding: 0.2 });
    this.points = this.L.layerGroup();
  }

  async draw() {
    const standing = await getJson("/api/v1/coverage/correction");
    this.points.addTo(this.map);
    this.told();
    return [this.inForce(standing), ...(this.may ? this.chooser() : []), this.place ??= h("div", { class: "measured-told", role: "status", "aria-live": "polite" })];
  }

  /** Where measured points are drawn, sites of the same size are left away. */
  told() {
    this.onShown(this.map.hasLayer(this.points) && this.points.getLayers().length > 0);
  }

  inForce({ stands, taken }) {
    if (!stands) return h("p", { class: "dim", text: t("coverage.measured.none") });
    const who = taken ? t("coverage.measured.by", { who: taken.by, at: instant(toMs(taken.at), this.now()), source: taken.source }) : t("coverage.measured.unknown");
    const undo = this.may && h("button", { type: "button", class: "action", text: t("coverage.measured.undo"), onclick: () => this.sure(undo, taken?.at ?? "") });
    return h("section", { class: "in-force" }, h("h3", { text: t("coverage.measured.in_force") }), h("p", { class: "dim", text: who }), taken?.bands.length ? errorTable(taken.bands) : "", undo);
  }

  /** The first press asks, the second does it. */
  sure(button, at) {
    if (!button.classList.contains("grave")) {
      button.classList.add("grave");
      button.textContent = t("coverage.measured.undo_sure");
      return;
    }
    button.disabled = true;
    this.send(() => postJson("/api/v1/coverage/correction/undo", { at }), "coverage.measured.undone");
  }

  chooser() {
    const { operators = [], operator_names: names = {} } = this.standing() ?? {};
    const file = h("input", { type: "file", id: "measured-file", accept: ".csv", "aria-label": t("coverage.measured.file"), onchange: () => this.compare(file.files[0]) });
    const whose = h("select", { id: "measured-operator", onchange: () => { this.operator = whose.value; } }, ["", ...operators].map((one) => h("option", { value: one, text: one ? names[one] : t("coverage.measured.any_operator"), selected: one === this.operator })));
    return [h("p", { class: "dim", text: t("coverage.measured.hint") }), h("div", { class: "coverage-field is-wide" }, h("label", { for: "measured-operator", text: t("coverage.measured.operator") }), whose), h("div", { class: "import-file" }, file, h("label", { class: "action main", for: "measured-file", text: t("coverage.measured.file") }))];
  }

  async compare(file) {
    if (!file) return;
    this.file = file;
    this.points.clearLayers();
    this.place.replaceChildren(h("p", { class: "dim", text: t("coverage.measured.comparing") }), h("progress"));
    try {
      this.show(await postFile(measuredPath(file.name, this.operator, false), file));
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.place.replaceChildren(h("p", { class: "is-late", text: failure.passing ? t("error.unanswered") : failure.message || t("error.unknown") }));
    }
  }

  show(told) {
    const { features } = told.measured;
    const counts = new Map(CLASSES.map((one) => [one, 0]));
    for (const feature of features) {
      const kind = classOf(feature.properties.difference_db);
      counts.set(kind, counts.get(kind) + 1);
      this.dot(feature, kind);
    }
    this.told();
    if (features.length) this.map.fitBounds(features.map(({ geometry: { coordinates: [lon, lat] } }) => [lat, lon]), { padding: [40, 40], maxZoom: 15, animate: false });
    const legend = h("ul", { class: "coverage-legend" }, [...counts].map(([one, n]) => h("li", {}, h("i", { class: "swatch", style: `background:${one.colour}` }), h("span", { class: "grow", text: t(`coverage.measured.class.${one.name}`) }), h("span", { class: "num dim", text: number(n) }))));
    const use = told.bands.length > 0 && h("button", { type: "button", class: "action main", text: t("coverage.measured.apply"), onclick: () => { use.disabled = true; this.send(() => postFile(measuredPath(this.file.name, this.operator, true), this.file), "coverage.measured.applied"); } });
    this.place.replaceChildren(...[h("h3", { text: `${t("coverage.measured.map")} · ${this.file.name}` }), h("p", { class: "num", text: t("coverage.measured.rows", { rows: number(told.taken.rows), accepted: number(told.taken.accepted), cells: number(told.cells) }) }),
      ...leftOutText(told).map((text) => h("p", { class: "dim num", text })), legend, features.length < told.cells && h("p", { class: "dim num", text: t("coverage.measured.shown", { shown: number(features.length), cells: number(told.cells) }) }),
      ...(told.bands.length ? errorTable(told.bands) : []), use].filter(Boolean));
  }

  dot({ geometry: { coordinates: [lon, lat] }, properties: one }, { colour }) {
    const dot = this.L.circleMarker([lat, lon], { renderer: this.canvas, radius: DOT_PX, weight: 1, color: "#1a1f26", opacity: 0.7, fillColor: colour, fillOpacity: 1 });
    const said = { measured: one.measured_dbm.toFixed(0), predicted: one.predicted_dbm.toFixed(0), difference: `${one.difference_db > 0 ? "+" : ""}${one.difference_db.toFixed(1)}`, band: one.band };
    dot.bindTooltip(() => h("span", { class: "num", text: t("coverage.measured.point", said) }), { direction: "top", offset: [0, -4] }).addTo(this.points);
  }

  /** Do it, say so, and show what stands now; the map follows by itself once the county is predicted anew. */
  async send(deed, done) {
    try {
      await deed();
      this.tell(t(done));
      this.points.clearLayers();
      this.told();
      this.place.replaceChildren();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.tell(failure.passing ? t("error.unanswered") : failure.message || t("error.unknown"), "warn");
    }
    this.again();
  }

  closed() {
    this.points.remove();
    this.told();
  }
}
