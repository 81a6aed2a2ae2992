// A history drawn as what it is: the band from least to most, the mean within it, limits, and gaps left open.

import { clockTime, parts } from "./format.mjs";
import { t } from "./words.mjs";

const MARGIN = { left: 52, right: 12, top: 10, bottom: 22 };
const GAP = 2.5; // so many bucket widths without a word are a gap
const STANDS_OUT_PX = 6;

/** The extent of values over buckets and limits, a little wider than they are; null where nothing is good. */
export function extentOf(buckets, limits = []) {
  let [low, high] = [Infinity, -Infinity];
  for (const [, least, most] of buckets) {
    if (least !== null && least < low) low = least;
    if (most !== null && most > high) high = most;
  }
  if (low > high) return null;
  for (const limit of limits) if (limit !== null && limit !== undefined) [low, high] = [Math.min(low, limit), Math.max(high, limit)];
  const pad = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - pad, high + pad];
}

/** The stretches of buckets without a gap between them. */
export function stretches(buckets, widthMs) {
  const found = [];
  let last = -Infinity;
  for (const bucket of buckets) {
    if (bucket[1] === null) continue;
    if (bucket[0] - last > GAP * widthMs || !found.length) found.push([]);
    found.at(-1).push(bucket);
    last = bucket[0];
  }
  return found;
}

/** Extremes that stand out of both neighbours' by more than `tall`: narrower than a pixel, the band alone would hide them. */
export function peaks(stretch, tall) {
  return stretch.flatMap(([ms, least, most, mean], i) => {
    const beside = [stretch[i - 1], stretch[i + 1]].filter(Boolean);
    if (!beside.length) return [];
    const above = most - Math.max(...beside.map((one) => one[2])) > tall;
    const below = Math.min(...beside.map((one) => one[1])) - least > tall;
    return [...(above ? [[ms, mean, most]] : []), ...(below ? [[ms, mean, least]] : [])];
  });
}

/** Round steps between two values: about `wanted` of them. */
export function ticks(low, high, wanted) {
  const raw = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((n) => n * power).find((one) => one >= raw) ?? 10 * power;
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step / 1e6; at += step) found.push(Number(at.toPrecision(12)));
  return found;
}

function timeLabel(ms, spanMs) {
  const p = parts(ms);
  if (spanMs > 3 * 86_400_000) return `${p.month}-${p.day}`;
  return spanMs > 86_400_000 ? `${p.day} ${p.hour}:${p.minute}` : clockTime(ms).slice(0, 5);
}

/** A chart on a canvas. */
export class SensorChart {
  constructor(canvas) {
    this.canvas = canvas;
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  /** Show buckets [ms, least, most, mean, good, bad] of [from, to], with the channel's limits. */
  set({ buckets, from, to, widthMs, low, high, unit }) {
    Object.assign(this, { buckets, from, to, widthMs, low, high, unit });
    this.draw();
  }

  draw() {
    const { canvas } = this;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (!width || !this.buckets) return;
    Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    pen.font = `11px ${colour("--font")}`;
    const extent = extentOf(this.buckets, [this.low, this.high]);
    if (!extent) {
      pen.fillStyle = colour("--text-faint");
      pen.textAlign = "center";
      pen.fillText(t("sensors.no_history"), width / 2, height / 2);
      return;
    }
    const x = (ms) => MARGIN.left + ((ms - this.from) / (this.to - this.from)) * (width - MARGIN.left - MARGIN.right);
    const y = (value) => height - MARGIN.bottom - ((value - extent[0]) / (extent[1] - extent[0])) * (height - MARGIN.top - MARGIN.bottom);
    this.axes(pen, colour, { x, y, width, height, extent });
    const tall = (STANDS_OUT_PX * (extent[1] - extent[0])) / (height - MARGIN.top - MARGIN.bottom);
    for (const stretch of stretches(this.buckets, this.widthMs)) {
      this.stretch(pen, colour, stretch, x, y);
      this.peaks(pen, colour, peaks(stretch, tall), x, y);
    }
    for (const limit of [this.low, this.high]) if (limit !== null && limit !== undefined) this.limit(pen, colour, y(limit), width);
  }

  axes(pen, colour, { x, y, width, height, extent }) {
    pen.strokeStyle = colour("--line");
    pen.fillStyle = colour("--text-faint");
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const value of ticks(...extent, 4)) {
      pen.beginPath();
      pen.moveTo(MARGIN.left, y(value));
      pen.lineTo(width - MARGIN.right, y(value));
      pen.stroke();
      pen.fillText(String(value), MARGIN.left - 6, y(value));
    }
    pen.textAlign = "center";
    pen.textBaseline = "alphabetic";
    const count = Math.max(2, Math.floor((width - MARGIN.left) / 90));
    for (let i = 0; i <= count; i += 1) {
      const ms = this.from + ((this.to - this.from) * (i + 0.5)) / (count + 1);
      pen.fillText(timeLabel(ms, this.to - this.from), x(ms), height - 6);
    }
  }

  stretch(pen, colour, stretch, x, y) {
    pen.fillStyle = colour("--accent");
    pen.globalAlpha = 0.28;
    pen.beginPath();
    stretch.forEach(([ms, , most], i) => (i ? pen.lineTo(x(ms), y(most)) : pen.moveTo(x(ms), y(most))));
    for (const [ms, least] of [...stretch].reverse()) pen.lineTo(x(ms), y(least));
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = colour("--accent");
    pen.lineWidth = 1.5;
    pen.beginPath();
    stretch.forEach(([ms, , , mean], i) => (i ? pen.lineTo(x(ms), y(mean)) : pen.moveTo(x(ms), y(mean))));
    if (stretch.length === 1) pen.arc(x(stretch[0][0]), y(stretch[0][3]), 1.5, 0, 7);
    pen.stroke();
  }

  peaks(pen, colour, found, x, y) {
    pen.strokeStyle = colour("--accent");
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (const [ms, from, to] of found) {
      pen.moveTo(x(ms), y(from));
      pen.lineTo(x(ms), y(to));
    }
    pen.stroke();
  }

  limit(pen, colour, at, width) {
    pen.strokeStyle = colour("--late");
    pen.lineWidth = 1;
    pen.setLineDash([5, 4]);
    pen.beginPath();
    pen.moveTo(MARGIN.left, at);
    pen.lineTo(width - MARGIN.right, at);
    pen.stroke();
    pen.setLineDash([]);
  }
}
