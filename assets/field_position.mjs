// Sharing the unit's position while on duty: few fixes, told in batches, the newest kept where no network is.

import { Problem, postJson } from "./api.mjs";
import { metresBetween } from "./format.mjs";

const MOVED_M = 15;
const STANDING_MS = 30_000; // who stands still says so twice a minute
const QUICKEST_MS = 4_000;
const TELL_EVERY_MS = 10_000;
const AT_ONCE = 200;
const MOST = 2_000;

/** Say whether a fix is worth telling after the last one that was. */
export function worth(last, fix) {
  if (!last) return true;
  const passed = fix.at - last.at;
  if (passed < QUICKEST_MS) return false;
  return passed >= STANDING_MS || metresBetween([last.lon, last.lat], [fix.lon, fix.lat]) >= Math.max(MOVED_M, fix.accuracy / 2);
}

/** The newest of a list, and of the older half every second, so that a long way without network is still a way. */
export function thinned(list, most = MOST) {
  if (list.length <= most) return list;
  const half = Math.floor(list.length / 2);
  return thinned([...list.slice(0, half).filter((_fix, index) => index % 2 === 0), ...list.slice(half)], most);
}

/** A fix as the browser tells it. */
export const fixFrom = ({ coords, timestamp }) => ({
  lon: coords.longitude, lat: coords.latitude, at: timestamp, accuracy: coords.accuracy ?? 0,
  speed: Number.isFinite(coords.speed) ? coords.speed : null, heading: Number.isFinite(coords.heading) ? coords.heading : null,
});

/** A fix as the API takes it. */
export function itemOf(unit, { lon, lat, at, accuracy, speed, heading }) {
  const item = { unit_id: unit, lon, lat, observed_at: new Date(at).toISOString(), accuracy_m: Math.min(accuracy, 1e6) };
  if (speed !== null) item.speed_mps = Math.min(Math.max(speed, 0), 400);
  if (heading !== null) item.heading_deg = heading;
  return item;
}

/** The switch. `standing` is off, asking, on, or why not: denied, unsafe (no https), failed. */
export class Sharing {
  constructor({ store, unit, onChange, post = postJson, watcher = globalThis.navigator?.geolocation }) {
    Object.assign(this, { store, unit, onChange, post, watcher });
    this.standing = "off";
    this.buffer = [];
    this.here = null;
    this.toldAt = 0;
  }

  async on() {
    if (!globalThis.isSecureContext || !this.watcher) return this.stand("unsafe");
    const kept = await this.store.get("kept", `positions:${this.unit}`);
    this.buffer = kept?.list ?? [];
    this.stand("asking");
    this.watch = this.watcher.watchPosition((fix) => this.hear(fixFrom(fix)), (problem) => this.fail(problem), { enableHighAccuracy: true, maximumAge: 5000, timeout: 60_000 });
    this.timer = setInterval(() => this.tell(), TELL_EVERY_MS);
    return undefined;
  }

  off() {
    if (this.watch !== undefined) this.watcher.clearWatch(this.watch);
    clearInterval(this.timer);
    this.watch = undefined;
    this.last = null;
    this.stand("off");
  }

  /** Off, and what was being told is through: nothing is kept after this. */
  async leave() {
    this.off();
    await this.told;
  }

  stand(standing) {
    this.standing = standing;
    this.onChange();
  }

  fail(problem) {
    if (problem.code === 1) {
      this.off();
      this.stand("denied");
    } else this.stand("failed"); // no sky: the watch goes on
  }

  hear(fix) {
    this.here = fix;
    if (this.standing !== "on") this.stand("on");
    if (!worth(this.last, fix)) return;
    const first = !this.last;
    this.last = fix;
    this.buffer = thinned([...this.buffer, fix]);
    if (first || this.buffer.length >= AT_ONCE) this.tell();
    this.onChange();
  }

  drop(told) {
    const gone = new Set(told);
    this.buffer = this.buffer.filter((fix) => !gone.has(fix));
  }

  /** Tell what waits; what nobody answered is kept, over a reload too. */
  tell() {
    if (this.telling || !this.buffer.length) return this.told;
    this.telling = true;
    this.told = this.send();
    return this.told;
  }

  async send() {
    const told = this.buffer.slice(0, AT_ONCE);
    try {
      await this.post("/api/v1/positions", { items: told.map((fix) => itemOf(this.unit, fix)) });
      this.drop(told);
      this.toldAt = Date.now();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (!failure.passing && failure.status !== 401) this.drop(told);
    } finally {
      this.telling = false;
    }
    await this.store.put("kept", { name: `positions:${this.unit}`, list: this.buffer });
    this.onChange();
  }
}
