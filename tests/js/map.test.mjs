import assert from "node:assert/strict";
import test from "node:test";

import { extent } from "../../assets/map.mjs";
import { drawingOf, incidentClass, isStale, phase, setStaleLimits, unitClass, unitPhase } from "../../assets/marks.mjs";
import { PointTable, covers, drawPoints, marginOf, pixelOf, prepared, project, stampOf } from "../../assets/points.mjs";
import { countyFrom, isOther } from "../../assets/county.mjs";
import { layOf, tilesFor } from "../../assets/tiles.mjs";
import { follow, gesture, release, serves, unlocked } from "../../assets/viewlock.mjs";

test("the view follows only when the set of incidents changes", () => {
  const first = follow(unlocked(), ["b", "a"]);
  assert.equal(first.refit, true);
  assert.equal(follow(first.lock, ["a", "b"]).refit, false);
  assert.equal(follow(first.lock, ["a"]).refit, true);
});

test("a gesture locks the view until it is released", () => {
  const locked = follow(gesture(unlocked()), ["a"]);
  assert.equal(locked.refit, false);
  assert.equal(follow(locked.lock, ["a", "b"]).refit, false);
  assert.equal(follow(release(), ["a", "b"]).refit, true);
});

test("the extent holds every row and is none where there are none", () => {
  assert.deepEqual(extent([{ lon: 1, lat: 5 }, { lon: 3, lat: 2 }]), [1, 2, 3, 5]);
  assert.equal(extent([]), null);
});

test("Mercator puts the equator in the middle and the north above it", () => {
  assert.deepEqual(project(0, 0), [0.5, 0.5]);
  assert.ok(project(0, 60)[1] < 0.5);
  assert.ok(Math.abs(project(180, 0)[0] - 1) < 1e-12);
});

test("points are found by id and by nearness", () => {
  const table = new PointTable([["a", 0, 0, 1], ["b", 10, 0, 2]]);
  assert.equal(table.setClass("a", 3), true);
  assert.equal(table.setClass("a", 3), false);
  assert.equal(table.setClass("nobody", 3), false);
  assert.equal(table.nearest(...project(9.99, 0), 0.001), "b");
  assert.equal(table.nearest(...project(5, 0), 0.001), undefined);
});

test("points out of view are not drawn", () => {
  const pixels = new Uint32Array(100 * 100);
  const table = new PointTable([["a", 0, 0, 0], ["b", 170, 0, 0]]);
  const n = drawPoints({ pixels, width: 100, height: 100 }, table, { scale: 1000, left: 450, top: 450 }, prepared([{ colour: "#ff0000", size: 5 }], 1));
  assert.equal(n, 1);
  assert.equal(pixels[50 * 100 + 50], 0xff0000ff);
  assert.equal(pixels.filter(Boolean).length, stampOf(5).spans.reduce((sum, [, from, to]) => sum + to - from, 0));
});

test("the graver class lies on top", () => {
  const pixels = new Uint32Array(100 * 100);
  const table = new PointTable([["grave", 0, 0, 1], ["calm", 0, 0, 0]]);
  drawPoints({ pixels, width: 100, height: 100 }, table, { scale: 1000, left: 450, top: 450 }, prepared([{ colour: "#00ff00", size: 5 }, { colour: "#ff0000", size: 3 }], 1));
  assert.equal(pixels[50 * 100 + 50], pixelOf("#ff0000"));
});

test("a point that turns graver comes to lie on top", () => {
  const pixels = new Uint32Array(100 * 100);
  const table = new PointTable([["first", 0, 0, 0], ["second", 0, 0, 1]]);
  const styles = prepared([{ colour: "#00ff00", size: 3 }, { colour: "#ff0000", size: 3 }, { colour: "#0000ff", size: 3 }], 1);
  const view = { scale: 1000, left: 450, top: 450 };
  drawPoints({ pixels, width: 100, height: 100 }, table, view, styles);
  assert.equal(pixels[50 * 100 + 50], pixelOf("#ff0000"));
  table.setClass("first", 2);
  drawPoints({ pixels, width: 100, height: 100 }, table, view, styles);
  assert.equal(pixels[50 * 100 + 50], pixelOf("#0000ff"));
});

test("a moved map is drawn again only where the margin is used up, and always at another zoom", () => {
  const margin = marginOf({ x: 1000, y: 500 });
  const drawn = { x: 100, y: 100, zoom: 12, margin };
  assert.equal(margin, 150);
  assert.equal(covers(drawn, { x: 100 + margin, y: 100 - margin }, 12), true);
  assert.equal(covers(drawn, { x: 101 + margin, y: 100 }, 12), false);
  assert.equal(covers(drawn, { x: 100, y: 100 }, 13), false);
  assert.equal(covers(undefined, { x: 100, y: 100 }, 12), false);
});

test("a dot is round and as wide as it is high", () => {
  const { reach, spans } = stampOf(9);
  assert.equal(spans.length, 2 * reach + 1);
  assert.ok(spans[0][2] - spans[0][1] < spans[reach][2] - spans[reach][1]);
});

test("a mark's class says priority, progress and lateness", () => {
  assert.equal(incidentClass({ priority: "P0", state: "NEW" }, { selected: true, late: false }), "mark p-P0 is-waiting is-selected");
  assert.equal(phase("ON_SCENE"), "going");
  assert.equal(phase("CHECKING"), "checking");
});

test("a unit whose position is old is hollow", () => {
  assert.equal(unitClass({ status: "available", at: 0 }, 299_000), "unit is-free");
  assert.equal(unitClass({ status: "assigned", at: 0 }, 301_000), "unit is-busy is-stale");
  assert.equal(unitPhase("offline"), "away");
  assert.equal(drawingOf("ambulance"), "medical");
  assert.equal(drawingOf("something new"), "vehicle");
});

test("tiles are asked for in the page's theme", () => {
  assert.equal(tilesFor("/tiles/{theme}/{z}/{x}/{y}.png?v=1", "light"), "/tiles/light/{z}/{x}/{y}{r}.png?v=1");
});

test("a view that holds every incident and is not too wide for them stays", () => {
  assert.equal(serves([0, 0, 10, 10], [2, 2, 8, 8], false), true);
  assert.equal(serves([0, 0, 10, 10], [2, 2, 11, 8], false), false, "one lies outside");
  assert.equal(serves([0, 0, 10, 10], [4, 4, 5, 5], false), false, "they are lost in it");
  assert.equal(serves([0, 0, 10, 10], [4, 4, 4, 4], true), true, "it goes no nearer");
});

test("a position is old by its kind's own limit, and never where it was seen just now", () => {
  setStaleLimits({ ambulance: 180_000, person: 900_000 });
  const seen = (kind) => ({ kind, at: 1_000_000, status: "available" });
  assert.equal(isStale(seen("ambulance"), 1_200_000), true);
  assert.equal(isStale(seen("person"), 1_200_000), false);
  assert.equal(isStale(seen("kite"), 1_299_000), false);
  assert.match(unitClass(seen("ambulance"), 1_200_000), /is-stale/);
  assert.equal(isStale({ kind: "person", at: null }, 1_200_000), true);
  setStaleLimits();
});

test("who rests, is off duty or out of service is away, who is under way is busy", () => {
  assert.deepEqual(["break", "off_duty", "out_of_service"].map(unitPhase), ["away", "away", "away"]);
  assert.deepEqual(["assigned", "enroute", "on_scene"].map(unitPhase), ["busy", "busy", "busy"]);
});

test("tiles are drawn twice as large on a wide coarse wall only", () => {
  assert.equal(layOf({ wall: true, width: 3840, ratio: 1 }).tileSize, 1024);
  for (const seen of [{ wall: true, width: 1920, ratio: 1 }, { wall: true, width: 3840, ratio: 2 }, { wall: false, width: 3840, ratio: 1 }]) {
    assert.equal(layOf(seen).tileSize, 512);
  }
});

test("a heartbeat that names another map is noticed, one that names none or ours is not", () => {
  const ours = { version: "a-3" };
  assert.equal(isOther(ours, { county: "b-3" }), true);
  for (const beat of [null, {}, { county: "" }, { county: "a-3" }]) assert.equal(isOther(ours, beat), false);
  assert.equal(isOther({}, { county: "b-3" }), false);
});

test("a county is taken over in the page's language", () => {
  const told = { name_zh: "新桥县", name_en: "Newbridge", tiles: "/t", version: "b-3", bbox: [1, 2, 3, 4], center: [2, 3], attribution: "©", code: "1" };
  assert.equal(countyFrom(told, "zh").name, "新桥县");
  assert.deepEqual(countyFrom(told, "en"), { name: "Newbridge", tiles: "/t", version: "b-3", bbox: [1, 2, 3, 4], center: [2, 3], attribution: "©" });
});
