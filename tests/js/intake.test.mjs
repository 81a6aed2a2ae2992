import assert from "node:assert/strict";
import test from "node:test";

import { Asking } from "../../assets/asking.mjs";
import { candidates, question } from "../../assets/likely.mjs";
import { cut, fieldsOf, looksLikeMessage, spansOf } from "../../assets/pasted.mjs";
import { LONGEST, looksSwapped, readPlace, reportBody, wrongFields } from "../../assets/report_fields.mjs";
import { priorityPath, reasonOf, ruleOf, suggestPath } from "../../assets/suggested.mjs";
import { useWords } from "../../assets/words.mjs";

useWords({ "suggested.learned": "{n} past cases", "rule.R03": "near a school", "format.comma": ", " }, "en");
const span = (value, start) => ({ value, start, end: start + [...value].length });
const PLACE = { name: "人民医院", town: "武康街道", lon: 119.95, lat: 30.53, found: [] };
const PARSED = {
  text: span("路口积水很深", 0), phones: [span("13800001234", 9)], names: [], places: [{ ...span("路口", 0), found: [PLACE] }],
  occurred_at: "2026-11-22T01:20:00.000Z", time: null, categories: [{ code: "E0506" }],
};

test("nothing is asked before there is something to go by", () => {
  assert.equal(question({ text: "积", category: "", place: null }), null);
  assert.deepEqual(question({ text: "积水", category: "", place: null }), { text: "积水", limit: 5 });
  assert.deepEqual(question({ text: "", category: "E0506", place: [119.9, 30.5] }), { text: "", limit: 5, category: "E0506", lon: 119.9, lat: 30.5 });
  assert.equal(suggestPath("积"), null);
  assert.equal(priorityPath({ category: "", place: [1, 2] }), null);
});

test("what scored comes before what is merely near, and no case stands twice", () => {
  const row = (id) => ({ id, version: 1 });
  const shown = candidates([{ case: row("a"), score: 0.9, why: "38 m" }], [{ row: row("a"), away: 38 }, { row: row("b"), away: 120 }]);
  assert.deepEqual(shown.map(({ row: { id }, why }) => [id, why]), [["a", "38 m"], ["b", "120 m"]]);
});

test("only the answer to the newest question is shown", async () => {
  const shown = [];
  const waiting = [];
  const asking = new Asking({ ask: (q) => new Promise((done) => waiting.push(() => done(q))), show: (answer) => shown.push(answer), restMs: 0 });
  asking.put("one");
  await new Promise((done) => setTimeout(done, 10));
  asking.put("two");
  await new Promise((done) => setTimeout(done, 10));
  waiting[1]();
  waiting[0]();
  await new Promise((done) => setTimeout(done, 10));
  assert.deepEqual(shown, ["two"]);
});

test("a question that failed is asked again", async () => {
  let tries = 0;
  const asking = new Asking({ ask: () => { tries += 1; return Promise.reject(new Error("no")); }, show: () => {}, restMs: 0 });
  for (let i = 0; i < 2; i += 1) {
    asking.put("one");
    await new Promise((done) => setTimeout(done, 10));
  }
  assert.equal(tries, 2);
});

test("a pasted text fills what was found and leaves the rest", () => {
  assert.deepEqual(fieldsOf(PARSED), { text: "路口积水很深", phone: "13800001234", occurred: "2026-11-22T01:20:00.000Z", category: "E0506", place: "119.95000, 30.53000", address: "武康街道 人民医院" });
  assert.equal(fieldsOf({ ...PARSED, phones: [span("１３８-０００１-２３４５", 0)] }).phone, "138-0001-2345");
  assert.deepEqual(fieldsOf({ ...PARSED, phones: [], categories: [], occurred_at: null, places: [{ ...span("某处", 0), found: [] }] }), { text: "路口积水很深", address: "某处" });
});

test("the spans cut the text by code points and lose nothing of it", () => {
  const text = "😀路口积水 13800001234";
  const pieces = cut(text, [[1, 5, "text"], [6, 17, "phone"]]);
  assert.deepEqual(pieces.map(({ kind }) => kind), ["", "text", "", "phone"]);
  assert.equal(pieces.map((piece) => piece.text).join(""), text);
  assert.equal(pieces[3].text, "13800001234");
});

test("a phone within the report's words is shown as a phone", () => {
  const spans = spansOf({ ...PARSED, phones: [span("路口", 0)], places: [] });
  assert.equal(cut("路口积水很深", spans)[0].kind, "phone");
});

test("a whole message is told from a few words", () => {
  assert.equal(looksLikeMessage("解放路口积水"), false);
  assert.equal(looksLikeMessage(`发件人:李明\n${"积水".repeat(30)}`), true);
});

test("a report that joins a case says so, and what is not known is not sent", () => {
  const values = { text: "t", category: "E0506", place: [1, 2], source: "phone", address: "", phone: "", caller: "", lane: "", occurred: "", priority: "" };
  assert.deepEqual(reportBody(values), { text: "t", category: "E0506", lon: 1, lat: 2, source: "phone" });
  assert.equal(reportBody({ ...values, attached: { id: "c1" } }).case, "c1");
});

test("a reason names the words, the past cases, the rule and the site", () => {
  assert.equal(reasonOf({ why: "积水", learned: 3 }), "积水 · 3 past cases");
  assert.equal(reasonOf({ why: "积水", learned: 0 }), "积水");
  assert.equal(ruleOf({ rule: "R03", sites: [{ name: "中心小学", name_en: "Central School" }] }, "en"), "near a school · Central School");
});

test("what is missing and what is too long is said before anybody is asked, and nothing is cut off", () => {
  assert.deepEqual(wrongFields({ text: "", category: "", place: null }), { text: ["report.need.text"], category: ["report.need.category"], place: ["report.need.place"] });
  const whole = { text: "井".repeat(LONGEST.text), category: "x", place: [120, 30] };
  assert.deepEqual(wrongFields(whole), {});
  assert.deepEqual(wrongFields({ ...whole, text: `${whole.text}盖`, phone: "1".repeat(21) }), { text: ["report.too_long", { n: "2,001", longest: "2,000" }], phone: ["report.too_long", { n: "21", longest: "20" }] });
  assert.deepEqual(wrongFields({ ...whole, text: "😀".repeat(LONGEST.text) }), {}); // as the server counts
});

test("latitude written first is named, though 119 degrees north are not on earth", () => {
  const county = [119.6, 30.4, 120.2, 30.8];
  assert.equal(looksSwapped("30.612, 119.905", county), true);
  assert.equal(readPlace("30.612, 119.905"), null);
  for (const text of ["119.905, 30.612", "0, 0", "30.612", "河口镇", ""]) assert.equal(looksSwapped(text, county), false);
  assert.deepEqual(wrongFields({ text: "x", category: "x", place: null, swapped: true }).place, ["report.swapped"]);
  assert.deepEqual(readPlace("119.905,30.612"), [119.905, 30.612]);
});
