import assert from "node:assert/strict";
import test from "node:test";

import { receptionText } from "../../assets/coverage_chip.mjs";
import { bandsFor, difference, directions, layerFrom, passing, scaleOf, searchOf, spanOf, tilesOf, wedge, whichQuery, worstTowns } from "../../assets/coverage_model.mjs";
import { CLASSES, classOf, leftOutText, measuredPath } from "../../assets/coverage_measured.mjs";
import { networkFigures, reachClass } from "../../assets/coverage_networks.mjs";
import { bodyOf, judgedBy, planOf } from "../../assets/coverage_try.mjs";

const STANDING = {
  bands: [{ technology: "4G", band: "B3", operators: ["CMCC", "CUCC"] }, { technology: "5G", band: "n41", operators: ["CMCC"] }],
  scales: { "4G": [{ at_least: -85 }, { at_least: -95 }, { at_least: null, weak: true }], "5G": [{ at_least: -80 }], SINR: [{ at_least: 15 }] },
};

test("an address says the layer, and what it cannot mean is as at first", () => {
  assert.deepEqual(layerFrom("?technology=5G&operator=CUCC"), { quantity: "rsrp", technology: "5G", operator: "CUCC", band: "all" });
  assert.deepEqual(layerFrom("?technology=3G&quantity=beauty"), layerFrom(""));
  assert.equal(searchOf(layerFrom("?technology=5G&operator=CUCC")), "technology=5G&operator=CUCC");
  assert.equal(whichQuery(layerFrom("?band=B3")), "band=B3");
  assert.equal(tilesOf("/coverage/tiles/v1", layerFrom("?technology=4G")), "/coverage/tiles/v1/rsrp/4G/all/all/{z}/{x}/{y}.png");
});

test("bands follow technology and operator, scales follow the quantity", () => {
  assert.deepEqual(bandsFor(STANDING, { technology: "all", operator: "CUCC" }), ["B3"]);
  assert.deepEqual(bandsFor(STANDING, { technology: "5G", operator: "all" }), ["n41"]);
  assert.equal(scaleOf(STANDING, { quantity: "sinr", technology: "4G" }), STANDING.scales.SINR);
  assert.equal(scaleOf(STANDING, { quantity: "rsrp", technology: "all" }), STANDING.scales["4G"]);
  assert.deepEqual([0, 1, 2].map((n) => spanOf(STANDING.scales["4G"], n)), ["≥ -85", "-95 … -85", "< -95"]);
});

test("the towns with most people in weak coverage come first", () => {
  const towns = [{ town: "a", weak_people: 1, weak_area_km2: 9 }, { town: "b", weak_people: 5, weak_area_km2: 1 }, { town: "c", weak_people: 1, weak_area_km2: 10 }];
  assert.deepEqual(worstTowns(towns).map((one) => one.town), ["b", "c", "a"]);
});

test("places are found by every word, weak ones alone where so asked", () => {
  const places = [{ name: "县医院", kind: "医院", weak: false }, { name: "石门小学", kind: "学校", weak: true }];
  assert.equal(passing(places, { text: "", weakOnly: true }).length, 1);
  assert.equal(passing(places, { text: "县 医院", weakOnly: false }).length, 1);
});

test("a difference has its sign, sectors share the circle out, a wedge opens to its side", () => {
  assert.equal(difference({ before: 10, after: 3 }), "−7");
  assert.equal(difference({ before: 1, after: 1 }), "±0");
  assert.deepEqual(directions(350, 3), [350, 110, 230]);
  const [, left, right] = wedge(0, 20);
  assert.ok(left[0] < 0 && right[0] > 0 && left[1] < 0);
  assert.deepEqual(bodyOf({ lon: 1, lat: 2, operator: "CMCC", bands: ["n28"], height_m: 35, tilt_deg: 4, first: 0, sectors: 2 }).azimuths_deg, [0, 180]);
});

test("a hole names no network but the ways to fall back on", () => {
  const told = { verdict: "hole", items: [{ operator_name: "中国移动", technology: "4G", rsrp_dbm: -121 }], fallbacks: [{ label: "北斗短报文" }] };
  assert.deepEqual(receptionText(told), { verdict: "coverage.verdict.hole", best: "", ways: ["北斗短报文"] });
  assert.equal(receptionText({ ...told, verdict: "covered", fallbacks: [] }).best, "中国移动 4G -121 dBm");
});

test("broadband is classed by who is reached", () => {
  assert.deepEqual([0.97, 0.6, 0, null].map((share) => reachClass(share).name), ["full", "half", "little", "little"]);
  assert.deepEqual(networkFigures("broadband", { gigabit_reach: 0.5, gigabit_take_up: null, hundred_reach: 1, hundred_take_up: 0.2, without_gigabit: 3 }).map(([, value]) => value), ["50.0 %", "format.none", "100.0 %", "20.0 %", "3"]);
});

test("a plan is asked for the bands of one technology, like the site that is tried", () => {
  const choice = { operator: "CMCC", bands: ["n41", "B3", "n28"], height_m: 40, tilt_deg: 4, first: 10, sectors: 2 };
  const known = [{ band: "n41", technology: "5G" }, { band: "n28", technology: "5G" }, { band: "B3", technology: "4G" }];
  assert.deepEqual(planOf(choice, known), { operator: "CMCC", bands: ["n41", "n28"], count: 5, height_m: 40, tilt_deg: 4, azimuths_deg: [10, 190] });
});

test("a trial site is judged by the technology of its bands, as a plan of such sites is", () => {
  const known = [{ band: "n41", technology: "5G" }, { band: "n28", technology: "5G" }, { band: "B3", technology: "4G" }];
  assert.deepEqual(judgedBy(["n28", "n41"], known), { asked: { technology: "5G" }, said: "5G" });
  assert.deepEqual(judgedBy(["n28", "B3"], known), { asked: {}, said: "4G + 5G" });
});

test("a difference falls into one class, and what was left out is told by reason", () => {
  assert.deepEqual([-30, -12, -6, 0, 5.9, 6, 12].map((one) => classOf(one).name), ["far_below", "below", "near", "near", "near", "above", "far_above"]);
  assert.equal(new Set(CLASSES.map((one) => one.colour)).size, CLASSES.length);
  const told = { taken: { refused: { sentinel: 3 } }, outside: 0, silent: 2, strays: 0, too_few: { n41: 7 } };
  assert.equal(leftOutText(told).length, 3);
  assert.deepEqual(leftOutText({ taken: { refused: {} }, outside: 0, silent: 0, strays: 0, too_few: {} }), []);
  assert.equal(measuredPath("路测.csv", "", true), `/api/v1/coverage/measured?name=${encodeURIComponent("路测.csv")}&apply=true`);
});
