// The desk's top bar: county, search, how the connection stands, clock, who, language and theme.

import { h, setAttr, setText } from "./dom.mjs";
import { age, calendarDay, clockTime } from "./format.mjs";
import { barEnd, brand } from "./navigation.mjs";
import { nameSeat, seat } from "./preferences.mjs";
import { WarningBadge } from "./warnings.mjs";
import { t } from "./words.mjs";

/** How the sound stands, in words; a mute names its end. */
export function soundText(standing, untilMs) {
  if (standing === "muted") return t("sound.muted", { until: clockTime(untilMs).slice(0, 5) });
  return t(standing === "blocked" ? "sound.blocked" : "sound.on");
}

/** The top bar in its place. */
export class TopBar {
  constructor(root, { county, viewer, onSearch, onTheme, onMute, onOutbox, onShift, onWarnings }) {
    this.dot = h("span", { class: "standing" }, h("i"), h("span"));
    this.bus = h("span", { class: "badge", hidden: true });
    this.outbox = h("button", { type: "button", class: "badge is-warn", "data-outbox": true, hidden: true, onclick: onOutbox });
    this.shift = h("button", { type: "button", class: "badge is-warn", hidden: true, onclick: onShift });
    this.exercise = h("span", { class: "flag is-exercise", role: "status", hidden: true });
    this.onShift = onShift;
    this.warnings = new WarningBadge({ onOpen: onWarnings });
    this.mute = h("button", { type: "button", class: "icon-button wide", onclick: onMute });
    this.clock = h("time", { class: "clock-now num" });
    this.search = h("input", { type: "search", placeholder: t("top.search"), "aria-label": t("top.search"), oninput: () => onSearch(this.search.value) });
    root.append(brand({ county, viewer }, "/desk"), this.search, h("div", { class: "gap" }), this.warnings.element, this.exercise, this.shift, this.outbox, this.bus, this.dot, this.mute, this.clock, ...barEnd(viewer, { onTheme, own: this.own(viewer) }));
    this.setSound("on", 0);
  }

  own(viewer) {
    return [h("label", { class: "field" }, h("span", { text: t("top.seat") }), h("input", { type: "text", maxlength: 40, value: seat(), placeholder: t("top.seat_hint"), onchange: (event) => nameSeat(event.target.value) })),
      viewer.permissions.includes("shift.read") && h("button", { type: "button", class: "action", onclick: () => this.onShift() }, h("span", { text: t("shift.open_sheet") }), h("kbd", { text: "s" }))];
  }

  /** Show how the connection stands. */
  setStanding(standing, beat, silentMs = 0) {
    setAttr(this.dot, "class", `standing is-${standing}`);
    setText(this.dot.lastChild, standing === "stale" ? t("standing.stale", { age: age(silentMs) }) : t(`standing.${standing}`));
    const down = beat?.bus === "down";
    const dead = beat?.dead_letters ?? 0;
    this.bus.hidden = !down && !dead;
    setAttr(this.bus, "class", `badge ${down ? "is-late" : "is-warn"}`);
    setText(this.bus, down ? t("standing.bus_down") : t("standing.dead_letters", { n: dead }));
  }

  /** Say that exercises are among the open cases, and how many. */
  setExercises(n) {
    this.exercise.hidden = !n;
    setText(this.exercise, n ? t("wall.exercises", { n }) : "");
  }

  /** Show that sheets wait for my signature. */
  setShift(sheets) {
    this.shift.hidden = !sheets.length;
    if (sheets.length) setText(this.shift, t("shift.waits", { who: sheets[0].outgoing.name, at: clockTime(Date.parse(sheets[0].outgoing.at)).slice(0, 5) }));
  }

  /** Show how many posts wait to be sent. */
  setOutbox(posts) {
    this.outbox.hidden = !posts.length;
    setText(this.outbox, t("outbox.waiting", { n: posts.length }));
    setAttr(this.outbox, "title", t("outbox.retry"));
  }

  /** Show whether alerts sound: on, muted until when, or not allowed by the browser yet. */
  setSound(standing, untilMs) {
    setText(this.mute, soundText(standing, untilMs));
    setAttr(this.mute, "aria-pressed", String(standing !== "on"));
    setAttr(this.mute, "title", t(standing === "blocked" ? "sound.blocked_hint" : "sound.hint"));
  }

  tick(now) {
    setText(this.clock, `${calendarDay(now)} ${clockTime(now)}`);
  }
}
