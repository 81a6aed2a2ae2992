import assert from "node:assert/strict";
import test from "node:test";

import { Reel, countUntil, density, unitsAt } from "../../assets/reel.mjs";
import { exercises, realFirst } from "../../assets/exercise.mjs";
import { dayOf, startOf } from "../../assets/replay.mjs";
import { standing } from "../../assets/replay_warnings.mjs";

const at = (n) => `2026-11-26T00:00:${String(n % 60).padStart(2, "0")}.000Z`;
const START = { seq: 10, rows: { a: { id: "a", exercise: false } }, news: [], closures: {}, alerts: {} };

// Every third change closes what the one before opened: going forward and back must show the same.
function told(n) {
  const deltas = Array.from({ length: n }, (_, i) => ({
    at: new Date(Date.parse("2026-11-26T00:00:00Z") + i * 1000).toISOString(), seq: 11 + i, closures: [], alerts: [],
    changes: [{ id: `c${Math.floor(i / 3)}`, row: i % 3 === 2 ? null : { id: `c${Math.floor(i / 3)}`, step: i, exercise: i % 2 === 0 } }],
    news: i % 2 ? null : { seq: 11 + i, id: "a" },
  }));
  return { since: "2026-11-25T23:00:00Z", until: "2026-11-26T01:00:00Z", whole: true, start: START, deltas, units: [["E1", "fire_engine", "一号"]], tracks: { E1: [[1000, 1, 2], [2000, 3, 4]] } };
}

const folded = (reel, n) => new Reel({ ...told(n) }).seek(reel.until).state;

test("an instant shows the same however one came to it", () => {
  const reel = new Reel(told(450));
  for (const n of [0, 1, 99, 100, 101, 399, 250, 3, 450, 449, 0]) {
    const state = reel.seek(n === 0 ? reel.since : reel.times[n - 1]).state;
    const fresh = folded(reel, n);
    assert.deepEqual([...state.rows], [...fresh.rows], `after ${n}`);
    assert.equal(state.seq, 10 + n);
  }
});

test("going back says that everything may have changed, going on names what did", () => {
  const reel = new Reel(told(20));
  assert.deepEqual([...reel.seek(reel.times[4]).touched.rows], ["c0", "c1"]);
  assert.equal(reel.seek(reel.times[6]).whole, false);
  assert.equal(reel.seek(reel.times[1]).whole, true);
});

test("the events beside an instant are the next and the one before it", () => {
  const reel = new Reel(told(5));
  assert.equal(reel.beside(reel.times[2], 1), reel.times[3]);
  assert.equal(reel.beside(reel.times[2], -1), reel.times[1]);
  assert.ok(Number.isNaN(reel.beside(reel.times[4], 1)));
  assert.ok(Number.isNaN(reel.beside(reel.since, -1)));
});

test("a unit stands where its track had it, and nowhere once that is long ago", () => {
  const { units, tracks } = told(0);
  assert.equal(unitsAt(units, tracks, 500).size, 0);
  assert.deepEqual([unitsAt(units, tracks, 1500).get("E1").lon, unitsAt(units, tracks, 9000).get("E1").lon], [1, 3]);
  assert.equal(unitsAt(units, tracks, 2000 + 31 * 60_000).size, 0);
});

test("how much happened is told by equal parts, the ends included", () => {
  assert.deepEqual(density([0, 1, 49, 50, 100], 0, 100, 2), [3, 2]);
  assert.equal(countUntil([1, 2, 2, 3], 2), 3);
});

test("the address names day and instant, the newest day and its first event else", () => {
  const days = [{ day: "2026-11-26" }, { day: "2026-11-25" }];
  assert.equal(dayOf(days, "?day=2026-11-25").day, "2026-11-25");
  assert.equal(dayOf(days, "?day=1999-01-01").day, "2026-11-26");
  const reel = new Reel(told(3));
  assert.equal(startOf(reel, `?at=${at(2)}`), Date.parse(at(2)));
  assert.equal(startOf(reel, "?at=1999-01-01T00:00:00Z"), reel.times[0] - 1000);
});

test("an exercise is marked as one, wholly or in part", () => {
  assert.deepEqual(exercises([{ exercise: true }, { exercise: false }]), { n: 1, only: false });
  assert.deepEqual(exercises([{ exercise: true }]), { n: 1, only: true });
  assert.deepEqual(exercises([]), { n: 0, only: false });
  assert.deepEqual(realFirst([{ id: "drill-P0", exercise: true }, { id: "P1" }, { id: "P2" }]).map(({ id }) => id), ["P1", "P2", "drill-P0"]);
});

test("the warnings told are those in force at the instant that is shown, the gravest first", () => {
  const row = (id, colour, from, until) => ({ id, colour, status: "actual", ended_how: null, sent_at: at(from), effective_at: at(from), expires_at: at(until) });
  const rows = new Map([row("a", "yellow", 0, 40), row("b", "red", 10, 20), row("c", "blue", 50, 59)].map((one) => [one.id, one]));
  const told = [5, 15, 30, 45].map((n) => standing(rows, Date.parse(at(n))).map(({ id }) => id));
  assert.deepEqual(told, [["a"], ["b", "a"], ["a"], []]);
});
