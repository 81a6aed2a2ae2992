// Fixed networks on the coverage map: broadband by village in three classes, the backbone's rings, links and nodes, each with its figures.

import { getJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { number, percent } from "./format.mjs";
import { importDialog } from "./import_sheet.mjs";
import { t } from "./words.mjs";

const CLASSES = [{ from: 0.95, name: "full", colour: "#2c7bb6" }, { from: 0.5, name: "half", colour: "#f6f1a9" }, { from: -1, name: "little", colour: "#d7191c" }];

/** The class of a place by the share of its households that gigabit reaches. */
export const reachClass = (share) => CLASSES.find(({ from }) => (share ?? 0) >= from);

/** A layer's figures as name and value. */
export function networkFigures(layer, figures) {
  if (layer === "backbone") return ["nodes", "links", "rings", "unringed_nodes", "out_of_service"].map((name) => [name, number(figures[name])]);
  return [...["gigabit_reach", "gigabit_take_up", "hundred_reach", "hundred_take_up"].map((name) => [name, percent(figures[name])]), ["without_gigabit", number(figures.without_gigabit)]];
}

/** The two layers of one map. */
export class NetworkLayers {
  constructor(view, { tell, may = false }) {
    Object.assign(this, { L: window.L, map: view.map, tell, may, groups: {} });
    view.pane("networks", 425);
    this.canvas = this.L.canvas({ pane: "networks" });
    this.element = h("div", { class: "network-figures" });
  }

  async toggle(layer, shown) {
    this.groups[layer]?.remove();
    delete this.groups[layer];
    this.element.querySelector(`[data-layer="${layer}"]`)?.remove();
    if (!shown) return;
    const group = (this.groups[layer] = this.L.layerGroup().addTo(this.map));
    try {
      const told = await getJson(`/api/v1/networks/${layer}`);
      for (const feature of told.features) this.draw(layer, feature).addTo(group);
      this.element.append(this.figures(layer, told));
    } catch (failure) {
      this.tell(failure.message || t("error.unanswered"), "warn");
    }
  }

  draw(layer, { geometry, properties: one }) {
    const at = ([lon, lat]) => [lat, lon];
    if (layer === "broadband") {
      const dot = this.L.circleMarker(at(geometry.coordinates), { renderer: this.canvas, radius: 4.5, weight: 1, color: "#10161c", fillColor: reachClass(one.gigabit_reach).colour, fillOpacity: 0.95 });
      return dot.bindTooltip(() => h("span", { text: t("coverage.network.place", { name: one.name, households: number(one.households), gigabit: percent(one.gigabit_reach), users: number(one.gigabit_users) }) }));
    }
    const text = () => h("span", { text: [one.name, one.ring || t("coverage.network.no_ring"), one.capacity_gbps ? `${one.capacity_gbps} Gbit/s` : ""].filter(Boolean).join(" · ") });
    if (geometry.type === "Point") return this.L.circleMarker(at(geometry.coordinates), { renderer: this.canvas, radius: 6, weight: 2, color: "#3fc4b3", fillColor: one.ring ? "#3fc4b3" : "#10161c", fillOpacity: 1 }).bindTooltip(text);
    return this.L.polyline(geometry.coordinates.map(at), { renderer: this.canvas, weight: one.ring ? 3.5 : 2, color: one.in_service ? "#3fc4b3" : "#e03138", dashArray: one.ring ? null : "5 5" }).bindTooltip(text, { sticky: true });
  }

  figures(layer, { features, figures }) {
    const bring = this.may && h("button", { type: "button", class: "action", text: t(`coverage.network.import.${layer}`), onclick: () => this.importSheet(layer) });
    if (!features.length) return h("div", { "data-layer": layer }, h("p", { class: "dim", text: t("coverage.network.none") }), bring);
    const legend = layer === "broadband" && h("ul", { class: "coverage-legend" }, CLASSES.map(({ name, colour }) => h("li", {}, h("i", { class: "swatch", style: `background:${colour}` }), h("span", { text: t(`coverage.network.${name}`) }))));
    return h("div", { "data-layer": layer }, legend || "", h("dl", {}, networkFigures(layer, figures).map(([name, value]) => [h("dt", { text: t(`coverage.network.${name}`) }), h("dd", { class: "num", text: value })])), bring);
  }

  importSheet(layer) {
    const unit = layer === "broadband" ? "places" : "parts";
    return importDialog({ what: `networks/${layer}`, accept: ".csv,.geojson", title: `coverage.network.import.${layer}`, columns: t(`import.columns.${layer}`), unit, onDone: () => this.toggle(layer, true) })();
  }
}
