// Devices and how they stand: the pure half of the sensors' page and of the wall's scene.

/** How a device stands, by the number on the wire. */
export const STATES = ["normal", "suspect", "warning", "alarm", "stale", "never"];
// The graver is drawn later, and so on top.
const DRAWN = ["never", "normal", "stale", "suspect", "warning", "alarm"];
export const CLASS_OF = STATES.map((state) => DRAWN.indexOf(state));
export const COLOURS = { never: "--text-faint", normal: "--ok", stale: "--p4", suspect: "--p2", warning: "--p1", alarm: "--p0" };
const SIZES = { never: 3, normal: 5, stale: 7, suspect: 8, warning: 9, alarm: 12 };
const GRAVEST_FIRST = ["alarm", "warning", "suspect", "stale", "normal", "never"];
const RANK = STATES.map((state) => GRAVEST_FIRST.indexOf(state));

/** The styles of the map's points, in the colours of the theme. */
export const pointStyles = (colourOf) => DRAWN.map((state) => ({ colour: colourOf(COLOURS[state]), size: SIZES[state] }));

/** Devices by id from rows [id, name, kind, lon, lat, department, gateway], in order of their ids; none has spoken yet. */
export function devicesFrom(rows, departmentName = () => "") {
  return new Map([...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, name, kind, lon, lat, department, gateway]) => [id, { id, name, kind, lon, lat, department, gateway, value: null, at: null, state: 5, search: `${id} ${name} ${kind} ${department} ${departmentName(department)}`.toLowerCase() }]));
}

/** Take values [id, value, observed_ms, state] in; returns the ids whose state is another now. */
export function takeValues(devices, values) {
  const turned = [];
  for (const [id, value, at, state] of values) {
    const device = devices.get(id);
    if (!device) continue;
    if (state !== undefined && state !== device.state) turned.push(id);
    Object.assign(device, { value, at, state: state ?? device.state });
  }
  return turned;
}

/** The devices that hold every word, are of the kind and stand as asked; the gravest first, else in their own order. */
export function passing(devices, { text = "", kind = "", state = "" } = {}) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = GRAVEST_FIRST.map(() => []);
  for (const device of devices.values()) {
    if (kind && device.kind !== kind) continue;
    if (state && STATES[device.state] !== state) continue;
    if (wanted.every((word) => device.search.includes(word))) found[RANK[device.state]].push(device);
  }
  return found.flat();
}

/** How many devices stand how. */
export function counted(devices) {
  const counts = Object.fromEntries(STATES.map((state) => [state, 0]));
  for (const { state } of devices.values()) counts[STATES[state]] += 1;
  return counts;
}

/** A UCUM unit as people write it. */
export const unitText = (unit = "") => ({ Cel: "°C", "ug/m3": "µg/m³", "m3/h": "m³/h", "m3/s": "m³/s", "[pH]": "", deg: "°", 1: "" })[unit] ?? unit;

/** A value with its unit, in the decimals of its kind. */
export function valueText(value, kind) {
  if (value === null || value === undefined) return "";
  const unit = unitText(kind?.unit);
  return `${value.toFixed(kind?.decimals ?? 2)}${unit ? ` ${unit}` : ""}`;
}
