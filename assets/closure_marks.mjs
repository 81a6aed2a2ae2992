// Closed roads on the map: what each says and looks like (pure), and the layer that patches them in place.

import { h } from "./dom.mjs";
import { instant, sameDay, toMs } from "./format.mjs";
import { coded, t } from "./words.mjs";

const LABELS_FROM_ZOOM = 14; // farther out labels would cover the town
const BELOW_MARK = 26; // in the middle of an area stands the incident that closed it
const SVG = "http://www.w3.org/2000/svg";
const HATCHED = ["closed", "slow"];

/** How a closure stands: planned, closed, or slow. */
export function closurePhase(row, now) {
  if (now < toMs(row.since_at)) return "planned";
  return row.speed_share > 0 ? "slow" : "closed";
}

/** A GeoJSON line's or polygon's positions as Leaflet takes them, latitude first. */
export function pathOf({ type, coordinates }) {
  const turned = (points) => points.map(([lon, lat]) => [lat, lon]);
  return type === "LineString" ? turned(coordinates) : coordinates.map(turned);
}

/** 14:05 today, 11-23 14:05 on another day. */
export function minuteTime(ms, now) {
  const told = instant(ms, now);
  return sameDay(ms, now) ? told.slice(0, 5) : told;
}

/** A closure in one line: 封闭 · 滨河路 · 积水 · 至 18:00 */
export function closureText(row, now) {
  const phase = closurePhase(row, now);
  const begins = phase === "planned" && t("closure.from", { at: minuteTime(toMs(row.since_at), now) });
  return [t(`closure.${phase}`), row.road, coded("cause", row.cause), begins, t("closure.until", { at: minuteTime(toMs(row.until_at), now) })].filter(Boolean).join(" · ");
}

/** What stands on the map itself: why and until when; colour and hatching say the rest. */
export function labelText(row, now) {
  return [coded("cause", row.cause), t("closure.until", { at: minuteTime(toMs(row.until_at), now) })].join(" · ");
}

/** Hatching for closed and slow ground; SVG patterns must stand in the page. */
function hatching() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "closure-hatching");
  svg.setAttribute("aria-hidden", "true");
  for (const kind of HATCHED) {
    const pattern = document.createElementNS(SVG, "pattern");
    const said = { id: `hatch-${kind}`, width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
    for (const [name, value] of Object.entries(said)) pattern.setAttribute(name, value);
    const stroke = document.createElementNS(SVG, "line");
    for (const [name, value] of Object.entries({ x1: 0, y1: 0, x2: 0, y2: 8, class: `hatch is-${kind}` })) stroke.setAttribute(name, value);
    pattern.append(stroke);
    svg.append(pattern);
  }
  return svg;
}

/** The closures of one map. */
export class ClosureMarks {
  constructor(view, { now, onSelect = null }) {
    Object.assign(this, { L: window.L, map: view.map, now, onSelect });
    view.pane("closures", 450);
    this.renderer = this.L.svg({ pane: "closures" });
    this.drawn = new Map();
    document.body.append(hatching());
    const far = () => this.map.getContainer().classList.toggle("is-far", this.map.getZoom() < LABELS_FROM_ZOOM);
    this.map.on("zoomend", far);
    far();
  }

  /** Draw the closures; `changed` names those touched, null means all. */
  set(rows, changed) {
    for (const id of changed ?? new Set([...rows.keys(), ...this.drawn.keys()])) this.patch(id, rows.get(id));
  }

  patch(id, row) {
    this.drawn.get(id)?.shape.remove();
    this.drawn.delete(id);
    if (!row) return;
    const phase = closurePhase(row, this.now());
    const shape = this.shape(row.ground, phase);
    const label = h("span", { text: labelText(row, this.now()), title: closureText(row, this.now()) });
    const line = row.ground.type === "LineString";
    shape.bindTooltip(label, { permanent: true, interactive: true, direction: line ? "top" : "center", offset: line ? [0, -6] : [0, BELOW_MARK], className: `closure-label is-${phase}` });
    if (this.onSelect) shape.on("click", (event) => this.chosen(event, row));
    this.drawn.set(id, { shape: shape.addTo(this.map), phase, row });
  }

  chosen(event, row) {
    this.L.DomEvent.stopPropagation(event);
    this.onSelect(row);
  }

  shape(ground, phase) {
    const style = (part) => ({ renderer: this.renderer, className: `closure ${part} is-${phase}` });
    const path = pathOf(ground);
    if (ground.type !== "LineString") return this.L.polygon(path, { ...style("ground"), fillColor: `url(#hatch-${phase === "slow" ? "slow" : "closed"})`, fillOpacity: 1 });
    return this.L.featureGroup([this.L.polyline(path, style("under")), this.L.polyline(path, style("stretch"))]);
  }

  /** Show what is about to be closed; null takes it away. */
  preview(ground) {
    this.shown?.remove();
    this.shown = null;
    if (!ground) return;
    const style = { renderer: this.renderer, className: "closure preview", interactive: false };
    this.shown = ground.type === "Circle" ? this.L.circle([ground.center[1], ground.center[0]], { ...style, radius: ground.radius_m }) : this.L.polyline(pathOf(ground), style);
    this.shown.addTo(this.map);
  }

  /** Once in a while: what was planned begins. */
  age() {
    for (const [id, { phase, row }] of [...this.drawn]) if (closurePhase(row, this.now()) !== phase) this.patch(id, row);
  }
}
