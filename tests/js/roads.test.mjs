import assert from "node:assert/strict";
import test from "node:test";

import { byEnd, closureBody, stretchText } from "../../assets/closing.mjs";
import { closurePhase, closureText, labelText, minuteTime, pathOf } from "../../assets/closure_marks.mjs";
import { reachPath, roadText, timesOf } from "../../assets/reach.mjs";
import { useWords } from "../../assets/words.mjs";

const NOW = Date.parse("2026-11-22T08:00:00Z");
const ROW = { id: "c", since_at: "2026-11-22T07:00:00.000Z", until_at: "2026-11-22T10:00:00.000Z", speed_share: 0, road: "滨河路", cause: "flood" };
useWords({
  "closure.closed": "封闭", "closure.slow": "缓行", "closure.planned": "计划封闭", "closure.until": "至 {at}", "closure.from": "自 {at}",
  "closure.nameless": "无名道路", "cause.flood": "积水", "reach.minutes": "{n} 分", "reach.why.closed": "道路封闭", "format.none": "—",
});

test("a closure is planned, closed or slow", () => {
  assert.equal(closurePhase(ROW, NOW), "closed");
  assert.equal(closurePhase({ ...ROW, speed_share: 0.3 }, NOW), "slow");
  assert.equal(closurePhase({ ...ROW, since_at: "2026-11-22T08:00:00.001Z" }, NOW), "planned");
});

test("a closure says its road, its cause and its end in the county's time", () => {
  assert.equal(closureText(ROW, NOW), "封闭 · 滨河路 · 积水 · 至 18:00");
  assert.equal(labelText(ROW, NOW), "积水 · 至 18:00");
  assert.equal(closureText({ ...ROW, road: "", since_at: "2026-11-22T09:00:00Z" }, NOW), "计划封闭 · 积水 · 自 17:00 · 至 18:00");
  assert.equal(minuteTime(Date.parse("2026-11-23T01:05:00Z"), NOW), "11-23 09:05");
});

test("positions are turned for Leaflet, which says latitude first", () => {
  assert.deepEqual(pathOf({ type: "LineString", coordinates: [[120, 29], [121, 30]] }), [[29, 120], [30, 121]]);
  assert.deepEqual(pathOf({ type: "Polygon", coordinates: [[[120, 29], [121, 30], [120, 29]]] }), [[[29, 120], [30, 121], [29, 120]]]);
});

test("a wish to close is sent with its end by the server's clock", () => {
  const ground = { type: "LineString", coordinates: [[120, 29], [121, 30]] };
  assert.deepEqual(closureBody({ ground, road: "滨河路", text: "x", cause: "flood", minutes: "120", share: "0.3", note: "" }, NOW), {
    ground, until_at: "2026-11-22T10:00:00.000Z", cause: "flood", speed_share: 0.3, road: "滨河路", note: "",
  });
  assert.equal(stretchText({ road: "", ref: "", length_m: 234 }), "无名道路 · 230 m");
  assert.deepEqual(byEnd([{ until_at: "2026-11-22T10:00:00Z", id: 1 }, { until_at: "2026-11-22T09:00:00Z", id: 2 }]).map((row) => row.id), [2, 1]);
});

test("a unit's time by road is minutes, or why there are none", () => {
  const times = timesOf({ units: [{ unit: "E1", minutes: 6.25, reach: "reached" }, { unit: "E2", minutes: null, reach: "closed" }] });
  assert.equal(roadText(times.get("E1")), "6.3 分");
  assert.equal(roadText(times.get("E2")), "道路封闭");
  assert.equal(roadText(times.get("nobody")), "");
  assert.equal(reachPath("C/1"), "/api/v1/isochrones?case=C%2F1&minutes=5%2C10%2C15");
});
