// A stretch of the past: the state at any instant of it, by folding from the nearest kept state on. Pure.

import { toMs } from "./format.mjs";
import { foldAll, fromSnapshot, untouched } from "./live.mjs";

const KEPT_EVERY = 100;
/** A position older than this says nothing about where a unit was. */
export const TRACK_LASTS_MS = 30 * 60_000;

/** How many of sorted `times` are at or before an instant. */
export function countUntil(times, ms) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How much happened in each of `n` equal parts of a stretch. */
export function density(times, since, until, n) {
  const parts = new Array(n).fill(0);
  for (const time of times) parts[Math.min(n - 1, Math.max(0, Math.floor(((time - since) / (until - since)) * n)))] += 1;
  return parts;
}

/** The units of a reel where their tracks put them at an instant; those without a fresh position are left out. */
export function unitsAt(units, tracks, ms) {
  const found = new Map();
  for (const [id, kind, name] of units) {
    const track = tracks[id] ?? [];
    const n = countUntil(track.map(([at]) => at), ms);
    if (!n || ms - track[n - 1][0] > TRACK_LASTS_MS) continue;
    const [at, lon, lat] = track[n - 1];
    found.set(id, { id, lon, lat, at, status: "available", kind, name });
  }
  return found;
}

/** A reel as the server tells it, ready to be asked for any of its instants. */
export class Reel {
  constructor(told) {
    this.since = toMs(told.since);
    this.until = toMs(told.until);
    this.whole = told.whole;
    this.units = told.units ?? [];
    this.tracks = told.tracks ?? {};
    this.frames = told.deltas.map((data) => ({ event: "e", data }));
    this.times = told.deltas.map(({ at }) => toMs(at));
    this.kept = [fromSnapshot(told.start)];
    // What was told before the reel began carries no instant of its own: its news do.
    this.at = 0;
    this.state = this.kept[0];
  }

  /** The state at an instant, with what changed since it was asked last; `whole` where everything may have. */
  seek(ms) {
    const wanted = countUntil(this.times, ms);
    const back = wanted < this.at || wanted - this.at > KEPT_EVERY;
    if (back) this.jump(wanted);
    const touched = this.run(wanted);
    return { state: this.state, touched, whole: back };
  }

  jump(wanted) {
    const nearest = Math.min(Math.floor(wanted / KEPT_EVERY), this.kept.length - 1);
    this.at = nearest * KEPT_EVERY;
    this.state = this.kept[nearest];
  }

  run(wanted) {
    let touched = untouched();
    while (this.at < wanted) {
      const next = Math.min(wanted, (Math.floor(this.at / KEPT_EVERY) + 1) * KEPT_EVERY);
      const told = foldAll(this.state, this.frames.slice(this.at, next));
      this.state = told.state;
      touched = merged(touched, told.touched);
      this.at = next;
      if (this.at % KEPT_EVERY === 0) this.kept[this.at / KEPT_EVERY] ??= this.state;
    }
    return touched;
  }

  /** The instant of the event before or after an instant, NaN where there is none. */
  beside(ms, by) {
    const n = countUntil(this.times, ms);
    if (by > 0) return this.times[n] ?? NaN;
    let before = n - 1;
    while (before >= 0 && this.times[before] >= ms) before -= 1;
    return this.times[before] ?? NaN;
  }

  /** The news of the reel, oldest first, each with its instant. */
  get news() {
    return this.frames.flatMap(({ data }, i) => (data.news ? [{ ...data.news, ms: this.times[i] }] : []));
  }
}

function merged(one, other) {
  const all = untouched();
  for (const name of ["rows", "closures", "alerts", "warnings", "units"]) all[name] = new Set([...one[name], ...other[name]]);
  all.news = [...one.news, ...other.news];
  return all;
}
