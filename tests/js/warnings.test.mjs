import assert from "node:assert/strict";
import test from "node:test";

import { foldAll, fromSnapshot } from "../../assets/live.mjs";
import { isDrawn, pathsOf } from "../../assets/warning_areas.mjs";
import { issueBody } from "../../assets/warning_sheet.mjs";
import { forWall, inForce, left, ofPhase, phase, said, times, title, where } from "../../assets/warnings.mjs";
import { useWords } from "../../assets/words.mjs";

const NOW = Date.parse("2026-11-27T10:00:00Z");
const at = (minutes) => new Date(NOW + minutes * 60_000).toISOString();
const row = (id, more = {}) => ({
  id, version: 1, status: "actual", colour: "yellow", sent_at: at(-60), effective_at: at(-60), expires_at: at(200), expires_told: true, onset_at: null, ended_how: null, whole: true, towns: [],
  words: { zh: { event: "暴雨", headline: "", description: "大雨", instruction: "" }, en: { event: "rainstorm", headline: "", description: "", instruction: "" } },
  outline: { type: "MultiPolygon", coordinates: [[[[119, 30], [120, 30], [120, 31], [119, 30]]]] }, ...more,
});
const WORDS = {
  "warning.title": "{event}{colour}预警", "warning_colour.yellow": "黄色", "warning.whole": "全县", "warning.and": "、", "warning.towns": "{first}等 {n} 个乡镇", "warning.left": "剩 {span}",
  "format.hours_minutes": "{h} 小时 {m} 分", "format.minutes": "{m} 分", "format.seconds": "{s} 秒", "warning.from_until": "{from} 至 {until}", "warning.from_until_ours": "{from} 至 {until}(估)", "warning.onset": "{at} 起", "warning.unnamed": "其他",
};
useWords(WORDS);

test("a warning is to come, in force and over by its own times alone", () => {
  assert.equal(phase(row("a"), NOW), "in_force");
  assert.equal(phase(row("a", { effective_at: at(1) }), NOW), "coming");
  assert.equal(phase(row("a", { expires_at: at(0) }), NOW), "expired");
  assert.equal(phase(row("a", { ended_how: "cancelled" }), NOW), "cancelled");
});

test("what is in force stands the gravest first, and an exercise behind all that is meant", () => {
  const rows = [row("drill", { colour: "red", status: "exercise" }), row("old"), row("new", { sent_at: at(-5) }), row("red", { colour: "red" }), row("over", { expires_at: at(-1) })];
  assert.deepEqual(inForce(rows, NOW).map(({ id }) => id), ["red", "new", "old", "drill"]);
  assert.deepEqual(ofPhase(rows, NOW, "expired").map(({ id }) => id), ["over"]);
});

test("a test of the line is on no public screen, and its ground on no map", () => {
  const told = row("t", { status: "test" });
  assert.deepEqual(forWall([told, row("a")], NOW).map(({ id }) => id), ["a"]);
  assert.equal(isDrawn(told, NOW), false);
  assert.equal(isDrawn(row("e", { status: "exercise" }), NOW), true);
  assert.equal(isDrawn(row("a", { expires_at: at(-1) }), NOW), false);
  assert.equal(isDrawn(row("a", { outline: null }), NOW), false);
});

test("a warning is told in the page's language, and in the other where that says nothing", () => {
  assert.equal(title(row("a")), "暴雨黄色预警");
  useWords({ ...WORDS, "warning.title": "{event}: {colour} warning", "warning_colour.yellow": "yellow" }, "en");
  assert.equal(title(row("a")), "Rainstorm: yellow warning");
  assert.equal(said(row("a"), "description"), "大雨");
  useWords(WORDS);
});

test("where it holds is the county, one or two towns, or the first of many", () => {
  const towns = ["东湖街道", "桥头镇", "柳林镇"].map((zh) => ({ id: zh, zh, en: "" }));
  assert.equal(where(row("a")), "全县");
  assert.equal(where(row("a", { whole: false, towns: towns.slice(0, 2) })), "东湖街道、桥头镇");
  assert.equal(where(row("a", { whole: false, towns })), "东湖街道等 3 个乡镇");
});

test("the time left is told by the minute, and who set the end is said", () => {
  assert.equal(left(row("a"), NOW), "剩 3 小时 20 分");
  assert.equal(left(row("a", { expires_at: at(12.5) }), NOW), "剩 12 分");
  assert.match(times(row("a", { expires_told: false }), NOW), /估/);
});

test("positions are turned for Leaflet, which says latitude first", () => {
  assert.deepEqual(pathsOf(row("a").outline), [[[[30, 119], [30, 120], [31, 120], [30, 119]]]]);
});

test("a warning entered by hand ends so many hours from the server's now", () => {
  const body = issueBody({ hazard: "gale", colour: "blue", hours: "6", status: "actual", towns: [], headline: "", description: "", instruction: "" }, NOW);
  assert.equal(body.expires_at, "2026-11-27T16:00:00.000Z");
});

test("a snapshot and what is heard after it hold the same warnings", () => {
  const state = fromSnapshot({ seq: 1, warnings: { a: row("a") } });
  const told = foldAll(state, [{ event: "e", data: { seq: 2, warnings: [{ id: "b", row: row("b") }, { id: "a", row: null }] } }]);
  assert.deepEqual([...told.state.warnings.keys()], ["b"]);
  assert.deepEqual([...told.touched.warnings], ["b", "a"]);
  assert.deepEqual([...state.warnings.keys()], ["a"]);
});
