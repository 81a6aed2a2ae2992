// The wall's coverage scene: the layer, the sites that are out, and what the county's coverage comes to.

import { getJson } from "./api.mjs";
import { CoverageRaster, SiteMarks, followCoverage } from "./coverage_layer.mjs";
import { firstLayer, isShown, scaleOf, spanOf } from "./coverage_model.mjs";
import { h } from "./dom.mjs";
import { number, percent } from "./format.mjs";
import { t } from "./words.mjs";

const OUTAGES_SHOWN = 4;

/** The scene; it asks for nothing before it is shown for the first time. */
export class CoverageScene {
  constructor(view, { live, root }) {
    Object.assign(this, { view, live });
    this.card = h("section", { class: "coverage-scene", hidden: true, "aria-label": t("coverage.page_title") });
    root.append(this.card);
  }

  show(shown) {
    this.shown = shown;
    this.card.hidden = !shown;
    if (shown && !this.raster) this.begin();
    this.paint();
  }

  begin() {
    this.raster = new CoverageRaster(this.view, { opacity: 0.6 });
    this.marks = new SiteMarks(this.view);
    this.marks.toggle(false);
    followCoverage(this.live, (standing) => this.changed(standing));
  }

  async changed(standing) {
    this.standing = standing;
    this.paint();
    if (!isShown(standing)) return this.card.replaceChildren(h("p", { text: t(`coverage.state.${standing.state}`) }));
    const [sites, { county }, outages] = await Promise.all([getJson("/api/v1/sites"), getJson("/api/v1/coverage/figures"), getJson("/api/v1/outages")]);
    this.marks.set(sites.items);
    return this.draw(standing, county, outages.items);
  }

  paint() {
    this.raster?.show(this.shown && isShown(this.standing) ? this.standing.tiles : null, firstLayer());
    if (this.marks) this.marks.hideOutages(!this.shown);
  }

  draw(standing, county, outages) {
    const scale = scaleOf(standing, firstLayer());
    const figure = (name, share) => h("div", { class: "figure" }, h("b", { class: "num", text: percent(share) }), h("span", { text: t(`coverage.${name}`) }));
    const line = (one) => h("li", {}, h("b", { text: one.name }), h("span", { class: "num", text: one.people === null ? t("coverage.affected_unknown") : t("coverage.affected", { people: number(one.people), area: one.area_km2.toFixed(1) }) }));
    this.card.replaceChildren(...[
      standing.state === "renewing" && h("p", { class: "dim", text: t("coverage.state.renewing") }),
      h("div", { class: "scene-figures" }, figure("people_share", county.people_share), figure("area_share", county.area_share), figure("road_share", county.road_share)),
      h("ul", { class: "scene-legend" }, scale.map((one, n) => h("li", {}, h("i", { class: "swatch", style: `background:${one.colour}` }), h("span", { text: one.label }), h("span", { class: "num dim", text: spanOf(scale, n) })))),
      h("p", { class: outages.length ? "late" : "dim", text: outages.length ? t("coverage.outages_standing", { n: number(outages.length) }) : t("coverage.scene_no_outages", { sites: number(standing.sites) }) }),
      outages.length ? h("ul", { class: "scene-outages" }, outages.slice(0, OUTAGES_SHOWN).map(line)) : ""].filter(Boolean));
  }
}
