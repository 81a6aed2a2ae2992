// The wall's parts as elements patched in place.

import { h, setAttr, setText } from "./dom.mjs";
import { drill } from "./exercise.mjs";
import { age, calendarDay, clockTime, countdown, instant, number, toMs } from "./format.mjs";
import { priorityChip } from "./marks.mjs";
import { kindWord } from "./case_steps.mjs";
import { ageStanding } from "./wall_figures.mjs";
import { SCENES } from "./wall_scenes.mjs";
import { pagesMenu } from "./navigation.mjs";
import { soundText } from "./topbar.mjs";
import { coded, t } from "./words.mjs";

const PRIORITY_ORDER = ["P0", "P1", "P2", "P3", "P4"];
const PHASE_ORDER = ["waiting", "going", "checking"];
const AGED = ["cases", "units", "readings"];
const UNIT_ORDER = ["free", "busy", "away", "stale"];

/** A figure with its name; `kind` colours it. */
function figure(name) {
  const value = h("b", { class: "num", text: "0" });
  const element = h("div", { class: "figure" }, value, h("span", { text: name }));
  return { element, set: (n, kind = "") => { setText(value, number(n)); setAttr(element, "class", `figure ${kind}`); } };
}

/** Bars by priority that share one scale. */
function priorityBars() {
  const lines = new Map(PRIORITY_ORDER.map((key) => {
    const [bar, value] = [h("i"), h("b", { class: "num" })];
    return [key, { bar, value, line: h("li", { class: `p-${key}` }, priorityChip(key), h("span", { class: "bar-name", text: t(`priority.${key}`) }), h("span", { class: "bar-track" }, bar), value) }];
  }));
  const element = h("ul", { class: "bars" }, [...lines.values()].map(({ line }) => line));
  return { element, set: (counts) => {
    const top = Math.max(1, ...PRIORITY_ORDER.map((key) => counts[key]));
    for (const [key, { bar, value }] of lines) {
      bar.style.width = `${(100 * counts[key]) / top}%`;
      setText(value, number(counts[key]));
    }
  } };
}

const card = (title, ...children) => h("section", { class: "card" }, h("h3", { text: title }), ...children);

/** The column of figures. */
export function figures(root, names) {
  const [open, today, late, emergency] = ["open", "today", "late", "emergency"].map((name) => figure(t(`wall.${name}`)));
  const byPriority = priorityBars();
  const byPhase = new Map(PHASE_ORDER.map((key) => [key, figure(t(`phase.${key}`))]));
  const oldest = h("div", { class: "oldest" });
  root.append(h("div", { class: "figure-grid" }, open.element, today.element, late.element, emergency.element),
    card(t("wall.by_priority"), byPriority.element), h("section", { class: "card phases" }, [...byPhase.values()].map(({ element }) => element)), card(t("wall.oldest"), oldest));
  return (cases, now) => {
    open.set(cases.open);
    today.set(cases.today);
    late.set(cases.late, cases.late ? "is-late" : "");
    emergency.set(cases.emergency);
    byPriority.set(cases.priorities);
    for (const [phase, { set }] of byPhase) set(cases.phases[phase]);
    const row = cases.oldestLate;
    oldest.replaceChildren(...(row
      ? [h("p", {}, priorityChip(row.priority), h("span", { class: "grow" }, names.category(row.category), h("span", { class: "dim", text: ` ${names.town(row.town)}` })), h("b", { class: "num late", text: countdown(toMs(row.due_at) - now) }))]
      : [h("p", { class: "dim", text: t("wall.none_late") })]));
  };
}

/** The top line: county, clock; whoever works elsewhere too finds the way back, a wall with nobody at it shows none. */
export function top(root, county, viewer) {
  const elsewhere = ["desk.view", "summary.view"].some((permission) => viewer.permissions.includes(permission));
  const day = h("span", { class: "day num" });
  const clock = h("time", { class: "now num" });
  const watermark = h("span", { class: "flag is-exercise", hidden: true });
  root.append(h("img", { src: "/assets/favicon.svg", alt: "" }), h("h1", { text: county.name, "data-county": true }), elsewhere ? pagesMenu(viewer, "/wall") : h("span", { class: "dim", text: t("wall.page_title") }), watermark, h("div", { class: "gap" }), h("div", { class: "warned" }), h("div", { class: "gap" }), day, clock);
  return (now, exercises) => {
    setText(day, calendarDay(now));
    setText(clock, clockTime(now));
    watermark.hidden = !exercises;
    setText(watermark, t("wall.exercises", { n: exercises }));
  };
}

function urgentLine(row, names, now) {
  const due = toMs(row.due_at);
  const late = due <= now;
  return h("li", { class: late ? "is-late" : "" }, priorityChip(row.priority), h("span", { class: "what" }, drill(row), names.category(row.category)),
    h("span", { class: "where dim", text: names.town(row.town) }), h("span", { class: "state dim", text: coded("state", row.state) }),
    h("b", { class: "num", text: Number.isFinite(due) ? countdown(due - now) : t("format.none") }));
}

function newsLine(entry, names, now, newestSeq) {
  return h("li", { class: entry.seq > newestSeq ? "is-fresh" : "" }, h("time", { class: "num dim", text: instant(toMs(entry.at), now) }), priorityChip(entry.priority),
    h("span", { class: "what" }, drill(entry), names.category(entry.category)), h("span", { class: "where dim", text: names.town(entry.town) }), h("b", { text: coded("event", kindWord(entry.kind)) }));
}

/** How many list items fit, from the place's height and one item's. */
export const fits = (height, itemHeight) => (itemHeight > 0 ? Math.max(1, Math.floor(height / itemHeight)) : 12);

/** The right column: what is most urgent, and what happened last; nothing scrolls, so only what fits is drawn. */
export function newest(root, names) {
  const urgent = h("ul", { class: "lines" });
  const news = h("ul", { class: "lines" });
  const byUnit = new Map(UNIT_ORDER.map((key) => [key, figure(t(`unit.${key}`))]));
  root.append(h("section", { class: "card grow" }, h("h3", { text: t("wall.urgent") }), urgent), h("section", { class: "card grow" }, h("h3", { text: t("wall.newest") }), news),
    h("section", { class: "card units" }, h("h3", { text: t("wall.units") }), h("div", { class: "unit-figures" }, [...byUnit.values()].map(({ element }) => element))));
  let seen = Infinity;
  // Asking a list for its height while lines are being put costs a layout each: it is asked once, and again when its size changes.
  const rooms = new Map();
  const resized = new ResizeObserver((changes) => changes.forEach(({ target }) => rooms.delete(target)));
  for (const list of [urgent, news]) resized.observe(list);
  const roomOf = (list) => {
    if (!rooms.has(list)) {
      const [height, line] = [list.clientHeight, list.querySelector("li:not(.dim)")?.offsetHeight ?? 0];
      if (!height || !line) return fits(height, line);
      rooms.set(list, fits(height, line));
    }
    return rooms.get(list);
  };
  const put = (list, items, draw, nothing) => {
    const room = roomOf(list);
    list.replaceChildren(...(items.length ? items.slice(0, room).map(draw) : [h("li", { class: "dim", text: nothing })]));
  };
  return (rows, entries, units, now) => {
    for (const [key, { set }] of byUnit) set(units[key], `is-${key}`);
    put(urgent, rows, (row) => urgentLine(row, names, now), t("wall.no_urgent"));
    put(news, entries, (entry) => newsLine(entry, names, now, seen), t("wall.no_news"));
    seen = entries[0]?.seq ?? 0;
  };
}

/** The foot: connection, scenes, ages, latency, bus. */
export function foot(root, lock, promises) {
  const dot = h("span", { class: "standing" }, h("i"), h("span"));
  const [sounds, latency, bus, ...ages] = Array.from({ length: 3 + AGED.length }, () => h("span", { class: "num" }));
  const scenes = SCENES.map((scene) => h("button", { type: "button", class: "scene", "data-scene": scene }, h("i"), t(`wall.scene.${scene}`)));
  const cycle = h("button", { type: "button", class: "scene cycle" }, h("i"), h("span", { text: t("wall.cycle") }));
  root.append(dot, h("nav", { class: "scenes", "aria-label": t("wall.scenes") }, scenes, cycle), lock, h("div", { class: "gap" }), sounds, ...ages, latency, bus);
  return (standing, beat, silentMs, sound) => {
    setText(sounds, soundText(sound.standing, sound.mutedUntil));
    setAttr(sounds, "class", sound.standing === "on" ? "num" : "num is-warn");
    setAttr(dot, "class", `standing is-${standing}`);
    setText(dot.lastChild, standing === "stale" ? t("standing.stale", { age: age(silentMs) }) : t(`standing.${standing}`));
    AGED.forEach((layer, i) => {
      const old = beat ? (beat.ages?.[layer] ?? NaN) + silentMs : NaN;
      setText(ages[i], t(`wall.age_${layer}`, { age: Number.isFinite(old) ? t("format.ago", { age: age(old) }) : t("format.none") }));
      setAttr(ages[i], "class", ageStanding(old, promises[layer]) === "old" ? "num is-late" : "num");
    });
    const { p50, p95, n } = beat?.latency ?? {};
    setText(latency, n ? t("wall.latency", { p50: Math.round(p50), p95: Math.round(p95), n: number(n) }) : t("wall.no_latency"));
    setText(bus, beat?.bus === "down" ? t("standing.bus_down") : beat ? t("standing.bus_up") : "");
    setAttr(bus, "class", beat?.bus === "down" ? "num is-late" : "num");
  };
}
