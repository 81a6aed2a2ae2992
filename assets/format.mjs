// How times, durations, distances and places are written. Pure: the present instant is always handed in.

import { t, timeZone, language } from "./words.mjs";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const AMBER_SHARE = 0.8;

const pad = (n) => String(n).padStart(2, "0");
const formatters = new Map();

/** The calendar parts of an instant in the county's zone. */
export function parts(ms) {
  const zone = timeZone();
  if (!formatters.has(zone)) {
    formatters.set(zone, new Intl.DateTimeFormat("en-CA", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit", second: "2-digit", weekday: "short",
    }));
  }
  return Object.fromEntries(formatters.get(zone).formatToParts(ms).map((p) => [p.type, p.value]));
}

/** 14:03:21 */
export function clockTime(ms) {
  const p = parts(ms);
  return `${p.hour}:${p.minute}:${p.second}`;
}

/** 2026-11-22 and the weekday in words. */
export function calendarDay(ms) {
  const p = parts(ms);
  return `${p.year}-${p.month}-${p.day} ${t(`weekday.${p.weekday}`)}`;
}

/** Say whether two instants fall on one day in the county. */
export function sameDay(a, b) {
  const p = parts(a);
  const q = parts(b);
  return p.day === q.day && p.month === q.month && p.year === q.year;
}

/** 2026-11-22T14:03 by the county's clocks, as a field for an instant wants it. */
export function countyMinute(ms) {
  const p = parts(ms);
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

/** The instant that 2026-11-22T14:03 is by the county's clocks, wherever the officer's own machine believes to be. */
export function fromCountyMinute(text) {
  const said = Date.parse(`${text}Z`);
  if (!Number.isFinite(said)) return NaN; // a field takes years of six digits, which no calendar of ours has
  const away = (ms) => Date.parse(`${countyMinute(ms)}Z`) - ms;
  return said - away(said - away(said));
}

/** 14:03:21 today, 11-21 14:03 on another day, 2025-11-21 14:03 in another year. */
export function instant(ms, now) {
  if (!Number.isFinite(ms)) return t("format.none");
  const p = parts(ms);
  if (sameDay(ms, now)) return `${p.hour}:${p.minute}:${p.second}`;
  return `${p.year === parts(now).year ? "" : `${p.year}-`}${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

/** 2 分 41 秒: the two largest parts, in words. */
export function duration(ms) {
  const whole = Math.max(0, Math.floor(ms / SECOND));
  const [d, h, m, s] = [Math.floor(whole / 86400), Math.floor((whole % 86400) / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (d) return t("format.days_hours", { d, h });
  if (h) return t("format.hours_minutes", { h, m });
  if (m) return t("format.minutes_seconds", { m, s });
  return t("format.seconds", { s });
}

/** The largest part only, for ages: 3 秒, 5 分, 2 时, 4 天. */
export function age(ms) {
  const past = Math.max(0, ms);
  if (past < MINUTE) return t("format.seconds", { s: Math.floor(past / SECOND) });
  if (past < HOUR) return t("format.minutes", { m: Math.floor(past / MINUTE) });
  if (past < DAY) return t("format.hours", { h: Math.floor(past / HOUR) });
  return t("format.days", { d: Math.floor(past / DAY) });
}

/** 97.8 % with one decimal: never 100.0 % for what is not all, never 0.0 % for what is not nothing; a dash for 0/0. */
export function percent(share) {
  if (share === null || share === undefined) return t("format.none");
  const shown = share < 1 && share > 0.9995 ? 0.999 : share > 0 && share < 0.0005 ? 0.001 : share;
  return `${(shown * 100).toFixed(1)} %`;
}

/** Remaining time, narrow: 02:41, 1:02:41, 3 天 04 时; what is overdue carries a plus sign. */
export function countdown(left) {
  const sign = left < 0 ? "+" : "";
  const whole = Math.floor(Math.abs(left) / SECOND);
  const h = Math.floor(whole / 3600);
  if (h >= 48) return sign + t("format.days", { d: Math.floor(h / 24) });
  const rest = `${pad(Math.floor((whole % 3600) / 60))}:${pad(whole % 60)}`;
  return sign + (h ? `${h}:${rest}` : rest);
}

/** How a clock stands: none, ok, warn from its warning on (four fifths where none is told), late at its end. */
export function clockLevel(startedMs, dueMs, now, warnMs = NaN) {
  if (!Number.isFinite(dueMs)) return "none";
  if (now >= dueMs) return "late";
  if (Number.isFinite(warnMs)) return now >= warnMs ? "warn" : "ok";
  const share = Number.isFinite(startedMs) && dueMs > startedMs ? (now - startedMs) / (dueMs - startedMs) : 0;
  return share >= AMBER_SHARE ? "warn" : "ok";
}

/** The share of a clock that has run, 0 to 1. */
export function clockShare(startedMs, dueMs, now) {
  if (!Number.isFinite(dueMs) || !Number.isFinite(startedMs) || dueMs <= startedMs) return now >= dueMs ? 1 : 0;
  return Math.min(1, Math.max(0, (now - startedMs) / (dueMs - startedMs)));
}

/** An RFC 3339 instant as milliseconds, NaN where there is none. */
export const toMs = (text) => (text === null || text === undefined ? NaN : typeof text === "number" ? text : Date.parse(text));

/** 113.12345, 22.54321: longitude first, five decimals (about a metre). */
export function position(lon, lat) {
  return `${lon.toFixed(5)}, ${lat.toFixed(5)}`;
}

/** 850 m, 3.2 km */
export function distance(metres) {
  return metres < 1000 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`;
}

/** Great-circle metres between two longitude-latitude pairs. */
export function metresBetween([lonA, latA], [lonB, latB]) {
  const rad = Math.PI / 180;
  const halfLat = ((latB - latA) * rad) / 2;
  const halfLon = ((lonB - lonA) * rad) / 2;
  const h = Math.sin(halfLat) ** 2 + Math.cos(latA * rad) * Math.cos(latB * rad) * Math.sin(halfLon) ** 2;
  return 2 * 6371008.8 * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** 12,345 with the language's own grouping. */
export function number(n) {
  const spoken = language() === "en" ? "en" : "zh-CN";
  if (!formatters.has(spoken)) formatters.set(spoken, new Intl.NumberFormat(spoken));
  return formatters.get(spoken).format(n);
}
