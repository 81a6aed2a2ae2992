// How places are covered, looked up on the page: one raster of the county, brought anew when the coverage changes.

import { Problem, getJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { age } from "./format.mjs";
import { isStale } from "./marks.mjs";
import { t } from "./words.mjs";

export const SIGNALS = ["unknown", "covered", "weak", "hole"];
const EARTH_M = 6_378_137;
const STEP_M = 25;
const HALF_TURN = 180;

/** Web Mercator metres of a longitude and latitude. */
export function mercator(lon, lat) {
  const rad = Math.PI / HALF_TURN;
  return [EARTH_M * lon * rad, EARTH_M * Math.log(Math.tan(Math.PI / 4 + (lat * rad) / 2))];
}

/** One raster: its corner and pixel in Web Mercator metres, a byte a pixel from the north-west. */
export class SignalField {
  constructor({ west_m: west, north_m: north, pixel_m: pixel, wide, high }, bytes) {
    Object.assign(this, { west, north, pixel, wide, high, bytes });
  }

  at(lon, lat) {
    if (!Number.isFinite(lon) || !Number.isFinite(lat)) return SIGNALS[0];
    const [x, y] = mercator(lon, lat);
    const column = Math.floor((x - this.west) / this.pixel);
    const row = Math.floor((this.north - y) / this.pixel);
    if (column < 0 || row < 0 || column >= this.wide || row >= this.high) return SIGNALS[0];
    return SIGNALS[this.bytes[row * this.wide + column]];
  }

  /** The stretches of a way ([lon, lat]…) on which signal is weak or missing, each with its metres. */
  stretches(coordinates) {
    const found = [];
    let open = null;
    coordinates.slice(1).forEach((to, i) => {
      const from = coordinates[i];
      const long = metres(from, to);
      const steps = Math.max(1, Math.ceil(long / STEP_M));
      for (let n = 0; n < steps; n += 1) {
        const [a, b] = [n / steps, (n + 1) / steps].map((share) => [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
        const signal = this.at((a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
        if (signal !== "weak" && signal !== "hole") open = null;
        else if (open?.signal === signal) open = extended(open, b, long / steps);
        else found.push((open = { signal, line: [a, b], metres: long / steps }));
      }
    });
    return found;
  }
}

function extended(stretch, to, by) {
  stretch.line.push(to);
  stretch.metres += by;
  return stretch;
}

function metres([lonA, latA], [lonB, latB]) {
  const rad = Math.PI / HALF_TURN;
  return EARTH_M * Math.hypot((lonB - lonA) * rad * Math.cos(((latA + latB) / 2) * rad), (latB - latA) * rad);
}

/** The bytes that an answer carries: zlib in base64. */
export async function unpacked(base64) {
  const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

let field = null;

/** Take another raster, null for none. */
export function useField(made) {
  field = made;
}

/** How a place is covered; "unknown" before anything is known, and outside. */
export const signalAt = (lon, lat) => field?.at(lon, lat) ?? SIGNALS[0];

/** The weak stretches of a way; none while nothing is known. */
export const weakStretches = (coordinates) => field?.stretches(coordinates) ?? [];

/** A flag for a place whose signal is weak or missing, null elsewhere. */
export function signalFlag(signal) {
  if (signal !== "weak" && signal !== "hole") return null;
  return h("span", { class: `flag is-signal is-${signal}`, text: t(`coverage.verdict.${signal}`) });
}

/** What is told of a unit's link: where it was seen lately, or why it may be silent. */
export function linkText(unit, now) {
  const signal = signalAt(unit.lon, unit.lat);
  const seen = age(Math.max(0, now - unit.at));
  if (!isStale(unit, now)) return [t("signal.unit", { age: seen }), signal === "weak" || signal === "hole" ? t(`coverage.verdict.${signal}`) : ""].filter(Boolean).join(" · ");
  return t(`signal.stale_${signal}`, { age: seen });
}

/** Keep the raster up to date with the coverage's version in the heartbeats; `changed` is called after each change. */
export function followSignal(live, { may, changed = () => {} }) {
  if (!may) return;
  let shown = null;
  let asking = false;
  const ask = async () => {
    if (asking) return;
    asking = true;
    try {
      const told = await getJson("/api/v1/coverage/signal");
      shown = told.version;
      useField(told.codes ? new SignalField(told, await unpacked(told.codes)) : null);
      changed();
    } catch (failure) {
      // Not answered: what was known stands, and the next heartbeat asks again.
      if (!(failure instanceof Problem)) throw failure;
    } finally {
      asking = false;
    }
  };
  live.onStanding((_standing, beat) => {
    if (beat?.coverage && beat.coverage !== shown) ask();
  });
}
