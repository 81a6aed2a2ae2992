// Towns by a figure: five classes on the map, a legend with their ends, and a click that narrows the page to a town.

import { h } from "./dom.mjs";
import { nameOf } from "./names.mjs";
import { classes, valueText } from "./summary_format.mjs";
import { spread } from "./summary_labels.mjs";
import { lay, layOf } from "./tiles.mjs";
import { language, t } from "./words.mjs";

/** The choropleth over dash-leaflet's map. */
export class TownMap {
  constructor(map, { shapes, bbox, onTown }) {
    this.L = window.L;
    Object.assign(this, { map, onTown });
    this.layers = new Map();
    map.attributionControl?.setPrefix(false);
    map.options.zoomSnap = 0.25;
    map.scrollWheelZoom.disable(); // the page itself is scrolled
    const lie = layOf({ wall: false, width: window.innerWidth, ratio: window.devicePixelRatio || 1 });
    map.eachLayer((layer) => layer instanceof this.L.TileLayer && lay(layer, lie));
    this.L.geoJSON(shapes, { onEachFeature: (feature, layer) => this.add(feature, layer) }).addTo(map);
    this.legend = h("div", { class: "legend" });
    map.getContainer().append(this.legend);
    new ResizeObserver(() => this.fit(bbox)).observe(map.getContainer());
    map.on("zoomend", () => this.part());
    this.onPaper(bbox);
    this.fit(bbox);
  }

  /** Paper has a size of its own: the map takes it before the sheet is laid out, else its edge is cut off. */
  onPaper(bbox) {
    const root = document.documentElement;
    const turn = (printing) => () => {
      root.classList.toggle("is-printing", printing);
      this.fit(bbox);
    };
    window.addEventListener("beforeprint", turn(true));
    window.addEventListener("afterprint", turn(false));
  }

  fit(bbox) {
    this.map.invalidateSize({ pan: false });
    if (bbox) this.map.fitBounds([[bbox[1], bbox[0]], [bbox[3], bbox[2]]], { padding: [8, 8], animate: false });
    this.part();
  }

  /** Let no town's name cover another's: English ones are long. */
  part() {
    const tips = [...this.layers.values()].map(({ layer }) => layer.getTooltip()).filter((tip) => tip.getElement());
    const boxes = tips.map((tip) => {
      const { x, y } = this.map.latLngToContainerPoint(tip.getLatLng());
      return { x, y, width: tip.getElement().offsetWidth, height: tip.getElement().offsetHeight };
    });
    spread(boxes).forEach((offset, i) => {
      tips[i].options.offset = offset;
      tips[i].setLatLng(tips[i].getLatLng());
    });
  }

  add(feature, layer) {
    const name = feature.properties.name_zh;
    const label = h("span");
    layer.bindTooltip(label, { permanent: true, direction: "center", className: "town-label" });
    layer.on("click", () => this.onTown(name));
    this.layers.set(name, { layer, label, shown: nameOf(feature.properties, name, language()) });
  }

  /** Draw one figure by town. */
  draw(row, towns) {
    const value = new Map(towns.map((town) => [town.name, town.figures[row.id]?.value ?? null]));
    const names = [...this.layers.keys()];
    const found = classes(names.map((name) => value.get(name) ?? null));
    names.forEach((name, i) => {
      const { layer, label, shown } = this.layers.get(name);
      layer.setStyle({ weight: 1 });
      layer.getElement()?.setAttribute("class", `leaflet-interactive town c${found[i] ?? 0}`);
      label.replaceChildren(h("b", { text: shown }), h("span", { class: "num", text: valueText(row, value.get(name) ?? null) }));
    });
    this.part();
    const known = [...value.values()].filter((one) => one !== null);
    const [low, high] = known.length ? [Math.min(...known), Math.max(...known)] : [null, null];
    this.legend.replaceChildren(
      h("span", { text: nameOf(row, row.id, language()) }), h("span", { class: "num", text: valueText(row, low) }),
      ...[1, 2, 3, 4, 5].map((step) => h("i", { class: `swatch c${step}` })),
      h("span", { class: "num", text: valueText(row, high) }), h("i", { class: "swatch c0" }), h("span", { text: t("summary.legend_no") }));
  }
}
