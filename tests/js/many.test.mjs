import assert from "node:assert/strict";
import test from "node:test";

import { countsOf as versionCounts, passing } from "../../assets/admin_categories.mjs";
import { Problem } from "../../assets/api.mjs";
import { doParts, parts, targets } from "../../assets/bulk.mjs";
import { byReason, stateSummary, tally } from "../../assets/bulk_form.mjs";
import { joinedOf } from "../../assets/case_duplicates.mjs";
import { countsOf, importPath, keptBy, worstFirst } from "../../assets/import_sheet.mjs";
import { rowOf } from "../../assets/keys.mjs";
import { Mine } from "../../assets/mine.mjs";
import { filterOf, queryOf } from "../../assets/queue_address.mjs";
import { SORTS, noFilter, ordered, passes } from "../../assets/queue_order.mjs";
import { Selection, between } from "../../assets/selection.mjs";

const names = { category: (code) => code, state: (state) => state, department: (id) => id ?? "" };
const row = (id, more = {}) => ({ id, number: id, priority: "P3", state: "NEW", lane: "routine", category: "E0506", text: "", address: "", town: "武康街道", lead: null, assists: [], due_at: null, reported_at: "2026-11-22T05:00:00.000Z", ...more });

test("rows are picked one by one, in a stretch, and all at once", () => {
  let told = 0;
  const picked = new Selection(() => { told += 1; });
  picked.toggle("b");
  picked.extend(["a", "b", "c", "d"], "d");
  assert.deepEqual([...picked.ids], ["b", "c", "d"]);
  picked.toggle("c");
  assert.equal(picked.has("c"), false);
  picked.all(["a", "b", "c", "d"]);
  assert.equal(picked.size, 4);
  picked.all(["a", "b", "c", "d"]);
  assert.equal(picked.size, 0);
  assert.equal(told, 5);
  assert.deepEqual(between(["a", "b"], "gone", "b"), ["b"]);
});

test("what left the list is picked no more", () => {
  const picked = new Selection();
  picked.all(["a", "b"]);
  picked.prune(new Map([["b", {}]]));
  assert.deepEqual([...picked.ids], ["b"]);
});

test("a filter comes back from the address as it went in", () => {
  const filter = { ...noFilter(), priorities: ["P0", "P1"], phases: ["going"], late: true, mine: true, state: "NEW", town: "云溪镇", lead: "drainage", text: "积水 & 井盖", sort: "newest" };
  assert.deepEqual(filterOf(queryOf(filter)), filter);
  assert.equal(queryOf(noFilter()), "");
  assert.deepEqual(filterOf(""), noFilter());
});

test("state, town, department and mine each hold back the others", () => {
  const one = row("a", { state: "FILED", town: "云溪镇", lead: "drainage" });
  for (const [name, value] of [["state", "FILED"], ["town", "云溪镇"], ["lead", "drainage"]]) {
    assert.equal(passes(one, { ...noFilter(), [name]: value }, names, 0), true);
    assert.equal(passes(one, { ...noFilter(), [name]: "other" }, names, 0), false);
  }
  assert.equal(passes(one, { ...noFilter(), mine: true }, names, 0, ({ id }) => id === "a"), true);
  assert.equal(passes(one, { ...noFilter(), mine: true }, names, 0, () => false), false);
});

test("every order is total and does what its name says", () => {
  const rows = [row("a", { reported_at: "2026-11-22T05:00:00.000Z", town: "乙" }), row("b", { reported_at: "2026-11-22T06:00:00.000Z", town: "甲", due_at: "2026-11-22T07:00:00.000Z" }), row("c", { priority: "P0" })];
  for (const sort of SORTS) {
    const once = ordered(rows, { ...noFilter(), sort }, names, 0).map(({ id }) => id);
    assert.deepEqual(ordered([...rows].reverse(), { ...noFilter(), sort }, names, 0).map(({ id }) => id), once, sort);
  }
  const first = (sort) => ordered(rows, { ...noFilter(), sort }, names, 0)[0].id;
  assert.deepEqual([first("urgent"), first("due"), first("newest")], ["c", "b", "b"]);
});

test("mine is my department's, or what I did at this desk", () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  const officer = new Mine({ who: "王芳", department: null, storage });
  officer.add("a");
  assert.equal(new Mine({ who: "王芳", department: null, storage }).is(row("a")), true);
  assert.equal(new Mine({ who: "李明", department: null, storage }).is(row("a")), false);
  assert.equal(new Mine({ who: "x", department: "fire", storage }).is(row("b", { assists: ["fire"] })), true);
});

test("many are done in parts, and what nobody answered keeps its key", async () => {
  const work = parts(["a", "b", "c", "d", "e"], 2).map((ids, i) => ({ key: `k:${i}`, body: { ids } }));
  const heard = [];
  const asked = [];
  const post = (_path, body, key) => {
    asked.push(key);
    return key === "k:1" ? Promise.reject(new Problem(0)) : Promise.resolve({ results: body.ids.map((id) => ({ id, done: true })) });
  };
  const left = await doParts(work, { post, heard: (results) => heard.push(...results) });
  assert.deepEqual(asked, ["k:0", "k:1"]);
  assert.deepEqual(left.map(({ key }) => key), ["k:1", "k:2"]);
  assert.deepEqual(heard.map(({ id }) => id), ["a", "b"]);
});

test("a part that is refused as a whole is told for each of its cases, and the rest goes on", async () => {
  const work = parts(["a", "b", "c"], 2).map((ids, i) => ({ key: `k:${i}`, body: { ids } }));
  const heard = [];
  const post = (_path, body, key) => (key === "k:0" ? Promise.reject(new Problem(422, { code: "x", detail: "no" })) : Promise.resolve({ results: body.ids.map((id) => ({ id, done: true })) }));
  assert.deepEqual(await doParts(work, { post, heard: (results) => heard.push(...results) }), []);
  assert.deepEqual(heard.map(({ id, done }) => [id, done]), [["a", false], ["b", false], ["c", true]]);
  assert.deepEqual(tally(heard), { done: 1, refused: 2 });
  assert.deepEqual(byReason(heard).map(([reason, list]) => [reason, list.length]), [["no", 2]]);
});

test("a master is not merged into itself", () => {
  assert.deepEqual(targets(["a", "b", "c"], { master: "b" }), ["a", "c"]);
  assert.deepEqual(targets(["a"], {}), ["a"]);
});

test("the picked are summed up by state", () => {
  assert.match(stateSummary([row("a"), row("b"), row("c", { state: "FILED" })]), /NEW 2.*FILED 1/);
});

test("what was merged and parted again is no part of a case", () => {
  const timeline = [{ data: { joined: "a" } }, { data: { joined: "b" } }, { data: { parted: "a" } }, {}];
  assert.deepEqual(joinedOf(timeline), ["b"]);
});

test("a sheet's report counts what would be kept and shows what is wrong first", () => {
  const told = { accepted: 2, unchanged: 0, refused: 1, rows: [{ row: 2, outcome: "accepted" }, { row: 3, outcome: "refused" }, { row: 4, outcome: "accepted", remarks: ["x"] }] };
  assert.deepEqual(countsOf(told), [["accepted", 2], ["refused", 1]]);
  assert.equal(keptBy(told), 2);
  assert.equal(keptBy({ added: 1, changed: 2, unchanged: 5 }), 3);
  assert.deepEqual(countsOf({ added: 1, changed: 2, unchanged: 0 }), [["added", 1], ["changed", 2]]);
  assert.deepEqual(worstFirst(told.rows).map((one) => one.row), [3, 4, 2]);
  assert.equal(importPath("reports", "来报.csv", true), `/api/v1/reports/import?dry_run=true&name=${encodeURIComponent("来报.csv")}`);
  assert.match(importPath("devices", "d.csv", false, { datum: "gcj02" }), /dry_run=false&name=d.csv&datum=gcj02$/);
});

test("versions are found by their words; those in force no more only where asked for", () => {
  const rows = [{ full_code: "A@1:B0101", name_zh: "上水井盖", name_en: "cover", lead: "供水", default_priority: "P1", in_force: false, origin: "shipped" }, { full_code: "A@2:B0101", name_zh: "上水井盖", name_en: "cover", lead: "供水", default_priority: "P1", in_force: true, origin: "brought" }];
  assert.equal(passing(rows, "井盖", false).length, 1);
  assert.equal(passing(rows, "b0101 供水", true).length, 2);
  assert.deepEqual(versionCounts(rows), { all: 2, force: 1, brought: 1 });
});

test("Shift with an arrow picks on, the arrow alone walks", () => {
  assert.equal(rowOf({ key: "ArrowDown" }).name, "next");
  assert.equal(rowOf({ key: "ArrowDown", shiftKey: true }).name, "pick_down");
  assert.equal(rowOf({ key: "A", shiftKey: true }).name, "pick_all");
});
