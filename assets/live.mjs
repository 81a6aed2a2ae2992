// Live: snapshot plus numbered deltas. Pure functions first; `live_connection.mjs` keeps the stream open.

const NEWS_KEPT = 50;

/** The state before anything was heard. */
export const empty = () => ({ seq: 0, rows: new Map(), news: [], units: new Map(), points: [], closures: new Map(), alerts: new Map(), warnings: new Map() });

/** A unit from its snapshot array [id, lon, lat, observed, status, kind, name]. */
export function unitFrom([id, lon, lat, at, status, kind = "", name = ""]) {
  return { id, lon, lat, at, status, kind, name };
}

/** The state a snapshot describes. */
export function fromSnapshot(snapshot) {
  return {
    seq: snapshot.seq,
    rows: new Map(Object.entries(snapshot.rows ?? {})),
    news: (snapshot.news ?? []).slice(-NEWS_KEPT),
    units: new Map((snapshot.units ?? []).map((unit) => [unit[0], unitFrom(unit)])),
    points: snapshot.points ?? [],
    closures: new Map(Object.entries(snapshot.closures ?? {})),
    alerts: new Map(Object.entries(snapshot.alerts ?? {})),
    warnings: new Map(Object.entries(snapshot.warnings ?? {})),
  };
}

/** The first number a frame covers: a combined empty frame says `from`. */
const first = (data) => data.from ?? data.seq;

/** Say whether numbers are missing between the state and an event frame. */
export const isGap = (state, frame) => frame.event === "e" && first(frame.data) > state.seq + 1;

/** Say whether an event frame was already folded in. */
export const isOld = (state, frame) => frame.event === "e" && frame.data.seq <= state.seq;

// A map is copied once per batch, and only where something in it changes: ten thousand rows are not copied for a moving car.
function own(state, name) {
  if (state.owned.has(name)) return state[name];
  state.owned.add(name);
  return new Map(state[name]);
}

function foldRows(state, name, changes, touched) {
  if (changes?.length) state[name] = own(state, name);
  for (const { id, row } of changes ?? []) {
    if (row === null) state[name].delete(id);
    else state[name].set(id, row);
    touched[name].add(id);
  }
}

function foldEvent(state, data, touched) {
  foldRows(state, "rows", data.changes, touched);
  foldRows(state, "closures", data.closures, touched);
  foldRows(state, "alerts", data.alerts, touched);
  foldRows(state, "warnings", data.warnings, touched);
  if (data.news) {
    state.news = [...state.news, data.news].slice(-NEWS_KEPT);
    touched.news.push(data.news);
  }
  if (data.shift) touched.shift = true;
  state.seq = data.seq;
}

function foldUnits(state, data, touched) {
  if (data.u?.length) state.units = own(state, "units");
  for (const change of data.u ?? []) {
    const known = state.units.get(change[0]);
    // A position older than the one shown is not shown: frames of two hubs may cross.
    if (known && known.at > change[3]) continue;
    const { id, lon, lat, at, status, kind, name } = unitFrom(change);
    state.units.set(id, { id, lon, lat, at, status, kind: kind || known?.kind || "", name: name || known?.name || "" });
    touched.units.add(id);
  }
}

const FOLDS = {
  e: foldEvent,
  u: foldUnits,
  s: (_state, data, touched) => touched.values.push(...(data.v ?? [])),
  hb: (_state, data, touched) => { touched.beat = data; },
};

/** What a batch of frames touched. */
export const untouched = () => ({ rows: new Set(), closures: new Set(), alerts: new Set(), warnings: new Set(), units: new Set(), news: [], values: [], shift: false, beat: null });

/** Fold a batch into a new state; old frames are passed over, and the first gap stops the batch. */
export function foldAll(state, frames) {
  const next = { ...state, owned: new Set() };
  const touched = untouched();
  for (const frame of frames) {
    if (isOld(next, frame)) continue;
    if (isGap(next, frame)) return { state: next, touched, gap: true };
    FOLDS[frame.event]?.(next, frame.data, touched);
  }
  return { state: next, touched, gap: false };
}

/** Fold one frame; the state handed in stays as it was. */
export const fold = (state, frame) => foldAll(state, [frame]).state;

/** Wait before try `n` (0, 1, 2…): 0.5 s doubled up to 10 s, with a third of it by chance, so that 300 screens do not come at once. */
export function backoff(n, chance = Math.random()) {
  const base = Math.min(10_000, 500 * 2 ** n);
  return Math.round(base * (2 / 3 + chance / 3));
}

/** What the watchdog does: nothing, reopen where we were, or start over because the browser gave the stream up. */
export function watch({ silentMs, readyState }) {
  if (readyState === 2) return "start";
  return silentMs > 20_000 ? "reopen" : "wait";
}

/** How the connection is called: live, connecting, or stale when nothing was heard for half a minute. */
export function standing({ silentMs, open }) {
  if (silentMs > 30_000) return "stale";
  return open ? "live" : "connecting";
}

/** Whether a frame tells that a case was dispatched: its way to the paint is counted by itself. */
export const isDispatch = (frame) => /^incidents\.case_(dispatched|reinforced)\./.test(frame.data.news?.kind ?? "");

/** From event to paint; clocks that agree within 50 ms are taken as one, others are set right by the heartbeat's. */
export function paintedAfter(publishedMs, nowMs, serverAheadMs) {
  const ahead = Math.abs(serverAheadMs) > 50 ? serverAheadMs : 0;
  return Math.max(0, nowMs + ahead - publishedMs);
}
