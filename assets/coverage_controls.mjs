// The left side of the coverage page: which layer is shown, how strongly, its legend, what else lies on the map, files.

import { h, setAttr, setText } from "./dom.mjs";
import { QUANTITIES, TECHNOLOGIES, bandsFor, isShown, scaleOf, spanOf, whichQuery } from "./coverage_model.mjs";
import { t } from "./words.mjs";

const FORMS = ["xlsx", "geojson", "tif"];
const SITE_MARKS = ["in_service", "off", "outage", "sector"];

const segment = (name, values, label, choose) => h("div", { class: "segments", role: "group", "aria-label": t(`coverage.pick.${name}`) }, values.map((value) => h("button", { type: "button", class: "segment", "data-value": value, text: label(value), onclick: () => choose(value) })));

/** What the marks of sites mean. */
export const siteLegend = (shown) => h("ul", { class: "coverage-legend", hidden: !shown }, SITE_MARKS.map((name) => h("li", {}, h("i", { class: `site-mark is-${name}`, text: name === "outage" ? "✕" : "" }), h("span", { text: t(`coverage.mark.${name}`) }))));

/** The panel; `onLayer` hears of every choice, `toggles` are what else can be shown: name to (shown) => void. */
export class Controls {
  constructor(root, { layer, onLayer, onOpacity, toggles, below = null }) {
    Object.assign(this, { layer, onLayer });
    this.quantity = segment("quantity", QUANTITIES, (value) => t(`coverage.quantity.${value}`), (quantity) => this.choose({ quantity }));
    this.technology = segment("technology", TECHNOLOGIES, (value) => (value === "all" ? t("coverage.all") : value), (technology) => this.choose({ technology, band: "all" }));
    this.operator = h("select", { id: "coverage-operator", onchange: (event) => this.choose({ operator: event.target.value, band: "all" }) });
    this.band = h("select", { id: "coverage-band", onchange: (event) => this.choose({ band: event.target.value }) });
    this.opacity = h("input", { type: "range", id: "coverage-opacity", min: 0, max: 100, step: 5, value: 55, oninput: (event) => onOpacity(Number(event.target.value) / 100) });
    this.legend = h("ul", { class: "coverage-legend" });
    this.source = h("p", { class: "dim coverage-source" });
    this.files = h("div", { class: "coverage-files" }, FORMS.map((form) => h("a", { class: "action", "data-form": form, download: "", text: t(`coverage.export.${form}`) })));
    const legends = { sites: siteLegend(toggles.sites?.shown) };
    const turn = (name, set) => (event) => { set(event.target.checked); if (legends[name]) legends[name].hidden = !event.target.checked; };
    const switches = Object.entries(toggles).map(([name, { shown, set }]) => [h("label", { class: "switch" }, h("input", { type: "checkbox", checked: shown, onchange: turn(name, set) }), h("span", { text: t(`coverage.show.${name}`) })), legends[name] ?? ""]);
    const field = (name, element) => h("div", { class: "coverage-field" }, h("label", { for: element.id, text: t(`coverage.${name}`) }), element);
    root.append(
      h("section", {}, h("h3", { text: t("coverage.layers") }), this.quantity, this.technology, field("operator", this.operator), field("band", this.band), field("opacity", this.opacity)),
      h("section", {}, h("h3", { text: t("coverage.legend") }), this.legend, this.source),
      h("section", {}, h("h3", { text: t("coverage.on_map") }), switches, below ?? ""),
      h("section", {}, h("h3", { text: t("coverage.files") }), this.files));
  }

  choose(part) {
    this.layer = { ...this.layer, ...part };
    this.draw();
    this.onLayer(this.layer);
  }

  /** Take what is known; a layer that is no more there becomes the first one. */
  set(standing) {
    this.standing = standing;
    if (isShown(standing) && this.layer.operator !== "all" && !standing.operators.includes(this.layer.operator)) this.layer = { ...this.layer, operator: "all", band: "all" };
    this.draw();
    return this.layer;
  }

  draw() {
    const { standing, layer } = this;
    for (const [group, chosen] of [[this.quantity, layer.quantity], [this.technology, layer.technology]]) {
      for (const button of group.children) setAttr(button, "aria-pressed", String(button.dataset.value === chosen));
    }
    if (!standing) return;
    const option = (value, text) => h("option", { value, text });
    this.operator.replaceChildren(option("all", t("coverage.all_operators")), ...standing.operators.map((one) => option(one, standing.operator_names[one])));
    this.operator.value = layer.operator;
    const bands = bandsFor(standing, layer);
    this.band.replaceChildren(option("all", t("coverage.all_bands")), ...bands.map((one) => option(one, one)));
    this.band.value = bands.includes(layer.band) ? layer.band : "all";
    this.drawLegend();
    for (const link of this.files.children) setAttr(link, "href", `/api/v1/coverage/export/${link.dataset.form}?${whichQuery(layer)}`);
  }

  drawLegend() {
    const { standing, layer } = this;
    const scale = scaleOf(standing, layer);
    if (layer.quantity === "server") {
      this.legend.replaceChildren(h("li", { class: "dim", text: t("coverage.server_legend") }));
      return setText(this.source, "");
    }
    const unit = layer.quantity === "sinr" ? "dB" : "dBm";
    this.legend.replaceChildren(...scale.map((one, n) => h("li", { class: one.weak ? "is-weak" : "", title: one.source }, h("i", { class: "swatch", style: `background:${one.colour}` }), h("span", { class: "grow", text: one.label }), h("span", { class: "num dim", text: `${spanOf(scale, n)} ${unit}` }), one.weak && h("span", { class: "flag", text: t("coverage.weak") }))));
    const weak = scale.find((one) => one.weak);
    return setText(this.source, t("coverage.source", { source: weak?.source ?? "" }));
  }
}
