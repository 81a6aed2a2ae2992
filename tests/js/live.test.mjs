import assert from "node:assert/strict";
import test from "node:test";

import { backoff, empty, fold, foldAll, fromSnapshot, isDispatch, isGap, paintedAfter, standing, watch } from "../../assets/live.mjs";

const row = (id, version) => ({ id, version, priority: "P3" });
const event = (seq, changes = [], news = null) => ({ event: "e", data: { seq, at: 0, changes, news } });

/** A small deterministic history: cases open, change and close. */
function history(length, seed = 7) {
  let at = seed;
  const chance = () => (at = (at * 1103515245 + 12345) % 2147483648) / 2147483648;
  return Array.from({ length }, (_, i) => {
    const id = `c${Math.floor(chance() * 12)}`;
    const gone = chance() < 0.3;
    return event(i + 1, [{ id, row: gone ? null : row(id, i) }], chance() < 0.5 ? { seq: i + 1 } : null);
  });
}

const shown = (state) => ({ seq: state.seq, rows: [...state.rows].sort(), news: state.news });

test("a snapshot at any point and the frames after it give what all frames give", () => {
  const frames = history(200);
  const whole = shown(foldAll(empty(), frames).state);
  for (const cut of [0, 1, 50, 199, 200]) {
    const before = foldAll(empty(), frames.slice(0, cut)).state;
    const taken = fromSnapshot({ seq: before.seq, rows: Object.fromEntries(before.rows), news: before.news, units: [] });
    assert.deepEqual(shown(foldAll(taken, frames.slice(cut)).state), whole);
  }
});

test("folding leaves the state that was handed in as it was", () => {
  const before = fromSnapshot({ seq: 4, rows: { a: row("a", 1) }, units: [["u", 1, 2, 10, "available", "engine", "E1"]] });
  fold(before, event(5, [{ id: "a", row: null }]));
  fold(before, { event: "u", data: { u: [["u", 9, 9, 20, "assigned"]] } });
  assert.equal(before.rows.size, 1);
  assert.equal(before.units.get("u").lon, 1);
  assert.equal(before.seq, 4);
});

test("a frame that was folded in before changes nothing", () => {
  const once = fold(empty(), event(1, [{ id: "a", row: row("a", 1) }], { seq: 1 }));
  const twice = fold(once, event(1, [{ id: "a", row: null }], { seq: 1 }));
  assert.deepEqual(shown(twice), shown(once));
});

test("a missing number is seen, and stops the batch", () => {
  assert.equal(isGap(empty(), event(2)), true);
  assert.equal(isGap(empty(), event(1)), false);
  const { gap, state } = foldAll(empty(), [event(1), event(3, [{ id: "a", row: row("a", 1) }])]);
  assert.equal(gap, true);
  assert.equal(state.seq, 1);
  assert.equal(state.rows.size, 0);
});

test("combined empty numbers are no gap", () => {
  const combined = { event: "e", data: { from: 2, seq: 9, changes: [], news: null } };
  const { gap, state } = foldAll(fold(empty(), event(1)), [combined, event(10)]);
  assert.equal(gap, false);
  assert.equal(state.seq, 10);
});

test("a position older than the one shown is not shown", () => {
  const state = fromSnapshot({ seq: 1, units: [["u", 1, 1, 100, "available", "engine", "E1"]] });
  assert.equal(fold(state, { event: "u", data: { u: [["u", 5, 5, 50, "available"]] } }).units.get("u").lon, 1);
  const moved = fold(state, { event: "u", data: { u: [["u", 5, 5, 150, "assigned"]] } }).units.get("u");
  assert.deepEqual([moved.lon, moved.status, moved.kind, moved.name], [5, "assigned", "engine", "E1"]);
});

test("of the news only the last fifty are kept", () => {
  const frames = Array.from({ length: 80 }, (_, i) => event(i + 1, [], { seq: i + 1 }));
  const { news } = foldAll(empty(), frames).state;
  assert.equal(news.length, 50);
  assert.equal(news.at(-1).seq, 80);
});

test("what was touched is told", () => {
  const { touched } = foldAll(empty(), [event(1, [{ id: "a", row: row("a", 1) }], { seq: 1 }), { event: "hb", data: { seq: 1, bus: "up" } }, { event: "s", data: { v: [["s1", 2, 3]] } }]);
  assert.deepEqual([...touched.rows], ["a"]);
  assert.equal(touched.news.length, 1);
  assert.equal(touched.beat.bus, "up");
  assert.deepEqual(touched.values, [["s1", 2, 3]]);
});

test("waiting grows from half a second to ten and is spread by chance", () => {
  assert.equal(backoff(0, 1), 500);
  assert.equal(backoff(3, 1), 4000);
  assert.equal(backoff(20, 1), 10_000);
  assert.ok(backoff(20, 0) < 7000);
});

test("the watchdog reopens a silent stream and starts over when the browser gave up", () => {
  assert.equal(watch({ silentMs: 3000, readyState: 1 }), "wait");
  assert.equal(watch({ silentMs: 20_001, readyState: 1 }), "reopen");
  assert.equal(watch({ silentMs: 0, readyState: 2 }), "start");
});

test("half a minute of silence is called stale even on an open stream", () => {
  assert.equal(standing({ silentMs: 0, open: true }), "live");
  assert.equal(standing({ silentMs: 0, open: false }), "connecting");
  assert.equal(standing({ silentMs: 30_001, open: true }), "stale");
});

test("a clock that is off is set right by the heartbeat before latency is told", () => {
  assert.equal(paintedAfter(1000, 1020, 3), 20);
  assert.equal(paintedAfter(61_000, 1020, 60_000), 20);
  assert.equal(paintedAfter(2000, 1000, 0), 0);
});

test("a dispatch and a reinforcement are told from other news", () => {
  const of = (kind) => isDispatch({ data: { news: kind && { kind } } });
  assert.deepEqual(["incidents.case_dispatched.v1", "incidents.case_reinforced.v1", "incidents.case_closed.v1", null].map(of), [true, true, false, false]);
});
