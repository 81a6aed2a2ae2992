import assert from "node:assert/strict";
import test from "node:test";
import { chosenOf, unitsOf } from "../../assets/recommendation.mjs";
import { needText, reachText, reasonText } from "../../assets/recommendation_words.mjs";
import { doneOf, stepsFrom, toldText } from "../../assets/case_plan.mjs";
import { gapsOf } from "../../assets/cover.mjs";
import { areaOf } from "../../assets/closing.mjs";
import { orderOf, readTrack, trackText } from "../../assets/unit_card.mjs";
import { useWords } from "../../assets/words.mjs";

const WORDS = {
  "reach.minutes": "{n} min", "recommend.reason.position_stale": "old {age}", "recommend.counted": "{told} (+{minutes})", "recommend.reason.skill": "{word}",
  "recommend.reach_unknown": "not known", "recommend.reach_hole": "hole: {heard}", "recommend.no_signal": "none", "format.comma": ", ", "format.minutes": "{m} m", "plan.upward.city": "the city", "role.leader": "leader", "operator.short.CMCC": "移动",
};
const NAMES = { department: (id) => `<${id}>`, unit: (id) => id };

test("a hand's choice outlives what is worked out anew", () => {
  const there = new Map([["a", 1], ["b", 1], ["c", 1]]);
  assert.deepEqual(chosenOf(["a", "b"], new Set(["b"]), new Set(["c", "gone"]), there), { units: ["a", "c"], struck: ["b"], added: ["c"] });
  // What was added by hand and is proposed now is no longer an addition.
  assert.deepEqual(chosenOf(["c"], new Set(), new Set(["c"]), there), { units: ["c"], struck: [], added: [] });
});

test("every unit an answer names is known once, picks before others and those who are away", () => {
  const answers = [{ picks: [{ unit: "a", n: 1 }], others: [{ unit: "b" }], shortfalls: [{ nearest: [{ unit: "a", n: 2 }, { unit: "c" }] }] }];
  const found = unitsOf({ answers });
  assert.deepEqual([...found.keys()], ["a", "b", "c"]);
  assert.equal(found.get("a").n, 1);
});

test("what counts against a unit says by how much, what speaks for it does not", () => {
  useWords(WORDS, "en");
  assert.equal(reasonText({ code: "position_stale", seconds: 2400, cost_s: 180 }), "old 40 m (+3)");
  assert.equal(reasonText({ code: "skill", word_zh: "灭火", word_en: "Firefighting" }), "Firefighting");
});

test("networks that nobody knows are not called a hole", () => {
  useWords(WORDS, "en");
  assert.equal(reachText({ known: false, hole: false, networks: [] }), "not known");
  assert.equal(reachText({ known: true, hole: true, networks: [{ operator: "CMCC", technology: "4G", rsrp_dbm: -121 }, { operator: "B", technology: "5G", rsrp_dbm: null }] }), "hole: 移动 4G -121 dBm, B 5G none");
});

test("a need says role, make and how many", () => {
  useWords({ ...WORDS, "unit_kind.engine": "Fire engine" }, "en");
  assert.equal(needText({ kind: "engine", skill: "hazmat", skill_en: "Hazmat", role_en: "Plug the leak", count: 2 }, NAMES), "Plug the leak · Fire engine · Hazmat ×2");
  assert.equal(needText({ kind: null, skill: null, department: "gas", role_zh: "先", count: 1 }, NAMES), "先 · <gas>");
});

test("a plan rises and falls by one level, within those it has", () => {
  assert.deepEqual(stepsFrom("III", ["IV", "III", "II"]), { up: "II", down: "IV" });
  assert.deepEqual(stepsFrom("IV", ["IV"]), { up: null, down: null });
  assert.deepEqual(doneOf([{ done_at: "x" }, { done_at: null }]), { done: 1, all: 2 });
});

test("whom a plan tells is said in words", () => {
  useWords(WORDS, "en");
  assert.deepEqual(["role:leader", "department:gas", "level:city"].map((name) => toldText(name, NAMES)), ["leader", "<gas>", "the city"]);
});

test("only gaps are listed, and an area drawn by corners is closed", () => {
  assert.deepEqual(gapsOf([{ gap: true, n: 1 }, { gap: false }]), [{ gap: true, n: 1 }]);
  assert.deepEqual(areaOf([[0, 0], [1, 0], [1, 1]]).coordinates[0].length, 4);
});

const TRACK = {
  geometry: { type: "LineString", coordinates: [[119.9, 30.5], [119.91, 30.5], [119.95, 30.52], [119.96, 30.52]] },
  properties: {
    times: ["2026-11-22T06:00:00Z", "2026-11-22T06:00:30Z", "2026-11-22T06:20:30Z", "2026-11-22T06:21:00Z"],
    received: ["2026-11-22T06:00:01Z", "2026-11-22T06:00:31Z", "2026-11-22T06:45:00Z", "2026-11-22T06:21:01Z"],
  },
};

test("a track is broken where nobody heard the unit, and what came late is told apart", () => {
  const { runs, gaps, late } = readTrack(TRACK, 300_000);
  assert.deepEqual(runs.map((run) => run.length), [2, 2]);
  assert.deepEqual(gaps.map(({ from, to }) => to.seen - from.seen), [1_200_000]);
  assert.deepEqual(late.map(({ lon }) => lon), [119.95]);
  assert.equal(readTrack(TRACK, 3_600_000).gaps.length, 0);
});

test("units are gone through from near to far, and those nobody has seen come last, by name", () => {
  const units = new Map([["far", { lon: 120.2, lat: 30.5 }], ["lost-b", { name: "乙" }], ["near", { lon: 120.0, lat: 30.51 }], ["lost-a", { name: "丙", lon: NaN, lat: NaN }]]);
  assert.deepEqual(orderOf(units, { lon: 120, lat: 30.5 }), ["near", "far", "lost-a", "lost-b"]);
});

test("a track of one position or none is no line, and says so", () => {
  useWords({ "unit_card.no_track": "none", "unit_card.points": "{n} points", "unit_card.no_gaps": "whole" }, "en");
  assert.equal(trackText(readTrack({ geometry: null, properties: { times: [], received: [] } }, 1)), "none");
  const one = { geometry: { type: "Point", coordinates: [1, 2] }, properties: { times: [TRACK.properties.times[0]], received: [TRACK.properties.received[0]] } };
  assert.equal(trackText(readTrack(one, 1)), "1 points · whole");
});
