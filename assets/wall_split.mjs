// The wall's split scene: cases and units on one map, sensing and coverage of the same ground on another beside it.

import { h } from "./dom.mjs";
import { t } from "./words.mjs";
import { CoverageScene } from "./wall_coverage.mjs";

const STILL = { zoomControl: false, attributionControl: false, dragging: false, scrollWheelZoom: false, doubleClickZoom: false, touchZoom: false, boxZoom: false, keyboard: false, zoomAnimation: false };

/** The second half; nothing of it is made before it is shown for the first time. */
export class SplitScene {
  constructor(view, { live, root, sensing }) {
    Object.assign(this, { L: window.L, view, live, sensing });
    this.over = h("div", { class: "map-over" });
    this.ground = h("div", { class: "map" });
    this.half = h("div", { class: "second-half", role: "img", "aria-label": t("wall.second_half") }, this.ground, this.over);
    root.append(this.half);
  }

  show(shown) {
    this.shown = shown;
    // A page that has just opened may have no ground yet.
    this.view.map.whenReady(() => this.turn());
  }

  turn() {
    const { shown } = this;
    if (shown && !this.map) this.begin();
    this.coverage?.show(shown);
    if (!shown) return;
    this.map.invalidateSize({ pan: false });
    this.follow();
    this.sensing?.enter(this.map);
  }

  begin() {
    const main = this.view.map;
    const { minZoom, maxZoom, zoomSnap } = main.options;
    this.map = this.L.map(this.ground, { ...STILL, minZoom, maxZoom, zoomSnap, center: main.getCenter(), zoom: main.getZoom() });
    main.eachLayer((layer) => {
      if (layer.options.className === "basemap") this.main = layer;
    });
    this.base = this.L.tileLayer(this.main._url, { ...this.main.options }).addTo(this.map);
    new ResizeObserver(() => this.map.invalidateSize({ pan: false })).observe(this.ground);
    main.on("move zoomend", () => this.follow());
    const half = { map: this.map, pane: (name, z) => { this.map.createPane(name).style.zIndex = z; } };
    this.coverage = new CoverageScene(half, { live: this.live, root: this.over });
  }

  /** Show the ground that the first half shows, painted by the same county. */
  follow() {
    if (!this.shown) return;
    if (this.base._url !== this.main._url) this.base.setUrl(this.main._url);
    this.map.setView(this.view.map.getCenter(), this.view.map.getZoom(), { animate: false });
  }
}
