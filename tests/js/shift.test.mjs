import assert from "node:assert/strict";
import test from "node:test";

import { exportPath } from "../../assets/export.mjs";
import { Kept } from "../../assets/kept.mjs";
import { countsOf, dueText } from "../../assets/shift_parts.mjs";
import { useWords } from "../../assets/words.mjs";

useWords({ "shift.open": "未结", "priority.P0": "特急", "shift.why.overdue": "已超时", "case.exercise": "演练", "format.none": "—" }, "zh", "Asia/Shanghai");

const shelf = (held = {}) => ({ held, getItem: (name) => held[name] ?? null, setItem: (name, text) => { held[name] = text; }, removeItem: (name) => { delete held[name]; } });

test("a sheet's counts are said in order, exercises last and only where there are some", () => {
  const sheet = { open: 7, by_priority: { P0: 2 }, by_why: { overdue: 3 }, exercises: 0 };
  assert.deepEqual(countsOf(sheet), [[7, "未结"], [2, "P0 特急"], [3, "已超时"]]);
  assert.deepEqual(countsOf({ ...sheet, exercises: 1 }).at(-1), [1, "演练"]);
});

test("a case on hold says when it goes on, one without a limit says nothing", () => {
  const now = Date.parse("2026-11-27T02:00:00Z");
  assert.equal(dueText({ due_at: null, resumes_at: "2026-11-27T04:30:00Z" }, now), "12:30:00");
  assert.equal(dueText({ due_at: null, resumes_at: null }, now), "—");
});

test("what was written on a sheet outlives the page's reload, and a broken shelf is as if it were empty", () => {
  const storage = shelf();
  new Kept("a", storage).set("note", "电台已坏");
  assert.equal(new Kept("a", storage).get("note"), "电台已坏");
  assert.deepEqual(new Kept("a", shelf({ a: "{broken" })).entries(), []);
  assert.deepEqual(new Kept("a", shelf({ a: "[1]" })).entries(), []);
  new Kept("a", storage).clear();
  assert.deepEqual(storage.held, {});
});

test("callers are asked for by name only where somebody ticked it", () => {
  assert.equal(exportPath("01A", "pdf", false), "/api/v1/cases/01A/export.pdf");
  assert.equal(exportPath("01A", "json", true), "/api/v1/cases/01A/export.json?personal=true");
});
