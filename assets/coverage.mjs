// The coverage page: wires layers, map, lists, the site card and the site that is tried out to the live feed.

import { Problem, getJson } from "./api.mjs";
import { followCounty } from "./county.mjs";
import { SiteCard } from "./coverage_card.mjs";
import { Controls } from "./coverage_controls.mjs";
import { CoverageRaster, SiteMarks, followCoverage } from "./coverage_layer.mjs";
import { isShown, layerFrom, searchOf } from "./coverage_model.mjs";
import { MeasuredPanel } from "./coverage_measured.mjs";
import { NetworkLayers } from "./coverage_networks.mjs";
import { OutagesPanel, PlacesPanel, Side, TrendPanel, WeakPanel } from "./coverage_side.mjs";
import { TryPanel } from "./coverage_try.mjs";
import { UnderCursor } from "./coverage_under.mjs";
import { h, setText, whenPresent } from "./dom.mjs";
import { number } from "./format.mjs";
import { datumAsked, importDialog } from "./import_sheet.mjs";
import { Live } from "./live_connection.mjs";
import { MapView, whenMap } from "./map.mjs";
import { setStaleLimits } from "./marks.mjs";
import { noticePlace } from "./notices.mjs";
import { barEnd, brand } from "./navigation.mjs";
import { switchTheme } from "./preferences.mjs";
import { readBoot, t } from "./words.mjs";

const CLOSE_ZOOM = 15;

/** The page as one object. */
class CoveragePage {
  constructor(boot, places, map) {
    this.boot = boot;
    this.places = places;
    const may = (name) => boot.viewer.permissions.includes(name);
    setStaleLimits(boot.units.stale_ms);
    this.live = new Live();
    const now = () => this.live.now();
    this.tell = noticePlace();
    this.view = new MapView(map, { now, bbox: boot.county.bbox, onSelect: () => {} });
    this.layer = layerFrom(window.location.search);
    this.raster = new CoverageRaster(this.view);
    this.marks = new SiteMarks(this.view, { onSelect: (site) => this.card.open(site.id) });
    this.areas = window.L.geoJSON(null, { pane: this.pane("areas", 420), style: { className: "weak-area" }, onEachFeature: (feature, shape) => shape.bindTooltip(() => this.areaTold(feature.properties), { sticky: true }) }).addTo(map);
    this.spots = window.L.layerGroup().addTo(map);
    this.under = new UnderCursor(this.view, { busy: () => Boolean(this.trying?.mark) });
    this.networks = new NetworkLayers(this.view, { tell: this.tell, may: may("coverage.import") });
    this.controls = new Controls(places.layers, {
      layer: this.layer, onLayer: (layer) => this.chosen(layer), onOpacity: (share) => this.raster.setOpacity(share),
      toggles: { coverage: { shown: true, set: (shown) => this.showRaster(shown) }, sites: { shown: true, set: (shown) => this.marks.toggle(shown) }, broadband: { shown: false, set: (shown) => this.networks.toggle("broadband", shown) }, backbone: { shown: false, set: (shown) => this.networks.toggle("backbone", shown) } },
      below: this.networks.element,
    });
    this.card = new SiteCard(places.over, { may: { plan: may("coverage.plan"), outage: may("coverage.outage") }, now, tell: this.tell, onTry: (site) => this.trySite(site), onChanged: () => this.side.refresh() });
    this.side = this.makeSide(places.side, may, now);
    this.makeTop(places.top, may);
    map.on("click", (event) => (this.trying?.mark ? null : this.under.drop() || this.under.keep(event.latlng)));
    document.addEventListener("keydown", (event) => this.key(event));
  }

  pane(name, z) {
    this.view.pane(name, z);
    return name;
  }

  makeSide(root, may, now) {
    const layer = () => this.layer;
    const weak = new WeakPanel({ layer, onAreas: (features) => this.drawAreas(features), onGo: (one) => this.view.goTo(one, CLOSE_ZOOM) });
    const places = new PlacesPanel({ onPlaces: (shown) => this.drawSpots(shown), onGo: (place) => this.goTo(place) });
    const outages = new OutagesPanel({ now, may: may("coverage.outage"), onGo: (one) => { this.view.goTo(one, 14); this.card.open(one.site_id); }, act: (what, id) => this.card.act(what, id) });
    const trend = new TrendPanel({ layer, now });
    const measured = new MeasuredPanel({ view: this.view, standing: () => this.standing, now, may: may("coverage.import"), tell: this.tell, onShown: (shown) => this.marks.quieten(shown) });
    const panels = { weak, places, outages, trend, measured };
    if (may("coverage.plan")) this.trying = panels.try = new TryPanel({ view: this.view, standing: () => this.standing, layer, tell: this.tell, onPlaced: () => this.under.drop() });
    for (const panel of Object.values(panels)) panel.again = () => this.side.refresh();
    return new Side(root, panels);
  }

  makeTop(root, may) {
    this.counts = h("span", { class: "dim num", role: "status" });
    const bring = may("coverage.import") && h("button", { type: "button", class: "action", text: t("coverage.import"), onclick: () => this.importSheet() });
    const onTheme = () => { this.view.setTiles(this.boot.county.tiles, switchTheme()); this.marks.draw(); };
    root.append(brand(this.boot, "/coverage"), this.counts, h("div", { class: "gap" }), bring || "", ...barEnd(this.boot.viewer, { onTheme }));
  }

  importSheet() {
    const told = [["", t("coverage.import_told")]];
    const operators = (this.standing?.operators ?? []).map((one) => [one, this.standing.operator_names[one]]);
    const asks = [{ name: "operator", label: t("coverage.operator"), options: [...told, ...operators] }, { name: "technology", label: t("coverage.pick.technology"), options: [...told, ["4G", "4G"], ["5G", "5G"]] }, datumAsked()];
    return importDialog({ what: "sites", accept: ".csv,.xlsx", title: "coverage.import", columns: t("import.columns.sites"), unit: "sites", asks })();
  }

  key(event) {
    if (event.target.matches?.("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = {
      Escape: () => this.under.drop() || this.card.close(), k: () => this.under.keep(this.view.map.getCenter()), f: () => this.view.refit(),
      1: () => this.controls.choose({ technology: "all", band: "all" }), 4: () => this.controls.choose({ technology: "4G", band: "all" }), 5: () => this.controls.choose({ technology: "5G", band: "all" }),
    };
    acts[event.key]?.();
  }

  chosen(layer) {
    this.layer = layer;
    const search = searchOf(layer);
    window.history.replaceState(null, "", `${window.location.pathname}${search ? `?${search}` : ""}`);
    this.paint();
    if (["weak", "trend"].includes(this.side.now)) this.side.refresh();
  }

  showRaster(shown) {
    this.hidden = !shown;
    this.paint();
  }

  paint() {
    const ready = isShown(this.standing) && !this.hidden;
    this.raster.show(ready ? this.standing.tiles : null, this.layer);
  }

  trySite(site) {
    this.card.close();
    if (this.side.now !== "try") this.side.open("try");
    this.trying.imagine(site);
  }

  goTo(place) {
    this.view.goTo(place, CLOSE_ZOOM);
    this.under.keep(window.L.latLng(place.lat, place.lon));
  }

  drawAreas(features) {
    this.areas.clearLayers();
    if (!features.length) return;
    this.areas.addData(features);
    this.view.map.fitBounds(this.areas.getBounds(), { padding: [40, 40], maxZoom: CLOSE_ZOOM, animate: false });
  }

  areaTold(one) {
    return h("span", { class: "num", text: `${one.name} ${one.number} · ${t("coverage.area_people", { n: number(one.people) })} · ${one.area_km2.toFixed(2)} km²` });
  }

  drawSpots(shown) {
    this.spots.clearLayers();
    for (const place of shown) {
      const mark = window.L.divIcon({ html: h("span", { class: `place-mark ${place.weak ? "is-weak" : ""}` }), className: "mark-box", iconSize: [12, 12] });
      const marker = window.L.marker([place.lat, place.lon], { icon: mark, keyboard: false }).addTo(this.spots);
      marker.bindTooltip(() => h("span", { text: `${place.name} · ${place.label}` }), { direction: "top", offset: [0, -6] });
      marker.on("click", () => this.goTo(place));
    }
  }

  async standingChanged(standing) {
    this.standing = standing;
    this.layer = this.controls.set(standing);
    this.say(standing);
    this.paint();
    this.marks.set((await getJson("/api/v1/sites")).items);
    setText(this.side.panels.outages.badge, standing.outages ? number(standing.outages) : "");
    this.side.refresh();
  }

  say(standing) {
    const { said } = this.places;
    said.hidden = standing.state === "ready";
    said.replaceChildren(h("p", { text: t(`coverage.state.${standing.state}`) }), ["predicting", "renewing"].includes(standing.state) ? h("progress") : "");
    setText(this.counts, t("coverage.counts", { sites: number(standing.sites), cells: number(standing.cells), outages: number(standing.outages) }));
  }

  async run() {
    followCounty({ live: this.live, boot: this.boot, map: this.view, tell: this.tell });
    followCoverage(this.live, (standing) => this.standingChanged(standing), (failure) => {
      if (!(failure instanceof Problem)) throw failure;
      this.tell(failure.passing ? t("error.unanswered") : failure.message, "warn");
    });
    this.live.run();
    this.view.refit();
  }
}

async function main() {
  const boot = readBoot();
  const ids = { top: "coverage-top", layers: "coverage-layers", side: "coverage-side", over: "map-over", said: "coverage-said" };
  const [map, ...found] = await Promise.all([whenMap(), ...Object.values(ids).map((id) => whenPresent(id))]);
  const page = new CoveragePage(boot, Object.fromEntries(Object.keys(ids).map((name, i) => [name, found[i]])), map);
  window.addEventListener("beforeunload", () => page.live.close());
  await page.run();
  document.body.append(h("span", { id: "coverage-ready", hidden: true }));
}

if (typeof document !== "undefined") main();
