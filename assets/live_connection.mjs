// The stream itself: one EventSource per page, watched, batched per animation frame, started over when a number is missing.

import { backoff, empty, foldAll, fromSnapshot, isDispatch, paintedAfter, standing, untouched, watch } from "./live.mjs";
import { getJson, postJson } from "./api.mjs";

const FRAMES = ["e", "u", "s", "hb"];
const PAINTED_EVERY_MS = 30_000;
const PAINTED_KEPT = 600;
const MISSED_FOR_MS = 20_000;

/** Keeps the page's state and tells subscribers what was touched: (state, touched, whole). */
export class Live {
  constructor() {
    this.state = empty();
    this.listeners = new Set();
    this.standingListeners = new Set();
    this.frames = [];
    Object.assign(this, { samples: [], dispatches: [] });
    this.tries = 0;
    this.heardAt = performance.now();
    this.standing = "connecting";
    this.beat = null;
    this.serverAheadMs = 0;
    this.scheduled = false;
  }

  /** Hear of every change; `whole` is true where all of the state is new. */
  subscribe(listener) {
    this.listeners.add(listener);
    if (this.state.seq) listener(this.state, untouched(), true);
    return () => this.listeners.delete(listener);
  }

  /** Hear of the connection's standing and of heartbeats. */
  onStanding(listener) {
    this.standingListeners.add(listener);
    listener(this.standing, this.beat);
  }

  /** The server's time as well as we know it. */
  now() {
    return Date.now() + (Math.abs(this.serverAheadMs) > 50 ? this.serverAheadMs : 0);
  }

  /** The ordinary start-up path, taken at first, after a gap, after `reset` and after a lost stream. */
  async start() {
    if (this.stopped) return;
    this.close();
    const turn = (this.turn = (this.turn ?? 0) + 1);
    clearTimeout(this.retry);
    try {
      const snapshot = await getJson("/live/snapshot");
      if (turn !== this.turn) return;
      this.heard();
      this.state = fromSnapshot(snapshot);
      this.serverAheadMs = snapshot.now ? snapshot.now - Date.now() : 0;
      this.frames = [];
      this.tell(untouched(), true);
      this.open();
    } catch {
      if (turn === this.turn) this.again(() => this.start());
    }
  }

  again(action) {
    clearTimeout(this.retry);
    this.retry = setTimeout(action, backoff(this.tries));
    this.tries += 1;
  }

  open() {
    this.close();
    this.openedAt = performance.now();
    const source = (this.source = new EventSource(`/live?from=${this.state.seq}`));
    source.onopen = () => this.heard();
    for (const name of FRAMES) source.addEventListener(name, (message) => this.take(name, message.data));
    source.addEventListener("reset", () => this.start());
  }

  close() {
    this.source?.close();
    this.source = null;
  }

  /** End for good: the person leaves, and nothing is asked in their name any more. */
  stop() {
    this.stopped = true;
    this.turn = (this.turn ?? 0) + 1;
    clearTimeout(this.retry);
    this.close();
  }

  heard() {
    this.heardAt = performance.now();
  }

  take(event, text) {
    this.heard();
    this.tries = 0;
    const data = JSON.parse(text);
    if (event === "hb") this.takeBeat(data);
    this.frames.push({ event, data });
    if (this.scheduled) return;
    this.scheduled = true;
    // A hidden page gets no animation frames but must not let the queue grow.
    if (document.hidden) setTimeout(() => this.draw(), 250);
    else requestAnimationFrame(() => this.draw());
  }

  takeBeat(data) {
    this.beat = data;
    if (data.now) this.serverAheadMs = data.now - Date.now();
    if (data.seq > this.state.seq && !this.missed) this.missed = { seq: data.seq, at: performance.now() };
    this.tellStanding();
  }

  draw() {
    this.scheduled = false;
    const frames = this.frames;
    this.frames = [];
    const { state, touched, gap } = foldAll(this.state, frames);
    this.state = state;
    this.tell(touched, false);
    if (gap) this.start();
    else this.measure(frames);
  }

  tell(touched, whole) {
    for (const listener of this.listeners) listener(this.state, touched, whole);
  }

  measure(frames) {
    const published = frames.filter((frame) => frame.event === "e" && frame.data.at && frame.data.changes?.length);
    if (!published.length || document.hidden) return;
    // We are inside the animation frame: a task posted now runs after its paint.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      const now = Date.now();
      for (const { data } of published) this.samples.push(paintedAfter(data.at, now, this.serverAheadMs));
      for (const { data } of published.filter(isDispatch)) this.dispatches.push(paintedAfter(data.recorded, now, this.serverAheadMs));
      this.samples = this.samples.slice(-PAINTED_KEPT);
      this.dispatches = this.dispatches.slice(-PAINTED_KEPT);
    };
    port2.postMessage(null);
  }

  report() {
    if (this.stopped || !this.samples.length || this.standing !== "live") return;
    const [samples, dispatches] = [this.samples, this.dispatches].map((some) => some.map(Math.round));
    Object.assign(this, { samples: [], dispatches: [] });
    postJson("/live/painted", { samples, dispatches }).catch(() => {});
  }

  tick() {
    if (this.stopped) return undefined;
    const silentMs = performance.now() - this.heardAt;
    const next = standing({ silentMs, open: this.source?.readyState === 1 });
    if (next !== this.standing) {
      this.standing = next;
      this.tellStanding();
    }
    if (!this.source) return;
    // A stream that was just opened has not been silent: a slow line gets as long to answer as a live one may be still.
    const todo = watch({ silentMs: performance.now() - Math.max(this.heardAt, this.openedAt ?? 0), readyState: this.source.readyState });
    if (todo === "wait") return this.checkMissed();
    this.close();
    this.again(() => (todo === "start" ? this.start() : this.open()));
  }

  // The heartbeat named a newer number than ours and it has not come: a frame was lost on the way.
  checkMissed() {
    if (!this.missed) return;
    const waited = performance.now() - this.missed.at;
    const here = this.state.seq >= this.missed.seq;
    if (here || waited > MISSED_FOR_MS) this.missed = null;
    if (!here && waited > MISSED_FOR_MS) this.start();
  }

  tellStanding() {
    for (const listener of this.standingListeners) listener(this.standing, this.beat);
  }

  /** Begin, and keep going for weeks. */
  run() {
    this.start();
    setInterval(() => this.tick(), 1000);
    setInterval(() => this.report(), PAINTED_EVERY_MS);
    setInterval(trimDashHistory, 10_000);
    window.addEventListener("online", () => this.source || this.start());
    document.addEventListener("visibilitychange", () => document.hidden || this.tick());
    return this;
  }
}

/** Dash keeps an undo history of every Input prop for ever (plotly/dash#727); a page that lives for weeks forgets it. */
export function trimDashHistory() {
  const history = window.dash_stores?.[0]?.getState?.().history;
  if (history?.past?.length) history.past = [];
}
