// The summary's pure parts: values in words, changes with their sense, trends that break, classes, spans and briefs' days.

import assert from "node:assert/strict";
import { test } from "node:test";

import { change, classes, leftOut, problemText, trendPoints, valueText } from "../../assets/summary_format.mjs";
import { askedOf, queryOf } from "../../assets/summary_span.mjs";
import { daysOf } from "../../assets/summary_briefs.mjs";
import { spread } from "../../assets/summary_labels.mjs";
import { fill, useWords } from "../../assets/words.mjs";

useWords({ "summary.none": "—", "summary.points": "{n} points", "summary.same": "same", "summary.out.exempt": "{n} on hold", "format.minutes_seconds": "{m} min {s} s", "format.seconds": "{s} s", "summary.ms": "{ms} ms", "summary.unit.min": "{n} min" }, "en");
const share = (parts) => ({ measure: "share", unit: "%", better: "up", value: 0.9, before: { value: 0.8 }, ...parts });

test("a value is told in its unit, and nothing of nothing is a dash", () => {
  assert.equal(valueText(share({ value: null })), "—");
  assert.equal(valueText({ measure: "duration", unit: "s", value: 161 }), "2 min 41 s");
  assert.equal(valueText({ measure: "duration", unit: "s", value: 0.0184 }), "18 ms");
  assert.equal(valueText({ measure: "duration", unit: "s", value: 0 }), "0 s");
  assert.equal(valueText({ measure: "count", unit: "min", value: 12.038 }), "12 min");
});

test("whether a change is good depends on the figure", () => {
  assert.deepEqual(change(share({})), { text: "▲ 10.0 points", way: "good" });
  assert.equal(change(share({ better: "down" })).way, "bad");
  assert.equal(change(share({ better: "" })).way, "none");
  assert.equal(change(share({ before: { value: 0.9 } })).way, "same");
  assert.deepEqual(change(share({ before: null })), { text: "", way: "none" });
});

test("a change of what takes less than a second is told in milliseconds", () => {
  assert.deepEqual(change({ measure: "duration", unit: "s", better: "down", value: 0.03, before: { value: 0.012 } }), { text: "▲ 18 ms", way: "bad" });
  assert.equal(change({ measure: "duration", unit: "s", better: "down", value: 161.2, before: { value: 161 } }).way, "same");
});

test("a change of what takes longer is told in whole seconds, be it less than one", () => {
  assert.equal(change({ measure: "duration", unit: "s", better: "down", value: 173.9, before: { value: 173 } }).text, "▲ 1 s");
});

test("a server that is away is told as such, and a refusal in its own words", () => {
  assert.equal(problemText({ message: "", passing: true }), "error.unanswered");
  assert.equal(problemText({ message: "", passing: false }), "error.unknown");
  assert.equal(problemText({ message: "The first day is after the last.", passing: false }), "The first day is after the last.");
});

test("English says one case and two cases", () => {
  const told = ["1", 2, "1,200"].map((n) => fill("{n} {n:case|cases} left", { n }));
  assert.deepEqual(told, ["1 case left", "2 cases left", "1,200 cases left"]);
  assert.equal(fill("{n:case|cases}", {}), "{n:case|cases}");
});

test("towns' names that cover one another are pushed apart, and those that do not stay", () => {
  const boxes = [[0, 0], [30, 4], [34, 22], [300, 0], [0, 0]].map(([x, y]) => ({ x, y, width: 80, height: 30 }));
  const moved = spread(boxes);
  const at = boxes.map(({ x, y }, i) => [x + moved[i][0], y + moved[i][1]]);
  for (let i = 0; i < at.length; i += 1) {
    for (let j = i + 1; j < at.length; j += 1) assert.ok(Math.abs(at[i][0] - at[j][0]) >= 80 || Math.abs(at[i][1] - at[j][1]) >= 30, `${i} covers ${j}`);
  }
  assert.deepEqual(moved[3], [0, 0]);
});

test("a trend breaks where a span has no value, and a flat one lies in the middle", () => {
  assert.deepEqual(trendPoints([0, null, 1], 100, 10), [[0, 10], null, [100, 0]]);
  assert.deepEqual(trendPoints([5, 5], 100, 10), [[0, 5], [100, 5]]);
});

test("towns fall in five classes, and one without a value in none", () => {
  assert.deepEqual(classes([0, 0.5, 1, null]), [1, 3, 5, null]);
  assert.deepEqual(classes([0.4, 0.4]), [3, 3]);
});

test("what was left out is told, and silence means nothing was", () => {
  assert.equal(leftOut({ exempt: 2, void: 0 }), "2 on hold");
  assert.equal(leftOut({}), "");
});

test("an address holds what is asked, and nonsense in it asks for the week", () => {
  const asked = askedOf("?range=days&first=2026-11-01&last=2026-11-30&town=桥头镇");
  assert.equal(askedOf(`?${queryOf(asked)}`).town, "桥头镇");
  assert.equal(queryOf(asked).includes("first=2026-11-01"), true);
  assert.equal(queryOf({ ...asked, range: "week" }).includes("first"), false);
  assert.equal(askedOf("?range=fortnight&compare=x").range, "week");
});

test("a daily brief is of yesterday, a weekly one of the last whole week", () => {
  assert.deepEqual(daysOf("daily", "2026-03-01"), { first: "2026-02-28", last: "2026-02-28" });
  assert.deepEqual(daysOf("weekly", "2026-11-27"), { first: "2026-11-16", last: "2026-11-22" });
  assert.deepEqual(daysOf("weekly", "2026-11-23"), { first: "2026-11-16", last: "2026-11-22" });
});
