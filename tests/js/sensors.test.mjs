// Devices and how they stand: what is found, what is drawn, what a form says.

import assert from "node:assert/strict";
import test from "node:test";

import { channelText, gravestFirst, measuredText } from "../../assets/sensor_alarms.mjs";
import { extentOf, peaks, stretches, ticks } from "../../assets/sensor_chart.mjs";
import { isFree } from "../../assets/sensor_layer.mjs";
import { readCircle, readHours, showCircle, showHours } from "../../assets/sensor_rule_scope.mjs";
import { channelsFor, controlOf, plainWord, readField, showField } from "../../assets/sensor_rules.mjs";
import { CLASS_OF, STATES, counted, devicesFrom, passing, takeValues, valueText } from "../../assets/sensor_states.mjs";

const rows = [["a", "东街积水点", "road_water", 120, 30, "drainage", null], ["b", "北桥水位", "river_level", 120.1, 30, "water_affairs", "gw"], ["c", "南街积水点", "road_water", 120, 30.1, "drainage", null]];

test("the gravest stands first, and words, kind and state are found together", () => {
  const devices = devicesFrom(rows);
  assert.deepEqual(takeValues(devices, [["a", 3, 1000, 0], ["c", 20, 1000, 3], ["x", 1, 1, 1]]), ["a", "c"]);
  assert.deepEqual(passing(devices).map(({ id }) => id), ["c", "a", "b"]);
  assert.deepEqual(passing(devices, { text: "积水 drainage" }).map(({ id }) => id), ["c", "a"]);
  assert.deepEqual(passing(devices, { kind: "river_level" }).map(({ id }) => id), ["b"]);
  assert.deepEqual(passing(devices, { state: "alarm" }).map(({ id }) => id), ["c"]);
  assert.equal(counted(devices).never, 1);
});

test("a value told again turns nothing, and an alarm is drawn over what is normal", () => {
  const devices = devicesFrom(rows);
  takeValues(devices, [["a", 3, 1000, 0]]);
  assert.deepEqual(takeValues(devices, [["a", 4, 2000, 0]]), []);
  assert.equal(devices.get("a").value, 4);
  assert.ok(CLASS_OF[STATES.indexOf("alarm")] > CLASS_OF[STATES.indexOf("normal")]);
});

test("a value has the decimals and the unit of its kind, and none is nothing", () => {
  assert.equal(valueText(21.456, { unit: "Cel", decimals: 1 }), "21.5 °C");
  assert.equal(valueText(7.1, { unit: "[pH]", decimals: 2 }), "7.10");
  assert.equal(valueText(null, {}), "");
});

test("a chart leaves gaps open, ignores what was not measured and keeps limits in sight", () => {
  const buckets = [[0, 1, 2, 1.5, 3, 0], [60, 1, 9, 2, 3, 0], [120, null, null, null, 0, 2], [600, 1, 2, 1.5, 3, 0]];
  assert.equal(stretches(buckets, 60).length, 2);
  const [low, high] = extentOf(buckets, [15]);
  assert.ok(low < 1 && high > 15);
  assert.equal(extentOf([[0, null, null, null, 0, 1]]), null);
  assert.deepEqual(ticks(0, 10, 4), [0, 5, 10]);
});

test("a peak of one bucket in a long history is a line of its own, and what is beside it is not", () => {
  const quiet = (ms) => [ms, 1, 3, 2, 4, 0];
  assert.deepEqual(peaks([quiet(0), [60, 1, 8, 2.5, 4, 0], quiet(120)], 0.5), [[60, 2.5, 8]]);
  assert.deepEqual(peaks([quiet(0), [60, -4, 3, 1, 4, 0], quiet(120)], 0.5), [[60, 1, -4]]);
  assert.deepEqual(peaks([quiet(0), [60, 1, 3.2, 2, 4, 0], quiet(120)], 0.5), []);
  assert.deepEqual(peaks([quiet(0)], 0.5), []);
});

test("a form's field is a number, nothing, an expression, or is said to be unreadable", () => {
  assert.equal(readField("raise_at", " 15 "), 15);
  assert.equal(readField("raise_at", ""), null);
  assert.deepEqual(readField("when", '{">":[{"var":"level"},3]}'), { ">": [{ var: "level" }, 3] });
  assert.throws(() => readField("raise_at", "hoch"), SyntaxError);
  assert.throws(() => readField("when", "{"), SyntaxError);
  assert.equal(showField(null), "");
});

test("what was measured stands beside its limit; silence has no value", () => {
  assert.equal(measuredText({ value: 20, limit: 15, unit: "cm", condition: "threshold" }), "20 > 15 cm");
  assert.equal(measuredText({ value: 1.2, limit: 2, unit: "MPa", condition: "threshold" }), "1.2 < 2 MPa");
  assert.equal(measuredText({ value: 134.4, limit: 85, unit: "Cel", condition: "threshold" }), "134.4 > 85 °C");
  assert.equal(measuredText({ value: null, limit: null, unit: "m", condition: "no_data" }), "");
});

test("a rule's hours are written as people write them, and come back as they were", () => {
  const weekdays = { weekdays: [1, 2, 3, 4, 5], begins_min: 480, ends_min: 1080 };
  const nights = { weekdays: [6, 7], begins_min: 1320, ends_min: 360 };
  assert.equal(showHours([weekdays, nights]), "1-5 08:00-18:00; 6,7 22:00-06:00");
  assert.deepEqual(readHours(showHours([weekdays, nights])), [weekdays, nights]);
  assert.deepEqual(readHours("08:30-24:00"), [{ weekdays: [1, 2, 3, 4, 5, 6, 7], begins_min: 510, ends_min: 1440 }]);
  assert.deepEqual(readHours("6-1 8:00-9:00;")[0].weekdays, [1, 6, 7]);
  assert.deepEqual(readHours("1-5\u300008\uff1a00-18\uff1a00\uff1b6\uff0c7 22:00-06:00"), [weekdays, nights]);
  assert.deepEqual(readHours(" "), []);
  for (const wrong of ["weekdays", "8 08:00-18:00", "1-5 08:00", "1-5 08:75-18:00"]) assert.throws(() => readHours(wrong), SyntaxError);
});

test("a rule's circle is longitude, latitude and metres, or nothing", () => {
  const circle = { middle: { lon_deg: 120.0153, lat_deg: 31.5027 }, radius_m: 500 };
  assert.deepEqual(readCircle(showCircle(circle)), circle);
  assert.equal(readCircle(""), null);
  assert.equal(showCircle(null), "");
  for (const wrong of ["120, 31", "here", "120, 31, far"]) assert.throws(() => readCircle(wrong), SyntaxError);
});

test("a rule chooses among what its kinds measure, and all of it where it asks after the sensor", () => {
  const kinds = { river_level: { channels: [{ name: "level" }, { name: "flow" }] }, rain: { channels: [{ name: "rain" }] } };
  const about = (type, ...of) => channelsFor({ scope: { kinds: of }, condition: { type } }, kinds);
  assert.deepEqual(about("threshold", "river_level"), ["level", "flow"]);
  assert.deepEqual(about("no_data", "rain"), ["", "rain"]);
  assert.deepEqual(about("rate"), ["level", "flow", "rain"]);
});

test("a refused field is found in the form, and the list says its word without the form's hint", () => {
  assert.deepEqual(["condition.clear_at", "scope.kinds", "scope.within.radius_m", "hours.weekdays", "flaps", undefined].map(controlOf), ["c.clear_at", "kind", "within", "hours", "flaps", ""]);
  assert.equal(plainWord("报警值(空：用设备限值)"), "报警值");
  assert.equal(plainWord("持续多久(秒，空：按周期)"), "持续多久(秒)");
  assert.equal(plainWord("For longer than (s, empty: by its period)"), "For longer than (s)");
});

test("the gravest alarm stands first, of equals the newest, and says which channel of several it is about", () => {
  const alarm = (id, severity, minute) => ({ id, severity, raised_at: `2026-11-27T10:0${minute}:00Z` });
  assert.deepEqual(gravestFirst([alarm("a", "warning", 9), alarm("b", "critical", 1), alarm("c", "critical", 2)]).map(({ id }) => id), ["c", "b", "a"]);
  const two = { channels: [{ name: "pm25", zh: "细颗粒物", en: "PM2.5" }, { name: "pm10", zh: "颗粒物", en: "PM10" }] };
  assert.equal(channelText({ channel: "pm10" }, two), "颗粒物");
  assert.equal(channelText({ channel: "pm10" }, { channels: [two.channels[1]] }), "");
  assert.equal(channelText({ channel: "pm10" }, null), "");
});

test("values on the map are not written over each other", () => {
  const taken = [];
  assert.equal(isFree(taken, { x: 0, y: 0, wide: 40, high: 12 }), true);
  assert.equal(isFree(taken, { x: 30, y: 5, wide: 40, high: 12 }), false);
  assert.equal(isFree(taken, { x: 30, y: 12, wide: 40, high: 12 }), true);
  assert.equal(isFree(taken, { x: 41, y: 0, wide: 40, high: 12 }), true);
  assert.equal(taken.length, 3);
});
