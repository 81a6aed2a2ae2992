import assert from "node:assert/strict";
import test from "node:test";

import { ActionDrafts } from "../../assets/action_drafts.mjs";
import { GRAVE, argumentsOf, fieldsOf, hintOf, ordered } from "../../assets/action_table.mjs";
import { Problem, byLocalClock, fieldErrors } from "../../assets/api.mjs";
import { actingFor, changesSince, conflictSentence } from "../../assets/case_actions.mjs";
import { stepsFor } from "../../assets/case_assignments.mjs";
import { stepsOf } from "../../assets/case_coordination.mjs";
import { clockOfRow, clockStanding, clocksOf, differs, episodeOf, kindWord, partStanding, peopleOf, returnedBy, shownData, steps } from "../../assets/case_steps.mjs";
import { sources } from "../../assets/evidence.mjs";
import { findCategories } from "../../assets/names.mjs";
import { useWords } from "../../assets/words.mjs";

useWords({ "action.conflict": "{who} 已于 {at} {what}", "action.changed": "更新了案件", "event.incidents.case_dispatched": "派遣", "format.none": "—", "format.comma": "、", "form.wanted": "应为{wanted}。", "form.missing": "请填写此项。", "form.by_rule": "(按规则)" }, "zh", "Asia/Shanghai");

const START = Date.parse("2026-11-22T05:00:00Z");
const iso = (after) => new Date(START + after * 1000).toISOString();
const entry = (kind, at, clock) => ({ kind, at: iso(at), source_at: null, data: clock === undefined ? {} : { clock } });
const clock = (stage, from, due) => ({ stage, started_at: iso(from), due_at: due === null ? null : iso(due) });

test("the steps show where a case stands and leave out those it passes by", () => {
  const line = steps("DISPATCHED");
  assert.deepEqual(line.map(({ state }) => state), ["NEW", "FILED", "DISPATCHED", "ACCEPTED", "ON_SCENE", "RESOLVED", "CHECKING", "CLOSED"]);
  assert.deepEqual(line.map(({ mark }) => mark).slice(0, 4), ["done", "done", "here", "ahead"]);
  assert.ok(steps("VERIFYING").some(({ state }) => state === "VERIFYING"));
  assert.deepEqual(steps("VOID"), []);
});

test("each clock ends where the next begins and the last one runs", () => {
  const timeline = [entry("a", 0, clock("file", 0, 900)), entry("b", 5), entry("c", 300, clock("dispatch", 300, 400))];
  const [file, dispatch] = clocksOf(timeline, true);
  assert.equal(file.endedMs, START + 300_000);
  assert.equal(dispatch.endedMs, null);
  assert.equal(clockStanding(file, START + 9_999_000).level, "ok");
  assert.deepEqual([clockStanding(dispatch, START + 385_000).level, clockStanding(dispatch, START + 385_000).leftMs], ["warn", 15_000]);
  assert.equal(clockStanding(dispatch, START + 400_000).level, "late");
});

test("a clock that goes on with somebody else is drawn once", () => {
  const timeline = [entry("resolved", 60, clock("check", 60, 900)), entry("sent", 80, clock("check", 60, 900))];
  assert.deepEqual(clocksOf(timeline, true).map(({ stage, startedMs }) => [stage, startedMs]), [["check", START + 60_000]]);
  const again = [...timeline, entry("rework", 90, clock("handle", 90, 500)), entry("resolved", 95, clock("check", 95, 900))];
  assert.deepEqual(clocksOf(again, true).map(({ stage }) => stage), ["check", "handle", "check"]);
});

test("whoever acted in a timeline is known by name", () => {
  assert.deepEqual(peopleOf([{ actor: { id: "P1", name: "派遣员 王强" } }, { actor: null }]), { P1: "派遣员 王强" });
});

test("a step is done for one's own department, at the centre for those the case is with", () => {
  const row = { tasks: [{ department: "gas" }, { department: "fire" }] };
  assert.deepEqual(actingFor(row, "fire"), { among: ["fire"], none: undefined });
  assert.deepEqual(actingFor(row, null).among, ["gas", "fire"]);
});

test("under a field that was left empty stands that it is to be filled in", () => {
  const missing = { field: "arguments.reason", code: "exchange.field_missing", detail: "缺少必填的 arguments.reason：请补上(格式见 /api/v1/openapi.json)。" };
  assert.deepEqual(fieldErrors({ errors: [missing] }), { reason: "请填写此项。" });
});

test("a category called as it was typed comes before a more urgent one that begins so", () => {
  const rows = [{ code: "B0106", name_zh: "路灯井盖", default_priority: "P1" }, { code: "B0137", name_zh: "路灯", default_priority: "P3" }];
  assert.deepEqual(findCategories(rows, "路灯", "zh").map(({ code }) => code), ["B0137", "B0106"]);
  assert.deepEqual(findCategories(rows, "路灯井", "zh").map(({ code }) => code), ["B0106"]);
});

test("a closed case has no running clock", () => {
  const timeline = [entry("a", 0, clock("check", 0, 900)), entry("b", 60)];
  assert.equal(clocksOf(timeline, false)[0].endedMs, START + 60_000);
});

test("a clock that was taken away has ended", () => {
  const timeline = [entry("a", 0, clock("file", 0, 900)), entry("b", 60, null)];
  assert.equal(clocksOf(timeline, true)[0].endedMs, START + 60_000);
});

test("a row without a running clock has none to show", () => {
  assert.equal(clockOfRow({ stage: null }), null);
  assert.equal(clockOfRow({ stage: "handle", updated_at: iso(0), due_at: iso(60) }).dueMs, START + 60_000);
});

test("only what says something is shown of an event", () => {
  assert.deepEqual(shownData({ lead: "gas", assists: [], note: "", reason: "x", clock: {}, supervised: true }), [["lead", "gas"], ["reason", "x"]]);
  assert.equal(kindWord("incidents.case_opened.v1"), "incidents.case_opened");
});

test("the sender's time is shown only where it differs", () => {
  assert.equal(differs({ at: iso(0), source_at: null }), false);
  assert.equal(differs({ at: iso(0), source_at: iso(0.4) }), false);
  assert.equal(differs({ at: iso(0), source_at: iso(-90) }), true);
});

test("a command's form asks for what people know, and for whatever is required", () => {
  const schema = { required: ["reason"], arguments: { reason: { choices: null }, note: { choices: null }, photos: { choices: null } } };
  assert.deepEqual(fieldsOf("reject", schema, { "reject.reason": [{ value: "not_true" }] }).map(({ name, widget, required }) => [name, widget, required]), [["reason", "choice", true], ["note", "lines", false]]);
  assert.deepEqual(fieldsOf("new_one", { required: ["photos"], arguments: { photos: { choices: null } } }).map(({ name }) => name), ["photos"]);
  assert.deepEqual(fieldsOf("resume", undefined), []);
});

test("what carries the case on comes first, and what ends it asks twice", () => {
  assert.deepEqual(ordered(["add_note", "close", "dispatch"]), ["dispatch", "close", "add_note"]);
  assert.deepEqual(ordered(["dispatch", "accept"]), ["accept", "dispatch"]);
  for (const name of ["void", "reject", "close"]) assert.ok(GRAVE.has(name));
});

test("arguments left empty are not sent", () => {
  assert.deepEqual(argumentsOf({ lead: "", assists: [], units: ["U1"], note: "x", level: null }), { units: ["U1"], note: "x" });
});

test("a conflict says who did what and when", () => {
  assert.equal(conflictSentence({ changed_by: "王芳", changed_at: iso(3801), changes: ["incidents.case_dispatched.v1"] }), "王芳 已于 14:03:21 派遣");
  assert.equal(conflictSentence({ changed_by: "王芳", changed_at: iso(3801), changes: [] }), "王芳 已于 14:03:21 更新了案件");
});

test("what happened since a version is told like a conflict", () => {
  const timeline = [{ version: 1, kind: "incidents.case_opened.v1", actor: { name: "李敏" }, at: iso(0) }, { version: 2, kind: "incidents.case_dispatched.v1", actor: { name: "王芳" }, at: iso(3801) }];
  assert.equal(conflictSentence(changesSince(timeline, 1)), "王芳 已于 14:03:21 派遣");
  assert.deepEqual(changesSince(timeline, 2).changes, []);
});

test("a problem's sentences go to their fields", () => {
  assert.deepEqual(fieldErrors({ field: "lon", detail: "outside" }), { lon: "outside" });
  assert.deepEqual(fieldErrors({ errors: [{ field: "arguments.lead", detail: "unknown" }, { loc: ["body", "text"], msg: "empty" }] }), { lead: "unknown", text: "empty" });
  assert.deepEqual(fieldErrors({}), {});
});

test("what a rule allows is said beside the form", () => {
  const limits = { suspensions: 1, suspend_longest: 365, extensions: 2, returns_to_supervision: 3, auto_close_grace: 90, approvals: { suspension: ["supervisor", "leader"], extension: ["supervisor"] } };
  assert.deepEqual([hintOf("suspend", {}, limits).days, hintOf("return", { returned_n: 1 }, limits).nth, hintOf("all_clear", {}, limits).s], [365, 2, 90]);
  assert.equal(hintOf("close", {}, limits), null);
  assert.equal(hintOf("approve", { approval: null }, limits), null);
});

test("an assistant's clock is not the case's, and an extension moves the one that runs", () => {
  const timeline = [entry("incidents.case_dispatched.v1", 0, clock("accept", 0, 60)), { ...entry("incidents.case_accepted.v1", 10, clock("handle", 10, 600)), data: { lead: false, clock: clock("handle", 10, 600) } },
    entry("incidents.case_reinforced.v1", 20, clock("accept", 20, 80)), entry("incidents.deadline_extended.v1", 30, clock("accept", 0, 300))];
  const found = clocksOf(timeline, true);
  assert.deepEqual(found.map(({ stage, dueMs, endedMs }) => [stage, dueMs - START, endedMs]), [["accept", 300_000, null]]);
});

test("a department's part stands where its last instant says, and a returned one is not a released one", () => {
  const returned = returnedBy([{ kind: "incidents.assist_returned.v1", data: { department: "fire" } }]);
  assert.equal(partStanding({ department: "fire", released_at: iso(9) }, returned), "returned");
  assert.equal(partStanding({ department: "gas", released_at: iso(9) }, returned), "released");
  assert.equal(partStanding({ department: "gas", accepted_at: iso(1), arrived_at: iso(2) }, returned), "on_scene");
  assert.equal(partStanding({ department: "gas" }, returned), "offered");
});

test("a department's people are offered steps for their own part alone", () => {
  const allowed = ["accept", "return", "control", "resolve", "clear_assist", "release_assist"];
  assert.deepEqual(stepsOf({ department: "gas", lead: true }, "offered", allowed, "gas"), ["accept", "return"]);
  assert.deepEqual(stepsOf({ department: "gas", lead: true }, "offered", allowed, "fire"), []);
  assert.deepEqual(stepsOf({ department: "gas", lead: true }, "on_scene", allowed, null), ["control", "resolve"]);
  assert.deepEqual(stepsOf({ department: "gas", lead: false }, "accepted", allowed, null), ["clear_assist", "release_assist"]);
});

test("a unit's next steps follow its answer and who may speak for it", () => {
  const centre = { permissions: ["case.act_for", "case.dispatch"], department: null };
  assert.deepEqual(stepsFor({ state: "OFFERED", open: true }, centre), ["ack", "decline", "cancel"]);
  assert.deepEqual(stepsFor({ state: "ENROUTE", open: true }, { permissions: ["case.act"], department: "gas" }), ["on_scene", "clear"]);
  assert.deepEqual(stepsFor({ state: "CLEARED", open: false }, centre), []);
});

test("a reopened case is in its next episode", () => {
  assert.equal(episodeOf([entry("incidents.case_opened.v1", 0), entry("incidents.case_reopened.v1", 9)]), 2);
});

test("sources of an all-clear are written kind:id, unnamed ones left out", () => {
  assert.deepEqual(sources([{ kind: "unit", name: " E4 " }, { kind: "sensor", name: "" }]), ["unit:E4"]);
});

const shelf = () => {
  const held = new Map();
  return { getItem: (name) => held.get(name) ?? null, setItem: (name, text) => held.set(name, text), removeItem: (name) => held.delete(name) };
};

test("what was typed for a case is there again for the same person, case and action alone", () => {
  const storage = shelf();
  new ActionDrafts({ who: "王芳", storage }).keep({ id: "a", action: "reject" }, { reason: "不属于本县" });
  const again = new ActionDrafts({ who: "王芳", storage });
  assert.deepEqual(again.of({ id: "a", action: "reject" }), { reason: "不属于本县" });
  assert.equal(again.of({ id: "a", action: "void" }), null);
  assert.equal(again.of({ id: "b", action: "reject" }), null);
  assert.equal(new ActionDrafts({ who: "李明", storage }).of({ id: "a", action: "reject" }), null);
  again.drop({ id: "a", action: "reject" });
  assert.equal(new ActionDrafts({ who: "王芳", storage }).of({ id: "a", action: "reject" }), null);
});

test("a form with something typed in it that stood open is taken up once, an empty one not at all", () => {
  const storage = shelf();
  const drafts = new ActionDrafts({ who: "王芳", storage });
  const form = { id: "a", action: "reject" };
  drafts.leave(form);
  assert.equal(new ActionDrafts({ who: "王芳", storage }).takeLeft(), null);
  drafts.keep(form, { reason: "不属于本县" });
  drafts.leave(form);
  const again = new ActionDrafts({ who: "王芳", storage });
  assert.deepEqual(again.takeLeft(), form);
  assert.equal(new ActionDrafts({ who: "王芳", storage }).takeLeft(), null);
  again.leave(form);
  again.leave(null);
  assert.equal(new ActionDrafts({ who: "王芳", storage }).takeLeft(), null);
});

test("a refusal says when by the county's clock: the time today, the day before that", () => {
  const now = Date.parse("2026-11-22T06:10:00Z");
  assert.equal(byLocalClock("王芳 已于 2026-11-22T06:03:21.123Z 响应。", now), "王芳 已于 14:03:21 响应。");
  assert.equal(byLocalClock("since 2026-11-20T06:03:21Z and 2026-11-21T22:00:00+08:00", now), "since 11-20 14:03 and 11-21 22:00");
  assert.equal(byLocalClock("第 2026-11 版", now), "第 2026-11 版");
  assert.equal(new Problem(422, { detail: "x 2020-01-02T00:00:00Z" }).message, "x 2020-01-02 08:00");
  assert.deepEqual(fieldErrors({ field: "until", detail: "须晚于 2020-01-02T00:00:00Z。" }), { until: "须晚于 2020-01-02 08:00。" });
});

test("under a field stands what would be right, not what was written in it once more", () => {
  const long = { field: "arguments.text", value: "'备注备注…", wanted: "至多 2000 个字符的文字", detail: "arguments.text 的值 '备注备注…' 不对：应为至多 2000 个字符的文字。" };
  assert.deepEqual(fieldErrors({ errors: [long] }), { text: "应为至多 2000 个字符的文字。" });
  assert.deepEqual(fieldErrors(long), { text: "应为至多 2000 个字符的文字。" });
});
