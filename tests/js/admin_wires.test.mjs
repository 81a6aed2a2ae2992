// The wires' tab: every wire has one row, open or not, and what is wrong is said first.

import assert from "node:assert/strict";
import test from "node:test";

import { doorText, wireRows } from "../../assets/admin_wires.mjs";
import { useWords } from "../../assets/words.mjs";

const counts = { frames: 3, readings: 9, accepted: 9, late: 0, duplicate: 0, refused: 1, unknown: 0, resent: 0, dialect: 0, newest_at: null, sources: 2 };
const told = {
  items: [{ wire: "sl651", ...counts }, { wire: "hj212", ...counts }],
  ports: [{ wire: "hj212", port: 6212, open: true, callers: 2 }, { wire: "sl651", port: 6651, open: false, callers: 0 }],
  problems: [{ wire: "modbus", problem: "row 2: host" }],
  broker_connected: false,
};

test("a wire that never spoke stands among the others with what is wrong with it", () => {
  const rows = wireRows(told);
  assert.deepEqual(rows.map(({ wire }) => wire), ["hj212", "modbus", "mqtt", "sl651"]);
  assert.deepEqual(rows.map(({ frames }) => frames), [3, 0, 0, 3]);
  assert.deepEqual(rows.map(({ door }) => door), ["open", "", "cut", "shut"]);
  assert.equal(rows[1].problem, "row 2: host");
});

test("without a broker there is no row for it", () => {
  assert.deepEqual(wireRows({ ...told, broker_connected: null }).map(({ wire }) => wire), ["hj212", "modbus", "sl651"]);
});

test("a problem is told before the port, and a wire without a door says nothing", () => {
  useWords({ "admin.wire.problem": "no: {problem}", "admin.wire.open": "{port}/{callers}" }, "en");
  assert.equal(doorText({ door: "open", port: 6212, callers: 2, problem: "" }), "6212/2");
  assert.equal(doorText({ door: "open", port: 6212, callers: 2, problem: "table" }), "no: table");
  assert.equal(doorText({ door: "", problem: "" }), "");
});
