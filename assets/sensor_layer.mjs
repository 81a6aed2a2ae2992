// Devices on a map: one canvas of points by how they stand, and their values where the map is near enough to read them.

import { pointFieldClass } from "./points.mjs";
import { CLASS_OF, pointStyles, valueText } from "./sensor_states.mjs";

const LABELS_FROM = 15; // the zoom from which values are written
const LABELS_MOST = 250;

/** Whether a text's place is free of the texts before it; where it is, it is taken. */
export function isFree(taken, place) {
  const apart = (one) => place.x > one.x + one.wide || one.x > place.x + place.wide || Math.abs(place.y - one.y) >= place.high;
  return taken.every(apart) && taken.push(place) > 0;
}

/** The layer over a Leaflet map; it draws at most once a frame however much changes. */
export class SensorLayer {
  constructor(map, { L = window.L, kinds = {}, letters = 12 } = {}) {
    Object.assign(this, { map, L, kinds, letters, devices: new Map() });
    const style = getComputedStyle(document.documentElement);
    map.createPane("sensors").style.zIndex = 605;
    this.field = new (pointFieldClass(L))(pointStyles((name) => style.getPropertyValue(name).trim()), "sensors");
    this.field.after = (pen, view) => this.write(pen, view);
    this.field.addTo(map);
    this.ink = style.getPropertyValue("--text").trim();
    this.paper = style.getPropertyValue("--surface").trim();
  }

  /** Show these devices; the ones left out are not drawn. */
  set(devices) {
    this.devices = devices;
    this.field.setPoints([...devices.values()].map(({ id, lon, lat, state }) => [id, lon, lat, CLASS_OF[state]]));
  }

  /** Some devices stand otherwise now. */
  turn(ids, valuesChanged) {
    for (const id of ids) {
      const device = this.devices.get(id);
      if (device) this.field.setClass(id, CLASS_OF[device.state]);
    }
    if (valuesChanged && this.map.getZoom() >= LABELS_FROM) this.field.later();
  }

  /** Put a ring around one device; none for null. */
  mark(id) {
    this.ring?.remove();
    const device = id && this.devices.get(id);
    this.ring = device ? this.L.circleMarker([device.lat, device.lon], { radius: 12, weight: 3, color: this.ink, fill: false, interactive: false }).addTo(this.map) : null;
  }

  /** The device under a map event. */
  at(event) {
    return this.field.at(event);
  }

  write(pen, { scale, left, top, ratio, width, height }) {
    if (this.map.getZoom() < LABELS_FROM) return;
    const { table } = this.field;
    const taken = [];
    const size = this.letters * ratio;
    pen.font = `${size}px sans-serif`;
    pen.textBaseline = "middle";
    pen.lineWidth = 3 * ratio;
    pen.strokeStyle = this.paper;
    pen.fillStyle = this.ink;
    for (let i = 0; i < table.ids.length && taken.length < LABELS_MOST; i += 1) {
      const x = table.x[i] * scale - left + 9 * ratio;
      const y = table.y[i] * scale - top;
      if (x < 0 || y < 0 || x > width || y > height) continue;
      const device = this.devices.get(table.ids[i]);
      const text = device && valueText(device.value, this.kinds[device.kind]);
      if (!text || !isFree(taken, { x, y, wide: text.length * size * 0.6, high: size })) continue;
      pen.strokeText(text, x, y);
      pen.fillText(text, x, y);
    }
  }
}
