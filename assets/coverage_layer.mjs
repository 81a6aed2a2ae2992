// The coverage on a map: one tile layer that changes with its content, the sites, and the outages that stand.

import { getJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { number } from "./format.mjs";
import { tilesOf, wedge } from "./coverage_model.mjs";
import { t } from "./words.mjs";

const WEDGES_FROM_ZOOM = 13;
const WEDGE_PX = 20;
const DOT_PX = 3.5;
const FAR_PX = 2; // of a whole county on a telephone the dots would hide what they stand on
const FAR_BELOW_ZOOM = 10;
const CLEAR = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

/** The raster of one layer; `show(null)` takes it away. */
export class CoverageRaster {
  constructor(view, { opacity = 0.55 } = {}) {
    Object.assign(this, { L: window.L, map: view.map, opacity });
    view.pane("coverage", 250);
  }

  show(tiles, layer) {
    const url = tiles && layer ? tilesOf(tiles, layer) : null;
    if (url === this.url) return;
    this.url = url;
    const former = this.tiles;
    this.tiles = null;
    if (!url) return former?.remove();
    // The new picture comes before the old one goes, so that the map does not blink.
    this.tiles = this.L.tileLayer(url, { pane: "coverage", tileSize: 512, zoomOffset: -1, minNativeZoom: 5, opacity: this.opacity, className: "coverage-tile", errorTileUrl: CLEAR, updateWhenZooming: false, keepBuffer: 1 });
    if (former) this.tiles.once("load", () => former.remove());
    this.tiles.addTo(this.map);
  }

  setOpacity(opacity) {
    this.opacity = opacity;
    this.tiles?.setOpacity(opacity);
  }
}

/** Sites as dots, near as wedges of their sectors; those that are out as marks of their own. */
export class SiteMarks {
  constructor(view, { onSelect = null } = {}) {
    Object.assign(this, { L: window.L, map: view.map, onSelect, sites: [], shown: true });
    view.pane("sites", 430);
    view.pane("outages", 440);
    this.canvas = this.L.canvas({ pane: "sites", padding: 0.2 });
    this.dots = this.L.layerGroup().addTo(this.map);
    this.wedges = this.L.layerGroup().addTo(this.map);
    this.outs = this.L.layerGroup().addTo(this.map);
    this.map.on("moveend", () => this.drawWedges());
    this.map.on("zoomend", () => this.size());
  }

  size() {
    const radius = this.map.getZoom() < FAR_BELOW_ZOOM ? FAR_PX : DOT_PX;
    this.dots.eachLayer((dot) => dot.getRadius() !== radius && dot.setRadius(radius));
  }

  set(sites) {
    this.sites = sites;
    this.draw();
  }

  toggle(shown) {
    this.shown = shown;
    this.draw();
  }

  /** Leave the sites away while other points must be told apart. */
  quieten(quiet) {
    if (quiet === Boolean(this.quiet)) return;
    this.quiet = quiet;
    this.draw();
  }

  /** Take the outages off the map too, where another scene is shown. */
  hideOutages(hidden) {
    if (hidden) this.outs.remove();
    else this.outs.addTo(this.map);
  }

  filter(passes) {
    this.passes = passes;
    this.draw();
  }

  get visible() {
    return this.shown && !this.quiet ? this.sites.filter((site) => !this.passes || this.passes(site)) : [];
  }

  draw() {
    for (const group of [this.dots, this.outs]) group.clearLayers();
    const style = getComputedStyle(document.documentElement);
    const [rim, fill, late] = ["--mark-rim", "--text", "--late"].map((name) => style.getPropertyValue(name).trim());
    for (const site of this.visible) {
      const dead = !site.in_service;
      const dot = this.L.circleMarker([site.lat, site.lon], { renderer: this.canvas, radius: DOT_PX, weight: 1, color: rim, fillColor: dead ? late : fill, fillOpacity: dead ? 1 : 0.85 });
      dot.bindTooltip(() => this.told(site), { direction: "top", offset: [0, -4] });
      if (this.onSelect) dot.on("click", (event) => this.chosen(event, site));
      dot.addTo(this.dots);
    }
    // An outage is shown whatever is filtered: nobody is to overlook it.
    for (const site of this.sites.filter((one) => one.outage)) this.drawOutage(site);
    this.size();
    this.drawWedges();
  }

  drawOutage(site) {
    const mark = h("span", { class: "outage-mark", text: "✕" });
    const shape = this.L.divIcon({ html: mark, className: "mark-box", iconSize: [22, 22] });
    const marker = this.L.marker([site.lat, site.lon], { icon: shape, pane: "outages", keyboard: false }).addTo(this.outs);
    marker.bindTooltip(() => this.told(site), { direction: "top", offset: [0, -10] });
    if (this.onSelect) marker.on("click", (event) => this.chosen(event, site));
  }

  chosen(event, site) {
    this.L.DomEvent.stopPropagation(event);
    this.onSelect(site);
  }

  told(site) {
    const state = site.outage ? t("coverage.site.outage") : site.in_service ? "" : t("coverage.site.off");
    return h("div", { class: "site-told" }, h("b", { text: site.name }), h("span", { class: "dim", text: [site.operator_name, site.bands.join(" "), t("coverage.site.cells", { n: number(site.cells) })].join(" · ") }), state && h("span", { class: "is-late", text: state }));
  }

  drawWedges() {
    this.wedges.clearLayers();
    if (this.map.getZoom() < WEDGES_FROM_ZOOM) return;
    const bounds = this.map.getBounds();
    const style = getComputedStyle(document.documentElement);
    const colour = style.getPropertyValue("--text").trim();
    for (const site of this.visible) {
      if (site.indoor || !bounds.contains([site.lat, site.lon])) continue;
      const at = this.map.latLngToLayerPoint([site.lat, site.lon]);
      for (const azimuth of site.azimuths_deg) {
        const corners = wedge(azimuth, WEDGE_PX).map(([x, y]) => this.map.layerPointToLatLng([at.x + x, at.y + y]));
        this.L.polygon(corners, { renderer: this.canvas, interactive: false, weight: 1, color: colour, opacity: 0.9, fillColor: colour, fillOpacity: 0.25 }).addTo(this.wedges);
      }
    }
  }
}

/** Follow the coverage's version in the heartbeats: `changed` is called with the new standing, and once at first. */
export function followCoverage(live, changed, failed = () => {}) {
  let shown = null;
  let asking = false;
  const ask = async (version) => {
    if (asking) return;
    asking = true;
    try {
      const standing = await getJson("/api/v1/coverage");
      shown = standing.version;
      await changed(standing);
    } catch (failure) {
      failed(failure);
    } finally {
      asking = false;
    }
    // It may have changed once more while we asked.
    if (version && live.beat?.coverage && live.beat.coverage !== shown && live.beat.coverage !== version) ask(live.beat.coverage);
  };
  live.onStanding((_standing, beat) => {
    if (beat?.coverage && beat.coverage !== shown) ask(beat.coverage);
  });
  ask("");
}
