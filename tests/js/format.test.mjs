import assert from "node:assert/strict";
import test from "node:test";

import * as format from "../../assets/format.mjs";
import { useWords } from "../../assets/words.mjs";

useWords({
  "format.none": "—", "format.seconds": "{s} 秒", "format.minutes": "{m} 分", "format.hours": "{h} 时", "format.days": "{d} 天",
  "format.minutes_seconds": "{m} 分 {s} 秒", "format.hours_minutes": "{h} 时 {m} 分", "format.days_hours": "{d} 天 {h} 时",
  "weekday.Sun": "周日",
}, "zh", "Asia/Shanghai");

const at = (text) => Date.parse(text);
const NOON = at("2026-11-22T04:00:00Z");

test("times are the county's: seconds today, the date before", () => {
  assert.equal(format.instant(at("2026-11-22T06:03:21Z"), NOON), "14:03:21");
  assert.equal(format.instant(at("2026-11-21T06:03:21Z"), NOON), "11-21 14:03");
  assert.equal(format.instant(at("2027-11-21T06:03:21Z"), NOON), "2027-11-21 14:03");
  assert.equal(format.instant(NaN, NOON), "—");
});

test("midnight in the county parts the days, not midnight in Greenwich", () => {
  assert.equal(format.sameDay(at("2026-11-21T16:00:00Z"), NOON), true);
  assert.equal(format.sameDay(at("2026-11-21T15:59:59Z"), NOON), false);
  assert.equal(format.clockTime(at("2026-11-21T16:00:00Z")), "00:00:00");
});

test("durations are said in their two largest parts", () => {
  assert.equal(format.duration(161_000), "2 分 41 秒");
  assert.equal(format.duration(9_000), "9 秒");
  assert.equal(format.duration(3_600_000 * 27), "1 天 3 时");
  assert.equal(format.duration(-5), "0 秒");
});

test("what is left counts down, and is overdue with a plus sign", () => {
  assert.equal(format.countdown(161_000), "02:41");
  assert.equal(format.countdown(-161_000), "+02:41");
  assert.equal(format.countdown(3_761_000), "1:02:41");
  assert.equal(format.countdown(86_400_000 * 4), "4 天");
});

test("a clock warns at four fifths and is late at its end", () => {
  assert.equal(format.clockLevel(0, 100, 79), "ok");
  assert.equal(format.clockLevel(0, 100, 80), "warn");
  assert.equal(format.clockLevel(0, 100, 100), "late");
  assert.deepEqual([50, 60].map((now) => format.clockLevel(0, 100, now, 60)), ["ok", "warn"]);
  assert.equal(format.clockLevel(0, NaN, 100), "none");
  assert.equal(format.clockShare(0, 100, 250), 1);
  assert.equal(format.clockShare(0, 100, 25), 0.25);
});

test("distance on the sphere agrees with a degree of latitude", () => {
  assert.ok(Math.abs(format.metresBetween([120, 30], [120, 31]) - 111_195) < 1);
  assert.equal(format.distance(849), "850 m");
  assert.equal(format.distance(3240), "3.2 km");
});

test("a position is written longitude first", () => {
  assert.equal(format.position(119.905, 30.6), "119.90500, 30.60000");
});

test("nearly all is not all, hardly any is not none, and nothing of nothing is a dash", () => {
  assert.deepEqual([0.99996, 1, 0.0001, 0, 0.8213].map(format.percent), ["99.9 %", "100.0 %", "0.1 %", "0.0 %", "82.1 %"]);
  assert.equal(format.percent(null), "—");
});

test("a field for an instant is read by the county's clocks, not by the machine's", () => {
  assert.equal(format.countyMinute(at("2026-12-31T16:05:30Z")), "2027-01-01T00:05");
  assert.equal(format.fromCountyMinute("2027-01-01T00:05"), at("2026-12-31T16:05:00Z"));
  for (const odd of ["", "275760-09-13T00:00", "nonsense"]) assert.ok(Number.isNaN(format.fromCountyMinute(odd)));
});
