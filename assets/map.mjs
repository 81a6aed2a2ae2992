// The map: marks patched in place over dash-leaflet's Leaflet; many marks become one canvas; the view follows or is locked.

import { h, setAttr } from "./dom.mjs";
import { toMs } from "./format.mjs";
import { incidentClass, incidentMark, unitClass, unitMark } from "./marks.mjs";
import { pointFieldClass } from "./points.mjs";
import { linkText } from "./signal.mjs";
import { lay, layOf, tilesFor } from "./tiles.mjs";
import { follow, gesture, release, serves, STAYS_MS, unlocked } from "./viewlock.mjs";
import { t } from "./words.mjs";

/** Above this many, incidents are drawn on one canvas. */
export const DOM_MARKS = 1000;
const FIELD_EVERY_MS = 300;
const CLOSEST = 15; // the view that follows incidents goes no nearer
const MARGIN = 60;
const MARGIN_SHARE = 0.08; // of a small map's shorter side: on a telephone so much air would cost a zoom
const PRIORITIES = ["P4", "P3", "P2", "P1", "P0"];

/** The map as soon as dash-leaflet made it, whether that was before or after we came. */
export function whenMap() {
  const made = window.onenetMaps?.[0];
  if (made) return Promise.resolve(made);
  return new Promise((resolve) => {
    document.addEventListener("onenet:map", (event) => resolve(event.detail), { once: true });
  });
}

/** Say whether a row's clock has run out. */
export const isLate = (row, now) => now >= toMs(row.due_at);

/** West, south, east, north of rows, padded; null where there are none. */
export function extent(rows) {
  let box = null;
  for (const { lon, lat } of rows) {
    box = box ? [Math.min(box[0], lon), Math.min(box[1], lat), Math.max(box[2], lon), Math.max(box[3], lat)] : [lon, lat, lon, lat];
  }
  return box;
}

/** Leaflet's own buttons speak English until they are told. */
function nameZoomButtons(container) {
  for (const way of ["in", "out"]) {
    const button = container.querySelector(`.leaflet-control-zoom-${way}`);
    if (button) for (const name of ["title", "aria-label"]) setAttr(button, name, t(`map.zoom_${way}`));
  }
}

/** Marks, selection and view of one map. */
export class MapView {
  constructor(map, { now, onSelect, bbox = null, fit = false, canMove = true, wall = false }) {
    this.L = window.L;
    Object.assign(this, { map, now, onSelect, bbox, fit });
    this.incidents = new Map();
    this.units = new Map();
    this.rows = new Map();
    this.selected = null;
    this.lock = unlocked();
    this.lockListeners = new Set();
    this.pane("units", 610);
    this.pane("incidents", 620);
    map.attributionControl?.setPrefix(false);
    nameZoomButtons(map.getContainer());
    this.layOf = layOf({ wall, width: window.innerWidth, ratio: window.devicePixelRatio || 1 });
    this.eachTileLayer((layer) => lay(layer, this.layOf));
    if (canMove) this.watchGestures();
    new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(map.getContainer());
    map.on("click", (event) => this.clicked(event));
  }

  pane(name, z) {
    this.map.createPane(name).style.zIndex = z;
  }

  watchGestures() {
    for (const name of ["mousedown", "wheel", "touchstart", "dblclick"]) {
      this.map.getContainer().addEventListener(name, () => this.setLock(gesture(this.lock)), { passive: true });
    }
  }

  setLock(lock) {
    const before = this.lock.locked;
    this.lock = lock;
    if (before !== lock.locked) for (const tell of this.lockListeners) tell(lock.locked);
  }

  /** Let the view follow the incidents again. */
  release() {
    this.setLock(release());
    this.refit();
  }

  /** Draw the incidents; `changed` names those touched, null means all. */
  setRows(rows, changed) {
    this.rows = rows;
    const canvas = rows.size > DOM_MARKS;
    if (canvas !== Boolean(this.field)) this.switchTo(canvas);
    if (canvas) this.drawFieldSoon();
    else for (const id of changed && this.incidents.size ? changed : this.everyId(rows)) this.patchIncident(id);
    if (!this.fit) return;
    const { lock, refit } = follow(this.lock, rows.keys());
    this.setLock(lock);
    if (refit) this.refitWhenDue();
  }

  /** Move the view only where it no longer serves, and not before the last one has been seen. */
  refitWhenDue() {
    const box = extent(this.rows.values()) ?? this.bbox;
    const bounds = this.map.getBounds();
    const view = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    if (!box || (this.refitAt && serves(view, box, this.map.getZoom() >= CLOSEST))) return;
    const wait = (this.refitAt ?? 0) + STAYS_MS - Date.now();
    if (wait <= 0) this.refit();
    else this.refitTimer ??= setTimeout(() => this.refitAgain(), wait);
  }

  refitAgain() {
    this.refitTimer = null;
    // Meanwhile somebody may have moved the view, or a P0 may have taken it.
    if (this.fit && !this.lock.locked) this.refitWhenDue();
  }

  everyId(rows) {
    return new Set([...rows.keys(), ...this.incidents.keys()]);
  }

  switchTo(canvas) {
    for (const marker of this.incidents.values()) marker.remove();
    this.incidents.clear();
    this.field?.remove();
    this.field = null;
    if (!canvas) return;
    const style = getComputedStyle(document.documentElement);
    const styles = PRIORITIES.map((p, i) => ({ colour: style.getPropertyValue(`--${p.toLowerCase()}`).trim(), size: 6 + i }));
    this.field = new (pointFieldClass(this.L))(styles, "incidents").addTo(this.map);
  }

  // Above a thousand incidents a flood is on: a few times a second is as often as the canvas needs new points.
  drawFieldSoon() {
    this.fieldTimer ??= setTimeout(() => {
      this.fieldTimer = undefined;
      if (this.field) this.drawField();
    }, this.field.table.ids.length ? FIELD_EVERY_MS : 0);
  }

  drawField() {
    this.field.setPoints([...this.rows.values()].map((row) => [row.id, row.lon, row.lat, PRIORITIES.indexOf(row.priority)]));
  }

  patchIncident(id) {
    const row = this.rows.get(id);
    const marker = this.incidents.get(id);
    if (!row) {
      marker?.remove();
      this.incidents.delete(id);
      return;
    }
    const how = { selected: id === this.selected, late: isLate(row, this.now()) };
    if (!marker) return this.addIncident(row, how);
    marker.mark.className = incidentClass(row, how);
    if (marker.mark.textContent !== row.priority) marker.mark.textContent = row.priority;
    this.move(marker, row);
    marker.setZIndexOffset(this.height(row));
  }

  addIncident(row, how) {
    const mark = incidentMark(row, how);
    const marker = this.marker(row, mark, "incidents", 28);
    marker.mark = mark;
    marker.setZIndexOffset(this.height(row));
    marker.on("click", (event) => this.pressed(event, () => this.onSelect(row.id)));
    this.incidents.set(row.id, marker);
  }

  height(row) {
    return (row.id === this.selected ? 9000 : 0) + (4 - Number(row.priority[1])) * 1000;
  }

  marker({ lon, lat }, element, pane, size) {
    const shape = this.L.divIcon({ html: element, className: "mark-box", iconSize: [size, size] });
    return this.L.marker([lat, lon], { icon: shape, pane, keyboard: false, riseOnHover: false, autoPanOnFocus: false }).addTo(this.map);
  }

  move(marker, { lon, lat }) {
    const at = marker.getLatLng();
    if (at.lat !== lat || at.lng !== lon) marker.setLatLng([lat, lon]);
  }

  /** Draw the units; `changed` names those touched, null means all. */
  setUnits(units, changed) {
    for (const id of changed && this.units.size ? changed : new Set([...units.keys(), ...this.units.keys()])) this.patchUnit(id, units.get(id));
  }

  patchUnit(id, unit) {
    const marker = this.units.get(id);
    if (!unit || !Number.isFinite(unit.lon) || !Number.isFinite(unit.lat)) {
      marker?.remove();
      this.units.delete(id);
      return;
    }
    if (!marker) {
      const mark = unitMark(unit, this.now());
      const made = this.marker(unit, mark, "units", 22);
      made.bindTooltip(() => h("span", { class: "unit-told" }, h("b", { text: made.unit.name || made.unit.id }), h("small", { class: "num", text: linkText(made.unit, this.now()) })), { direction: "top", offset: [0, -10] });
      made.on("click", (event) => this.pressed(event, () => this.onUnit?.(id)));
      this.units.set(id, Object.assign(made, { mark, unit }));
      return;
    }
    marker.unit = unit;
    marker.mark.className = unitClass(unit, this.now());
    this.move(marker, unit);
  }

  /** Once in a while: clocks run out and positions grow old without any event. */
  ageMarks() {
    for (const { mark, unit } of this.units.values()) mark.className = unitClass(unit, this.now());
    for (const id of this.incidents.keys()) this.patchIncident(id);
  }

  /** Mark one incident as selected, and go there. */
  select(id, { fly = true } = {}) {
    const before = this.selected;
    this.selected = id;
    if (!this.field) for (const touched of [before, id]) if (touched) this.patchIncident(touched);
    const row = this.rows.get(id);
    if (row && fly) this.goTo(row);
  }

  /** The middle of what is shown, longitude first. */
  centre() {
    const { lng, lat } = this.map.getCenter();
    return [lng, lat];
  }

  goTo({ lon, lat }, zoom = Math.max(this.map.getZoom(), 14)) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.map.setView([lat, lon], zoom);
    else this.map.flyTo([lat, lon], Math.min(zoom, this.map.getMaxZoom()), { duration: 0.6 });
  }

  refit() {
    const box = extent(this.rows.values()) ?? this.bbox;
    if (!box) return;
    this.refitAt = Date.now();
    const [west, south, east, north] = box;
    const over = this.covered?.() ?? 0;
    const { x, y } = this.map.getSize();
    const margin = Math.max(0, Math.min(MARGIN, MARGIN_SHARE * Math.min(x, y - over)));
    this.map.fitBounds([[south, west], [north, east]], { paddingTopLeft: [margin, margin], paddingBottomRight: [margin, margin + over], maxZoom: CLOSEST, animate: false });
  }

  /** Take the next click as a place; null stops waiting. */
  pick(taken) {
    this.picking = taken;
    this.map.getContainer().classList.toggle("is-picking", Boolean(taken));
  }

  /** A mark is pressed; while a place is waited for, the mark's own is meant, not the case or unit that stands there. */
  pressed(event, act) {
    return this.picking ? this.clicked(event) : act();
  }

  clicked(event) {
    if (this.picking) return this.picking(event.latlng.lng, event.latlng.lat);
    const id = this.field?.at(event);
    if (id) this.onSelect(id);
  }

  /** Show where a new report is said to be; null takes the pin away. */
  setPin(place) {
    this.pin?.remove();
    this.pin = place ? this.marker({ lon: place[0], lat: place[1] }, h("span", { class: "pin" }), "incidents", 24) : null;
  }

  /** Change the base map's theme. */
  setTiles(template, theme) {
    const url = tilesFor(template, theme).replace("{r}", this.layOf.r ?? "{r}");
    this.eachTileLayer((layer) => layer.setUrl(url));
  }

  /** Show another county: its tiles, whose data they are, and where it lies. */
  setCounty({ tiles, attribution, bbox }) {
    const credits = this.map.attributionControl;
    this.eachTileLayer((layer) => {
      const said = h("span", { text: attribution }).innerHTML; // Leaflet takes it for HTML
      credits?.removeAttribution(layer.options.attribution);
      credits?.addAttribution(said);
      layer.options.attribution = said;
    });
    this.setTiles(tiles, document.documentElement.dataset.theme);
    const moved = String(bbox) !== String(this.bbox);
    this.bbox = bbox;
    if (moved) this.release();
  }

  eachTileLayer(change) {
    this.map.eachLayer((layer) => layer instanceof this.L.TileLayer && change(layer));
  }
}
