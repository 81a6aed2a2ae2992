import assert from "node:assert/strict";
import test from "node:test";

import { compareRows, counts, holdsBack, noFilter, ordered, passes, realOnes, step, toggled } from "../../assets/queue_order.mjs";
import { OrderedRows } from "../../assets/queue_rows.mjs";
import { placeParts, rowPlace } from "../../assets/queue.mjs";
import { inSight, scrollFor } from "../../assets/virtual_list.mjs";

const names = { category: (code) => ({ E0506: "道路积水" })[code] ?? code, state: (state) => state, department: (id) => id ?? "" };
let made = 0;
const row = (parts = {}) => ({
  id: `c${(made += 1)}`, number: `N${made}`, priority: "P3", state: "NEW", lane: "routine", category: "E0506", text: "", address: "", town: "武康街道",
  lead: null, due_at: "2026-11-22T06:00:00.000Z", reported_at: "2026-11-22T05:00:00.000Z", ...parts,
});
const NOW = Date.parse("2026-11-22T06:30:00Z");

test("the queue is ordered by priority, then by what is due first, then by age", () => {
  const later = row({ priority: "P1", due_at: "2026-11-22T08:00:00.000Z" });
  const never = row({ priority: "P1", due_at: null });
  const sooner = row({ priority: "P1", due_at: "2026-11-22T07:00:00.000Z" });
  const top = row({ priority: "P0", due_at: null });
  const low = row({ priority: "P4" });
  const list = ordered([low, never, later, top, sooner], noFilter(), names, NOW);
  assert.deepEqual(list, [top, sooner, later, never, low]);
});

test("the order is total: any shuffle gives the same queue", () => {
  const rows = Array.from({ length: 60 }, (_, i) => row({ priority: `P${i % 5}`, due_at: i % 7 ? `2026-11-22T0${i % 6}:00:00.000Z` : null }));
  const once = ordered(rows, noFilter(), names, NOW).map(({ id }) => id);
  const again = ordered([...rows].reverse(), noFilter(), names, NOW).map(({ id }) => id);
  assert.deepEqual(again, once);
  assert.equal(compareRows(rows[0], rows[0]) >= 0, true);
});

test("each filter holds back what it should", () => {
  const urgent = row({ priority: "P1", state: "ON_SCENE", lane: "emergency", due_at: "2026-11-22T09:00:00.000Z" });
  assert.equal(passes(urgent, { ...noFilter(), priorities: ["P0", "P1"] }, names, NOW), true);
  assert.equal(passes(urgent, { ...noFilter(), priorities: ["P2"] }, names, NOW), false);
  assert.equal(passes(urgent, { ...noFilter(), phases: ["going"] }, names, NOW), true);
  assert.equal(passes(urgent, { ...noFilter(), phases: ["waiting", "checking"] }, names, NOW), false);
  assert.equal(passes(urgent, { ...noFilter(), emergency: true }, names, NOW), true);
  assert.equal(passes(row(), { ...noFilter(), emergency: true }, names, NOW), false);
  assert.equal(passes(urgent, { ...noFilter(), late: true }, names, NOW), false);
  assert.equal(passes(row(), { ...noFilter(), late: true }, names, NOW), true);
});

test("every typed word must be somewhere: number, category's name, place or text", () => {
  const wet = row({ text: "下穿通道积水", address: "曲园北路" });
  assert.equal(passes(wet, { ...noFilter(), text: "积水 曲园" }, names, NOW), true);
  assert.equal(passes(wet, { ...noFilter(), text: "道路 武康" }, names, NOW), true);
  assert.equal(passes(wet, { ...noFilter(), text: "积水 乾元" }, names, NOW), false);
  assert.equal(passes(wet, { ...noFilter(), text: wet.number.toLowerCase() }, names, NOW), true);
});

test("a filter that holds nothing back says so", () => {
  assert.equal(holdsBack(noFilter()), false);
  assert.equal(holdsBack({ ...noFilter(), text: "x" }), true);
  assert.deepEqual(toggled(["P0"], "P1"), ["P0", "P1"]);
  assert.deepEqual(toggled(["P0", "P1"], "P0"), ["P1"]);
});

test("steps stay within the list and begin at its end", () => {
  assert.equal(step(["a", "b", "c"], "b", 1), "c");
  assert.equal(step(["a", "b", "c"], "c", 1), "c");
  assert.equal(step(["a", "b", "c"], null, 1), "a");
  assert.equal(step(["a", "b", "c"], "gone", -1), "c");
  assert.equal(step([], null, 1), null);
});

test("a row's place says neither town nor address twice", () => {
  assert.equal(rowPlace({ town: "武康街道", address: "永安街 112 号" }), "武康街道 永安街 112 号");
  assert.equal(rowPlace({ town: "武康街道", address: "武康街道永安街" }), "武康街道永安街");
  assert.equal(rowPlace({ town: "武康街道", address: "" }), "武康街道");
});

test("of a long place the end is kept: the landmark and how far it is, or the house and its number", () => {
  assert.deepEqual(placeParts("河口镇 青河线 近 姚家坞村委会 710 m"), ["河口镇 青河线", " 近 姚家坞村委会 710 m"]);
  assert.deepEqual(placeParts("武康街道"), ["", "武康街道"]);
  for (const place of ["", "清岚大道与滨河路交叉口西北角第一人民医院门诊楼 112 号", "河口镇 近 付家小学 40 m"]) assert.equal(placeParts(place).join(""), place);
  assert.ok(placeParts("清岚大道与滨河路交叉口西北角第一人民医院门诊楼 112 号")[1].endsWith("门诊楼 112 号"));
});

test("priorities are counted, exercises are not", () => {
  assert.deepEqual(counts([row({ priority: "P0", exercise: true }), row()]), { P0: 0, P1: 0, P2: 0, P3: 1, P4: 0 });
  assert.equal(realOnes([row({ exercise: true }), row(), row({ exercise: false })]), 2);
  assert.deepEqual(counts([row({ priority: "P0" }), row(), row()]), { P0: 1, P1: 0, P2: 0, P3: 2, P4: 0 });
});

test("of ten thousand rows only those in sight are drawn", () => {
  const { first, last } = inSight(40_000, 800, 40, 10_000);
  assert.ok(first <= 1000 && last >= 1020 && last - first < 40);
  assert.deepEqual(inSight(0, 800, 40, 3), { first: 0, last: 3 });
});

test("a selected row is scrolled to only as far as needed", () => {
  assert.equal(scrollFor(5, 0, 800, 40), 0);
  assert.equal(scrollFor(0, 400, 800, 40), 0);
  assert.equal(scrollFor(30, 0, 800, 40), 440);
});

test("an order that is kept while rows change is the order that sorting anew gives", () => {
  let seed = 7;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const some = (id) => row({ id, priority: `P${random(5)}`, town: `T${random(4)}`, due_at: random(4) ? `2026-11-22T0${random(9)}:00:00.000Z` : null, lane: random(2) ? "routine" : "emergency" });
  for (const parts of [{}, { sort: "town" }, { sort: "due", emergency: true }, { sort: "newest", priorities: ["P1", "P2"] }]) {
    const filter = { ...noFilter(), ...parts };
    const rows = new Map();
    const kept = new OrderedRows({ names, isMine: () => true });
    kept.bring(rows, filter, NOW, null);
    for (let round = 0; round < 60; round += 1) {
      const changed = new Set(Array.from({ length: 1 + random(6) }, () => `r${random(40)}`));
      for (const id of changed) if (random(3)) rows.set(id, some(id)); else rows.delete(id);
      const shown = kept.bring(rows, filter, NOW, changed);
      assert.deepEqual(shown.map(({ id }) => id), ordered(rows.values(), filter, names, NOW).map(({ id }) => id));
    }
  }
});
