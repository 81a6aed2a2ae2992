import assert from "node:assert/strict";
import test from "node:test";

import { acknowledge, alertOfRow, byUrgency, escalationText, foremost, standingOf } from "../../assets/alerts.mjs";
import { rowSigns, rowTime } from "../../assets/queue.mjs";
import { useWords } from "../../assets/words.mjs";

useWords({ "alert.step": "第 {n} 级", "alert.next": "{left} 后扩大呼叫", "alert.last": "已到最后一级", "queue.suspended": "挂账", "queue.until": "至 {at}", "stage.dispatch": "派遣",
  "queue.sign.alert": "未应", "queue.sign.supervised": "督", "queue.sign.returned": "退{n}", "format.none": "—" }, "zh", "Asia/Shanghai");

const NOW = Date.parse("2026-11-22T06:00:00Z");
const alert = (id, parts = {}) => ({ id, priority: "P1", offered_at: "2026-11-22T05:59:00.000Z", ack_due_at: "2026-11-22T06:00:10.000Z", escalates_at: "2026-11-22T06:01:05.000Z", step: 0, roles: [], missed: false, exercise: false, ...parts });

test("alerts stand by priority, then by how long they wait, exercises last", () => {
  const found = byUrgency([alert("drill", { priority: "P0", exercise: true }), alert("late"), alert("early", { offered_at: "2026-11-22T05:00:00.000Z" }), alert("top", { priority: "P0" })]);
  assert.deepEqual(found.map(({ id }) => id), ["top", "early", "late", "drill"]);
});

test("an alert tells how long it waits, when it reaches more, and that its time is over", () => {
  assert.deepEqual(standingOf(alert("a"), NOW), { waitedMs: 60_000, missed: false, nextMs: 65_000 });
  assert.equal(standingOf(alert("a"), NOW + 10_000).missed, true);
  assert.equal(standingOf(alert("a", { escalates_at: null }), NOW).nextMs, null);
  assert.equal(escalationText(alert("a", { step: 2 }), { nextMs: 65_000 }), "第 2 级 · 01:05 后扩大呼叫");
  assert.equal(escalationText(alert("a"), { nextMs: null }), "已到最后一级");
});

test("a row calls people only while its alert waits", () => {
  assert.equal(alertOfRow({ id: "a", alert: null }), null);
  assert.equal(alertOfRow({ id: "a", town: "桥头镇", alert: alert("x") }).town, "桥头镇");
});

test("what was seen stays seen when the case moved on meanwhile, and any other refusal is told", async () => {
  const sent = [];
  const post = (answers) => async (_path, body) => {
    sent.push(body.version);
    const answer = answers.shift();
    if (answer.status) throw answer;
    return answer;
  };
  assert.deepEqual(await acknowledge("a", 3, "3 号席", post([{ status: 409, body: { current_version: 5 } }, { case: {} }])), { case: {} });
  assert.deepEqual(sent, [3, 5]);
  await assert.rejects(acknowledge("a", 3, "", post([{ status: 422, body: {} }])));
});

test("a row shows what is left of which stage, and until when it is on hold", () => {
  const row = { due_at: "2026-11-22T06:10:00.000Z", started_at: "2026-11-22T05:00:00.000Z", warn_at: "2026-11-22T05:59:00.000Z", stage: "dispatch" };
  assert.deepEqual(rowTime(row, NOW), { text: "10:00", under: "派遣", level: "warn" });
  assert.deepEqual(rowTime({ ...row, suspended: true, resumes_at: "2026-11-25T06:00:00.000Z" }, NOW), { text: "挂账", under: "至 11-25", level: "held" });
});

test("signs say what a state does not", () => {
  assert.equal(rowSigns({ alert: {}, supervised: true, returned_n: 2 }), "未应 督 退2");
  assert.equal(rowSigns({ returned_n: 0, rework_n: 0 }), "");
});

test("the foremost of many are those that sorting all would put first, and all are counted", () => {
  const many = Array.from({ length: 200 }, (_, i) => alert(`a${(i * 37) % 200}`, { priority: `P${(i * 7) % 3}`, exercise: i % 11 === 0, offered_at: `2026-11-22T05:${String((i * 13) % 60).padStart(2, "0")}:00.000Z` }));
  assert.deepEqual(foremost(many, 3), { first: byUrgency(many).slice(0, 3), count: 200 });
  assert.deepEqual(foremost([], 3), { first: [], count: 0 });
});
