// The time machine: any minute of a past day on the desk's map and queue; a slider, speeds, and a jump to any event.

import { Problem, getJson } from "./api.mjs";
import { kindWord } from "./case_steps.mjs";
import { ClosureMarks } from "./closure_marks.mjs";
import { h, setAttr, setText, whenPresent } from "./dom.mjs";
import { exercises } from "./exercise.mjs";
import { calendarDay, clockTime, number, toMs } from "./format.mjs";
import { Layout } from "./layout.mjs";
import { MapView, whenMap } from "./map.mjs";
import { legend } from "./map_over.mjs";
import { setStaleLimits } from "./marks.mjs";
import { Names } from "./names.mjs";
import { barEnd, brand } from "./navigation.mjs";
import { switchTheme } from "./preferences.mjs";
import { Queue } from "./queue.mjs";
import { Reel, unitsAt } from "./reel.mjs";
import { ReplayBar, SPEEDS } from "./replay_bar.mjs";
import { ReplayWarnings } from "./replay_warnings.mjs";
import { VirtualList } from "./virtual_list.mjs";
import { WarningAreas } from "./warning_areas.mjs";
import { coded, readBoot, t } from "./words.mjs";

const DRAWN_EVERY_MS = 100;
const MINUTE_MS = 60_000;
const NEWS_HEIGHT = 44;

/** The day to show first: the one the address asks for, else the newest there is. */
export function dayOf(days, search) {
  const asked = new URLSearchParams(search).get("day");
  return days.find(({ day }) => day === asked) ?? days[0];
}

/** The instant to stand at first: the one the address asks for within the reel, else a moment before its last event. */
export function startOf(reel, search) {
  const asked = toMs(new URLSearchParams(search).get("at"));
  if (asked >= reel.since && asked <= reel.until) return asked;
  return Math.max(reel.since, Math.min(reel.until, (reel.times[0] ?? reel.since) - 1000));
}

class Replay {
  constructor(boot, places, map) {
    Object.assign(this, { boot, places, at: 0, playing: false, speed: SPEEDS[1], selected: null, drawnAt: 0 });
    setStaleLimits(boot.units.stale_ms);
    const now = () => this.at;
    this.names = new Names(() => this.state?.units ?? new Map(), boot.cases.conditions);
    this.map = new MapView(map, { now, bbox: boot.county.bbox, onSelect: (id) => this.select(id) });
    this.closures = new ClosureMarks(this.map, { now });
    this.warned = new WarningAreas(this.map, { now });
    const layout = new Layout(places.queue.parentNode, { who: boot.viewer.name, handles: [] });
    this.queue = new Queue(places.queue, { layout, names: this.names, now, empty: "replay.no_open", onSelect: (id) => this.select(id) });
    this.bar = new ReplayBar(places.bar, { onSeek: (ms) => this.seek(ms), onPlay: () => this.toggle(), onBeside: (by) => this.beside(by), onSpeed: (speed) => { this.speed = speed; } });
    this.watermark = h("div", { class: "watermark", "aria-hidden": "true", hidden: true });
    this.note = h("div", { class: "replay-note", role: "status" });
    places.over.append(legend({ open: false }), this.note);
    this.warnings = new ReplayWarnings(places.over.parentNode);
    places.over.parentNode.append(this.watermark); // over the whole map, not in its corner of chips
    this.makeTop(places.top);
    this.makeNews(places.news);
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  makeTop(root) {
    this.days = h("select", { "aria-label": t("replay.day"), onchange: () => this.open(this.days.value) });
    this.clip = h("a", { class: "action", download: "", text: t("replay.clip"), title: t("replay.clip_hint") });
    const onTheme = () => this.map.setTiles(this.boot.county.tiles, switchTheme());
    root.append(brand(this.boot, "/replay"), this.days, this.clip, h("div", { class: "gap" }), h("span", { class: "badge replay-badge", text: t("replay.badge") }), ...barEnd(this.boot.viewer, { onTheme }));
  }

  makeNews(root) {
    this.newsCount = h("span", { class: "count" });
    this.ofCase = h("button", { type: "button", class: "link", hidden: true, onclick: () => this.select(null), text: t("replay.all_events") });
    const list = h("div", { class: "rows", role: "listbox", tabindex: "0", "aria-label": t("replay.events") });
    this.newsNote = h("div", { class: "empty", hidden: true, text: t("replay.no_events") });
    root.append(h("div", { class: "queue-head" }, h("h2", { text: t("replay.events") }), this.newsCount, this.ofCase), this.newsNote, list);
    this.list = new VirtualList(list, { rowHeight: NEWS_HEIGHT, make: () => this.makeLine(), patch: (element, entry) => this.patchLine(element, entry) });
  }

  makeLine() {
    const element = h("div", { class: "news-line", role: "option" }, h("time", { class: "num" }), h("span", { class: "chip" }), h("span", { class: "told" }, h("b"), h("small")));
    element.addEventListener("click", () => this.seek(Number(element.dataset.ms)));
    return element;
  }

  patchLine(element, entry) {
    const [time, chip, told] = element.children;
    setAttr(element, "data-ms", String(entry.ms));
    setAttr(element, "class", `news-line virtual${entry.ms <= this.at ? " is-over" : ""}${entry.exercise ? " is-exercise" : ""}`);
    setAttr(element, "aria-selected", String(entry === this.current));
    setAttr(told, "data-exercise", t("queue.sign.exercise"));
    setText(time, clockTime(entry.ms));
    setAttr(chip, "class", `chip p-${entry.priority}`);
    setText(chip, entry.priority);
    setText(told.firstChild, coded("event", kindWord(entry.kind)));
    setText(told.lastChild, [this.names.category(entry.category), this.names.town(entry.town), entry.by].filter(Boolean).join(" · "));
  }

  async run() {
    await this.names.load();
    try {
      const { items } = await getJson("/api/v1/replay/days");
      this.past = items;
      this.days.replaceChildren(...items.map(({ day, events }) => h("option", { value: day, text: t("replay.day_line", { day, n: number(events) }) })));
      if (!items.length) return this.say(t("replay.nothing"));
      await this.open(dayOf(items, window.location.search).day);
    } catch (failure) {
      this.failed(failure);
    }
    return requestAnimationFrame((ms) => this.frame(ms));
  }

  async open(day) {
    const chosen = this.past.find((each) => each.day === day);
    this.days.value = day;
    this.playing = false;
    this.say(t("replay.loading", { day }));
    const query = new URLSearchParams({ since: chosen.since, until: chosen.until });
    setAttr(this.clip, "href", `/api/v1/replay/clip?${query}`);
    try {
      this.reel = new Reel(await getJson(`/api/v1/replay/reel?${query}`));
    } catch (failure) {
      return this.failed(failure);
    }
    this.news = this.reel.news;
    this.bar.show(this.reel);
    this.say(this.reel.whole ? "" : t("replay.cut", { at: clockTime(this.reel.until) }));
    this.selected = null;
    this.fresh = true;
    this.showNews();
    return this.seek(startOf(this.reel, window.location.search));
  }

  failed(failure) {
    if (!(failure instanceof Problem)) throw failure;
    this.say(failure.passing ? t("error.unanswered") : failure.message || t("error.unknown"), "is-late");
  }

  say(text, level = "") {
    setText(this.note, text);
    setAttr(this.note, "class", `replay-note ${level}`);
    this.note.hidden = !text;
  }

  seek(ms) {
    if (!this.reel || !Number.isFinite(ms)) return;
    this.at = Math.min(this.reel.until, Math.max(this.reel.since, ms));
    const { state, touched, whole } = this.reel.seek(this.at);
    const all = whole || this.fresh;
    this.state = { ...state, units: unitsAt(this.reel.units, this.reel.tracks, this.at) };
    if (all || touched.rows.size) {
      this.queue.setRows(state.rows, all ? null : touched.rows);
      this.map.setRows(state.rows, all ? null : touched.rows);
      this.mark(exercises(state.rows.values()));
    }
    if (all || touched.closures.size) this.closures.set(state.closures, all ? null : touched.closures);
    this.warned.set(state.warnings);
    this.warnings.set(state.warnings, this.at);
    this.map.setUnits(this.state.units, null);
    if (this.fresh) this.map.refit();
    this.fresh = false;
    this.draw();
  }

  mark({ n, only }) {
    this.watermark.hidden = !n;
    setAttr(this.watermark, "class", `watermark${only ? " is-only" : ""}`);
    setText(this.watermark, only ? t("replay.exercise_only") : t("replay.exercise_some", { n }));
  }

  draw() {
    this.drawnAt = performance.now();
    this.bar.draw({ at: this.at, playing: this.playing, speed: this.speed, day: calendarDay(this.at) });
    this.queue.tick();
    const current = this.shownNews.findLast(({ ms }) => ms <= this.at);
    if (current !== this.current) {
      this.current = current;
      this.list.reveal(this.shownNews.indexOf(current));
    }
    this.list.draw();
  }

  showNews() {
    this.shownNews = this.selected ? this.news.filter(({ id }) => id === this.selected) : this.news;
    this.ofCase.hidden = !this.selected;
    this.newsNote.hidden = this.shownNews.length > 0;
    setText(this.newsCount, t("replay.events_n", { n: number(this.shownNews.length) }));
    this.current = undefined;
    this.list.set(this.shownNews);
  }

  select(id) {
    this.selected = id === this.selected ? null : id;
    this.queue.select(this.selected);
    this.map.select(this.selected, { fly: Boolean(this.selected) });
    this.showNews();
    this.draw();
  }

  beside(by) {
    this.seek(this.reel?.beside(this.at, by));
  }

  toggle() {
    if (!this.reel) return;
    if (!this.playing && this.at >= this.reel.until) this.seek(this.reel.since);
    this.playing = !this.playing;
    this.draw();
  }

  frame(ms) {
    const passed = Math.min(1000, ms - (this.framedAt ?? ms));
    this.framedAt = ms;
    if (this.playing && this.reel) {
      this.debt = (this.debt ?? 0) + passed * this.speed;
      if (performance.now() - this.drawnAt >= DRAWN_EVERY_MS) {
        const to = this.at + this.debt;
        this.debt = 0;
        if (to >= this.reel.until) this.playing = false;
        this.seek(to);
      }
    }
    requestAnimationFrame((next) => this.frame(next));
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=range]), select, textarea")) return;
    const step = MINUTE_MS * (event.shiftKey ? 10 : 1);
    const acts = {
      " ": () => this.toggle(), ArrowLeft: () => this.seek(this.at - step), ArrowRight: () => this.seek(this.at + step), ",": () => this.beside(-1), ".": () => this.beside(1),
      Home: () => this.seek(this.reel?.since), End: () => this.seek(this.reel?.until), j: () => this.select(this.queue.stepFrom(1)), k: () => this.select(this.queue.stepFrom(-1)),
      Escape: () => this.select(null), f: () => this.map.refit(),
    };
    const speed = SPEEDS[Number(event.key) - 1];
    if (speed) this.bar.choose(speed);
    else if (!acts[event.key]) return;
    else acts[event.key]();
    event.preventDefault();
  }
}

async function main() {
  const ids = { top: "top", queue: "queue", over: "map-over", news: "events", bar: "replay-bar" };
  const [map, ...found] = await Promise.all([whenMap(), ...Object.values(ids).map((id) => whenPresent(id))]);
  const replay = new Replay(readBoot(), Object.fromEntries(Object.keys(ids).map((name, i) => [name, found[i]])), map);
  await replay.run();
  document.body.append(h("span", { id: "replay-ready", hidden: true }));
}

if (typeof document !== "undefined") main();
