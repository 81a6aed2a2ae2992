import assert from "node:assert/strict";
import test from "node:test";

import { countBy, matching } from "../../assets/admin_units.mjs";

const UNITS = [
  { id: "fire-02", name: "消防二车", name_en: "Engine 2", department: "fire", radio: "红2" },
  { id: "fire-01", name: "消防一车", name_en: "Engine 1", department: "fire", radio: "红1" },
  { id: "gas-01", name: "燃气抢修", department: "gas" },
];
const nameOf = (id) => ({ fire: "消防救援大队", gas: "燃气公司" })[id];
const ids = (text) => matching(UNITS, text, nameOf).map(({ id }) => id);

test("units are found by every word of id, name, department or call sign, in one order", () => {
  assert.deepEqual(ids(""), ["fire-01", "fire-02", "gas-01"]);
  assert.deepEqual(ids("engine 红1"), ["fire-01"]);
  assert.deepEqual(ids("燃气公司"), ["gas-01"]);
  assert.deepEqual(ids("消防 gas"), []);
});

test("a department's units are counted", () => {
  assert.deepEqual([...countBy(UNITS)], [["fire", 2], ["gas", 1]]);
});
