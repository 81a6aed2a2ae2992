// The responders' page without a browser: what waits and in which order, what is worth telling, which step is next.

import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.window ??= { addEventListener() {}, localStorage: { getItem: () => null } };
const { Problem } = await import("../../assets/api.mjs");
const { FieldQueue, entryOf, overlay, refused, waiting } = await import("../../assets/field_queue.mjs");
const { Memory } = await import("../../assets/field_store.mjs");
const { itemOf, thinned, worth } = await import("../../assets/field_position.mjs");
const { bearing, clockOf, nextSteps, wind } = await import("../../assets/field_card.mjs");
const { fitted } = await import("../../assets/field_photo.mjs");

const AT = Date.parse("2026-11-22T06:03:21.000Z");
const step = (name, key, more = {}) => ({ ...entryOf("step", "A1", { step: name, label: name }, { who: "赵磊", key, at: AT }), ...more });

test("a deed carries its own clock and its key's path", () => {
  assert.deepEqual(step("ack", "k1").body, { occurred_at: "2026-11-22T06:03:21.000Z" });
  assert.equal(step("decline", "k2").path, "/api/v1/assignments/A1/decline");
  assert.equal(entryOf("step", "A1", { step: "decline", text: "车辆故障" }, { who: "x", key: "k", at: AT }).body.reason, "车辆故障");
  assert.match(entryOf("photo", "A1", {}, { who: "x", key: "k", at: AT }).path, /photo\?occurred_at=2026-11-22T06%3A03%3A21.000Z$/);
});

function queueOf(answers, who = "赵磊") {
  const sent = [];
  const store = new Memory();
  const queue = new FieldQueue({ store, who, later: () => 0, send: async (entry) => {
    sent.push(entry.key);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  } });
  return { queue, sent, store };
}

test("what waits is sent in its order, and what follows an unanswered one waits", async () => {
  const { queue, sent } = queueOf([new Problem(0), {}, {}, {}]);
  await queue.add(step("ack", "k1"));
  await queue.flush();
  await queue.add(step("enroute", "k2"));
  await queue.flush();
  assert.deepEqual(sent, ["k1", "k1", "k2"]);
  assert.equal(queue.waiting.length, 0);
});

test("a refused deed stays with its reason until it is seen, and does not hold up the next", async () => {
  const { queue, sent } = queueOf([new Problem(409, { code: "dispatch.step_too_late", detail: "已撤销" }), {}]);
  queue.entries = [];
  await queue.store.put("queue", step("ack", "k1"));
  await queue.store.put("queue", entryOf("note", "A1", { text: "到了" }, { who: "赵磊", key: "k2", at: AT }));
  await queue.flush();
  assert.deepEqual(sent, ["k1", "k2"]);
  assert.equal(queue.refused[0].refused.detail, "已撤销");
  await queue.dismiss(queue.refused[0].n);
  assert.equal(queue.entries.length, 0);
});

test("a server that restarts, or asks to come later, is tried again under the same key", async () => {
  const { queue, sent } = queueOf([new Problem(503), new Problem(429), {}]);
  await queue.add(step("ack", "k1"));
  await queue.flush();
  await queue.flush();
  await queue.flush();
  assert.deepEqual(sent, ["k1", "k1", "k1"]);
  assert.equal(queue.waiting.length, 0);
});

test("what the centre answered is known before the deed leaves the queue", async () => {
  const { queue } = queueOf([{ assignment: { id: "A1", state: "ACKED" } }]);
  const seen = [];
  queue.onSent = async (_entry, answer) => { seen.push([answer.assignment.state, queue.waiting.length]); };
  await queue.add(step("ack", "k1"));
  await queue.flush();
  assert.deepEqual(seen, [["ACKED", 1]]);
  assert.equal(queue.waiting.length, 0);
});

test("nobody sends another's deeds under their own name", async () => {
  const { queue, sent } = queueOf([]);
  await queue.store.put("queue", step("ack", "k1", { who: "孙丽" }));
  await queue.flush();
  assert.deepEqual(sent, []);
  assert.equal(waiting(queue.entries, "孙丽").length, 1);
  assert.equal(refused(queue.entries, "孙丽").length, 0);
});

test("an assignment shows what waits to be said of it", () => {
  const held = { id: "A1", state: "OFFERED", open: true };
  assert.deepEqual(overlay(held, []), { ...held, pending: false });
  assert.deepEqual(overlay(held, [step("ack", "k1"), step("enroute", "k2")]), { id: "A1", state: "ENROUTE", open: true, pending: true });
  assert.equal(overlay(held, [step("decline", "k1")]).open, false);
});

test("a fix is told when somebody moved or half a minute passed, never more often than every four seconds", () => {
  const last = { lon: 119.9, lat: 30.6, at: 0, accuracy: 5 };
  assert.ok(worth(null, last));
  assert.ok(!worth(last, { ...last, lon: 120, at: 1000 }));
  assert.ok(!worth(last, { ...last, at: 10_000 }));
  assert.ok(worth(last, { ...last, lon: 119.901, at: 10_000 }));
  assert.ok(!worth(last, { ...last, lon: 119.901, at: 10_000, accuracy: 500 })); // it may not have moved at all
  assert.ok(worth(last, { ...last, at: 30_000 }));
});

test("what cannot be told for hours is thinned from its old end", () => {
  const list = Array.from({ length: 5000 }, (_, at) => ({ at }));
  const kept = thinned(list, 2000);
  assert.ok(kept.length <= 2000);
  assert.deepEqual(kept.at(-1), { at: 4999 });
  assert.ok(kept.every((fix, index) => index === 0 || fix.at > kept[index - 1].at));
});

test("a fix without speed and heading names neither", () => {
  const item = itemOf("E32", { lon: 1, lat: 2, at: AT, accuracy: 9, speed: null, heading: null });
  assert.deepEqual(item, { unit_id: "E32", lon: 1, lat: 2, observed_at: "2026-11-22T06:03:21.000Z", accuracy_m: 9 });
});

test("the next step follows from the state, and an ended task has none", () => {
  assert.deepEqual(["OFFERED", "ACKED", "ENROUTE", "ON_SCENE"].map((state) => nextSteps(state)[0]), ["ack", "enroute", "on_scene", "clear"]);
  assert.deepEqual(nextSteps("CLEARED"), []);
});

test("where it lies is told as a wind", () => {
  const here = [119.9, 30.6];
  assert.equal(wind(bearing(here, [119.9, 30.7])), "n");
  assert.equal(wind(bearing(here, [120, 30.6])), "e");
  assert.equal(wind(bearing(here, [119.8, 30.5])), "sw");
  assert.equal(wind(359), "n");
});

test("an offer shows how long there is to answer, everything else when the case is due", () => {
  const kase = { due_at: "2026-11-22T07:00:00Z", reported_at: "2026-11-22T06:00:00Z" };
  assert.equal(clockOf({ state: "OFFERED", offered_at: "2026-11-22T06:00:00Z", answer_by: "2026-11-22T06:01:00Z" }, kase).name, "answer");
  assert.equal(clockOf({ state: "ACKED" }, kase).name, "due");
  assert.equal(clockOf({ state: "ACKED" }, { ...kase, due_at: null }), null);
});

test("a photo is made small and keeps its shape", () => {
  assert.deepEqual(fitted(4000, 3000), [1600, 1200]);
  assert.deepEqual(fitted(800, 600), [800, 600]);
});
