// The time machine's bar: play, speeds, the slider over how much happened when, and the instant in large.

import { h, icon, setAttr, setText } from "./dom.mjs";
import { clockTime } from "./format.mjs";
import { density } from "./reel.mjs";
import { t } from "./words.mjs";

/** How many times faster than it was. */
export const SPEEDS = [1, 10, 60, 600];
const PLAY = "M7 4l13 8-13 8z";
const PAUSE = "M6 4h4v16H6zM14 4h4v16h-4z";
const PREVIOUS = "M6 4h3v16H6zM20 4v16L9 12z";
const NEXT = "M15 4h3v16h-3zM4 4l11 8-11 8z";
const PARTS = 288; // five minutes each of a day

/** The bar in its place. */
export class ReplayBar {
  constructor(root, { onSeek, onPlay, onBeside, onSpeed }) {
    const button = (path, label, act) => h("button", { type: "button", class: "icon-button", title: label, "aria-label": label, onclick: act }, icon(path, 20));
    this.play = button(PLAY, t("replay.play"), onPlay);
    this.slider = h("input", { type: "range", min: 0, max: 1, step: 1000, value: 0, "aria-label": t("replay.slider"), oninput: () => onSeek(Number(this.slider.value)) });
    this.canvas = h("canvas", { class: "density", width: PARTS * 4, height: 40, "aria-hidden": "true" });
    this.from = h("span", { class: "num dim" });
    this.to = h("span", { class: "num dim" });
    this.instant = h("time", { class: "replay-now num" });
    this.day = h("span", { class: "dim" });
    this.onSpeed = onSpeed;
    this.speeds = SPEEDS.map((speed, i) => h("button", { type: "button", class: "filter", "aria-pressed": "false", title: t("replay.speed", { n: speed, key: i + 1 }), text: `×${speed}`, onclick: () => this.choose(speed) }));
    root.append(
      h("div", { class: "replay-when" }, this.instant, this.day),
      h("div", { class: "replay-buttons" }, button(PREVIOUS, t("replay.previous"), () => onBeside(-1)), this.play, button(NEXT, t("replay.next"), () => onBeside(1))),
      h("div", { class: "replay-speeds", role: "group", "aria-label": t("replay.speeds") }, this.speeds),
      h("div", { class: "replay-track" }, this.canvas, this.slider, h("div", { class: "replay-ends" }, this.from, this.to)),
      h("p", { class: "replay-keys dim", text: t("replay.keys") }));
  }

  choose(speed) {
    this.onSpeed(speed);
    this.drawSpeed(speed);
  }

  drawSpeed(speed) {
    this.speeds.forEach((button, i) => setAttr(button, "aria-pressed", String(SPEEDS[i] === speed)));
  }

  /** Take a reel: its ends, and how much happened when. */
  show(reel) {
    setAttr(this.slider, "min", String(reel.since));
    setAttr(this.slider, "max", String(reel.until));
    setText(this.from, clockTime(reel.since).slice(0, 5));
    setText(this.to, clockTime(reel.until - 1).slice(0, 5));
    const parts = density(reel.times, reel.since, reel.until, PARTS);
    const most = Math.max(1, ...parts);
    const draw = this.canvas.getContext("2d");
    draw.clearRect(0, 0, this.canvas.width, this.canvas.height);
    draw.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
    parts.forEach((n, i) => n && draw.fillRect(i * 4, 40 - Math.max(4, (n / most) * 40), 3, 40));
  }

  draw({ at, playing, speed, day }) {
    this.slider.value = at;
    setAttr(this.slider, "aria-valuetext", clockTime(at));
    setText(this.instant, clockTime(at));
    setText(this.day, day);
    setAttr(this.play.firstChild.firstChild, "d", playing ? PAUSE : PLAY);
    setAttr(this.play, "aria-label", t(playing ? "replay.pause" : "replay.play"));
    this.drawSpeed(speed);
  }
}
