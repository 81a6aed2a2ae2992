import assert from "node:assert/strict";
import test from "node:test";

import { kindWord } from "../../assets/case_steps.mjs";
import { rowOf } from "../../assets/keys.mjs";
import { suggestions } from "../../assets/commandbar.mjs";
import { loudest } from "../../assets/sound.mjs";
import { acknowledgedFigures } from "../../assets/wall_acknowledged.mjs";
import { ageStanding, countedNote, heardBy, promisesOf, takesOver, tally, unitTally, worthTelling } from "../../assets/wall_figures.mjs";
import { networkFigures, responseFigures } from "../../assets/wall_running.mjs";
import { fits } from "../../assets/wall_parts.mjs";
import { Scenes, addressOf, cycleOf, sceneOf } from "../../assets/wall_scenes.mjs";

const NOW = Date.parse("2026-11-22T06:00:00Z");
const row = (parts) => ({ id: "a", priority: "P3", state: "NEW", lane: "routine", exercise: false, supervised: false, due_at: null, reported_at: "2026-11-22T05:00:00.000Z", ...parts });

test("open cases are counted by priority and progress, exercises apart", () => {
  const found = tally([row({}), row({ priority: "P0", state: "ON_SCENE", lane: "emergency" }), row({ exercise: true, priority: "P0" })], NOW);
  assert.deepEqual([found.open, found.exercise, found.emergency, found.today], [2, 1, 1, 2]);
  assert.deepEqual(found.priorities, { P0: 1, P1: 0, P2: 0, P3: 1, P4: 0 });
  assert.deepEqual(found.phases, { waiting: 1, going: 1, checking: 0 });
});

test("the case that is overdue longest is named", () => {
  const first = row({ id: "first", due_at: "2026-11-22T04:00:00.000Z" });
  const found = tally([row({ due_at: "2026-11-22T05:30:00.000Z" }), first, row({ due_at: "2026-11-22T07:00:00.000Z" })], NOW);
  assert.equal(found.late, 2);
  assert.equal(found.oldestLate, first);
});

test("nothing open is nothing overdue", () => {
  assert.deepEqual([tally([], NOW).open, tally([], NOW).oldestLate], [0, null]);
});

test("units are counted by what they do, and those not heard of beside that", () => {
  const units = [{ status: "available", at: NOW }, { status: "assigned", at: NOW }, { status: "available", at: NOW - 600_000 }];
  assert.deepEqual(unitTally(units, NOW), { free: 2, busy: 1, away: 0, stale: 1, all: 3 });
});

const alert = (parts) => ({ priority: "P0", offered_at: "2026-11-22T05:58:00.000Z", roles: [], step: 0, ...parts });

test("a P0 takes the wall until a person acknowledges it, whoever was sent meanwhile", () => {
  const old = row({ id: "old", priority: "P0", state: "DISPATCHED", alert: alert() });
  const fresh = row({ id: "fresh", priority: "P0", alert: alert({ offered_at: "2026-11-22T05:59:00.000Z" }) });
  const drill = row({ id: "drill", exercise: true, alert: alert({ offered_at: "2026-11-22T05:59:30.000Z" }) });
  const { alert: taken, n } = takesOver([old, fresh, drill, row({ alert: alert({ priority: "P1" }) })]);
  assert.deepEqual([taken.id, n], ["fresh", 3]);
  assert.equal(takesOver([row({ priority: "P0", alert: null })]).alert, null);
});

test("a room hears each P0 and what has reached its roles, none of them twice", () => {
  assert.deepEqual(heardBy([{ id: "a" }], [{ id: "a" }, { id: "b" }]).map(({ id }) => id), ["a", "b"]);
});

test("the most urgent alert sounds, and an exercise never does", () => {
  assert.equal(loudest([alert({ exercise: true })]), null);
  assert.equal(loudest([alert({ priority: "P1" }), alert()]), "P0");
  assert.equal(loudest([alert({ priority: "P1" })]), "P1");
  assert.equal(loudest([alert({ priority: "P3" })]), "once");
});

test("acknowledgements of a day are told as share, latency, misses and escalations", () => {
  const total = { offered: 4, share_in_time: 0.75, missed: 1, latency_p50_s: 9, latency_p90_s: 70, escalated: { 1: 1, 2: 1 } };
  const texts = Object.fromEntries(acknowledgedFigures(total).map(({ name, text }) => [name, text]));
  assert.deepEqual([texts.ack_in_time, texts.ack_missed, texts.ack_escalated], ["75.0 %", "1", "2"]);
  assert.deepEqual(acknowledgedFigures({ offered: 0 }), []);
});

test("news are told newest first, without notes", () => {
  const news = [{ seq: 1, kind: "incidents.case_opened.v1" }, { seq: 2, kind: "incidents.note_added.v1" }, { seq: 3, kind: "incidents.case_closed.v1" }];
  assert.deepEqual(worthTelling(news, kindWord).map(({ seq }) => seq), [3, 1]);
});

test("only as many lines as fit are drawn", () => {
  assert.equal(fits(400, 45), 8);
  assert.equal(fits(10, 45), 1);
});

test("a scene is pinned by the address", () => {
  assert.equal(sceneOf("?scene=incidents"), "incidents");
  assert.equal(sceneOf("?scene=unknown"), "overview");
  assert.equal(sceneOf(""), "overview");
});

test("a wall cycles where its address says so, and no faster than a map can be seen", () => {
  assert.deepEqual(["", "?cycle", "?cycle=30", "?cycle=1", "?cycle=never", "?cycle=-5"].map(cycleOf), [0, 60, 30, 10, 0, 0]);
});

const scenesOf = (search) => {
  const seen = [];
  const scenes = new Scenes({ search, show: ({ scene }) => seen.push(scene), remember: (address) => seen.push(address) });
  const pass = (seconds, held = false) => Array.from({ length: seconds }, () => scenes.tick(held));
  return { scenes, seen, pass };
};

test("scenes follow each other, all of them, and begin again", () => {
  const { scenes, pass } = scenesOf("?cycle=10");
  const shown = Array.from({ length: 6 }, () => (pass(10), scenes.scene));
  assert.deepEqual(shown, ["incidents", "sensing", "coverage", "split", "overview", "incidents"]);
});

test("while something holds the wall no scene is left, and a pinned one is never", () => {
  const { seen, pass } = scenesOf("?cycle=10");
  pass(9);
  pass(100, true);
  assert.deepEqual(seen, []);
  pass(1);
  assert.deepEqual(seen, ["incidents", "?scene=incidents&cycle=10"]);
  const pinned = scenesOf("?scene=split");
  pinned.pass(1000);
  assert.deepEqual(pinned.seen, []);
});

test("who chooses a scene ends the cycle, and a wall started again stands as it stood", () => {
  const { scenes, seen, pass } = scenesOf("?cycle=10");
  scenes.pin("coverage");
  pass(100);
  assert.deepEqual(seen, ["coverage", "?scene=coverage"]);
  scenes.toggleCycle();
  assert.deepEqual([sceneOf(addressOf(scenes)), cycleOf(addressOf(scenes))], ["coverage", 60]);
});

test("data older than promised are called old, and a quiet county is not", () => {
  const promises = promisesOf({ vehicle: 60_000, person: 300_000 });
  assert.deepEqual([ageStanding(299_000, promises.units), ageStanding(301_000, promises.units)], ["fresh", "old"]);
  assert.deepEqual([ageStanding(61_000, promises.readings), ageStanding(9e9, promises.cases), ageStanding(NaN, promises.units)], ["old", "fresh", "none"]);
});

test("a key with Ctrl is the browser's, and typing Chinese is no command", () => {
  assert.equal(rowOf({ key: "n" }).name, "report");
  assert.equal(rowOf({ key: "n", ctrlKey: true }), null);
  assert.equal(rowOf({ key: "n", isComposing: true }), null);
  assert.equal(rowOf({ key: "3" }).name, "action");
});

test("typed text may be a command, a case or words to filter by", () => {
  const commands = [{ name: "report", label: "登记新报告", key: "n" }, { name: "fit", label: "地图显示全部案件", key: "r" }];
  const rows = [{ number: "330521", category: "E", town: "武康街道", address: "" }];
  const names = { category: () => "道路积水" };
  assert.deepEqual(suggestions("", commands, rows, names).map(({ kind }) => kind), ["command", "command"]);
  assert.deepEqual(suggestions("登记", commands, rows, names).map(({ kind }) => kind), ["command", "filter"]);
  assert.deepEqual(suggestions("积水", commands, rows, names).map(({ kind }) => kind), ["case", "filter"]);
  const units = new Map([["fire-01", { name: "消防一号车" }], ["gas-01", { name: "燃气抢修" }]]);
  assert.deepEqual(suggestions("消防", commands, rows, names, units).map(({ kind, id }) => [kind, id]), [["unit", "fire-01"], ["filter", undefined]]);
});

test("today's response is P50, P90 and the share in target, and nothing where nobody has arrived", () => {
  const told = responseFigures({ n: 12, percentiles: { p50: 372, p90: 900 }, within: 0.75 });
  assert.deepEqual(told.map(({ name, text }) => [name, text]), [["response_p50", "format.minutes_seconds"], ["response_p90", "format.minutes_seconds"], ["response_within", "75.0 %"]]);
  assert.deepEqual(responseFigures({ n: 0, percentiles: {}, within: null }), []);
});

test("a network figure without a source is left out, and a site out of service is told in red", () => {
  const figures = networkFigures({ sensors: { value: 0.954, no_source: false }, weak: { value: null, no_source: true }, outages: [{}] });
  assert.deepEqual(figures.map(({ name, text, bad }) => [name, text, bad]), [["sensors_online", "95.4 %", undefined], ["sites_out", "1", true]]);
  assert.deepEqual(networkFigures({ sensors: { no_source: true }, weak: { no_source: true }, outages: null }), []);
});

test("a figure over fewer than thirty says so", () => {
  assert.match(countedNote(12), /small_n/);
  assert.doesNotMatch(countedNote(30), /small_n/);
  assert.equal(countedNote(0), "");
});
