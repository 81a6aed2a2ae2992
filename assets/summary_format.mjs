// How figures are written: shares with one decimal, durations in words, nothing for 0/0; and their trends as small lines. Pure.

import { duration, number, percent } from "./format.mjs";
import { t } from "./words.mjs";

const SVG = "http://www.w3.org/2000/svg";
const STEPS = 5;

/** Why something could not be asked, in words. */
export const problemText = (failure) => failure.message || t(failure.passing ? "error.unanswered" : "error.unknown");

/** Whether a duration is so short that seconds would not tell it. */
const inMilliseconds = (seconds) => seconds > 0 && seconds < 1;

/** A value in an indicator's unit; a dash where there is none. */
export function valueText(row, value = row.value) {
  if (value === null || value === undefined) return t("summary.none");
  if (row.measure === "share") return percent(value);
  if (row.measure === "duration") return inMilliseconds(value) ? t("summary.ms", { ms: Math.round(value * 1000) }) : duration(value * 1000);
  if (row.measure === "ratio") return value.toFixed(1) + (row.unit.startsWith(":") ? row.unit : "");
  const whole = number(Math.round(value));
  return ["min", "person-min"].includes(row.unit) ? t(`summary.unit.${row.unit}`, { n: whole }) : whole;
}

/** A change as it is shown: points of a share, whole seconds or (where all is that short) milliseconds, else one decimal. */
function rounded(row, by, largest) {
  if (row.measure === "share") return Math.round(by * 1000) / 10;
  if (row.measure === "ratio") return Math.round(by * 10) / 10;
  if (row.measure !== "duration") return Math.round(by);
  return inMilliseconds(largest) ? Math.round(by * 1000) / 1000 : Math.round(by);
}

/** How a figure stands against the span before: what changed, and whether that is good, bad or neither. */
export function change(row) {
  const was = row.before?.value;
  if (was === null || was === undefined || row.value === null) return { text: "", way: "none" };
  const by = row.value - was;
  const shown = rounded(row, by, Math.max(row.value, was));
  if (shown === 0) return { text: t("summary.same"), way: "same" };
  const amount = row.measure === "share" ? t("summary.points", { n: Math.abs(shown).toFixed(1) }) : valueText(row, Math.abs(shown));
  const good = row.better === "" ? "none" : (by > 0) === (row.better === "up") ? "good" : "bad";
  return { text: `${by > 0 ? "▲" : "▼"} ${amount}`, way: good };
}

/** The points of a trend in a box, null where a span has no value. */
export function trendPoints(values, width, height) {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values.map((value, i) => (value === null ? null : [i * step, high === low ? height / 2 : height - ((value - low) / (high - low)) * height]));
}

/** A trend as a line that breaks where there is nothing; its last point is marked. */
export function sparkline(values, width = 120, height = 28) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `-3 -3 ${width + 6} ${height + 6}`);
  svg.setAttribute("class", "spark");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("preserveAspectRatio", "none");
  if (!values.some((value) => value !== null)) return svg;
  const points = trendPoints(values, width, height);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", points.map((p, i) => (p ? `${i && points[i - 1] ? "L" : "M"}${p[0].toFixed(1)} ${p[1].toFixed(1)}` : "")).join(""));
  path.setAttribute("vector-effect", "non-scaling-stroke");
  svg.append(path);
  const last = points.at(-1);
  if (last) svg.append(dot(last));
  return svg;
}

/** A line of no length with round ends: a circle that stays one where the picture is stretched. */
function dot([x, y]) {
  const path = document.createElementNS(SVG, "path");
  for (const [name, value] of Object.entries({ d: `M${x.toFixed(1)} ${y.toFixed(1)}h0`, class: "dot", "vector-effect": "non-scaling-stroke" })) path.setAttribute(name, value);
  return path;
}

/** Which of five classes each value falls in, by equal steps between the least and the greatest; null stays null. */
export function classes(values) {
  const known = values.filter((value) => value !== null && value !== undefined);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return values.map((value) => {
    if (value === null || value === undefined) return null;
    return high === low ? Math.ceil(STEPS / 2) : 1 + Math.min(STEPS - 1, Math.floor(((value - low) / (high - low)) * STEPS));
  });
}

/** What was left out, in words; empty where nothing was. */
export function leftOut(counts) {
  return Object.entries(counts).filter(([, n]) => n > 0).map(([name, n]) => t(`summary.out.${name}`, { n: number(n) })).join(" · ");
}
