// What a new report is made of, and what is wrong with it before anybody is asked. Pure.

import { metresBetween, number } from "./format.mjs";

/** "119.905, 30.612", with a comma of either width or none, as two numbers; null where it is not two. */
function readPair(text) {
  const numbers = text.trim().split(/[\s,\uFF0C]+/).filter(Boolean).map(Number);
  return numbers.length === 2 && numbers.every(Number.isFinite) ? numbers : null;
}

/** What is written, as [lon, lat]; null where it is not two numbers on earth. */
export function readPlace(text) {
  const [lon, lat] = readPair(text) ?? [NaN, NaN];
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;
}

/** Say whether latitude was written first: outside as it is (over most of China not even on earth), inside the county when turned round. */
export function looksSwapped(text, bbox) {
  const pair = readPair(text);
  if (!pair || !bbox) return false;
  const inside = (x, y) => x >= bbox[0] && x <= bbox[2] && y >= bbox[1] && y <= bbox[3];
  return !inside(pair[0], pair[1]) && inside(pair[1], pair[0]);
}

/** The body to post. */
export function reportBody({ text, category, place, address, phone, caller, source, lane, occurred, priority, attached }) {
  const body = { text, category, lon: place[0], lat: place[1], source: source || "phone" };
  if (address) body.address = address;
  if (phone) body.caller_phone = phone;
  if (caller) body.caller_name = caller;
  if (lane) body.lane = lane;
  if (occurred) body.occurred_at = occurred;
  if (priority) body.priority = priority;
  if (attached) body.case = attached.id;
  return body;
}

/** How many characters the server takes of each text; no field cuts off what is pasted into it, because nobody would notice. */
export const LONGEST = { text: 2000, address: 200, phone: 20, caller: 60 };

/** What cannot be sent as it is: field name to the key of its sentence and the values in it. */
export function wrongFields(values) {
  const found = {};
  for (const name of ["text", "category", "place"]) if (!values[name]) found[name] = [`report.need.${name}`];
  if (values.swapped) found.place = ["report.swapped"];
  for (const [name, longest] of Object.entries(LONGEST)) {
    const n = [...(values[name] ?? "")].length;
    if (n > longest) found[name] = ["report.too_long", { n: number(n), longest: number(longest) }];
  }
  return found;
}

/** Open cases close to a place, the same category first: for a person to judge, nothing is decided here. */
export function nearby(rows, place, category, withinM = 500, limit = 4) {
  if (!place) return [];
  return [...rows].map((row) => ({ row, away: metresBetween([row.lon, row.lat], place) })).filter(({ away }) => away <= withinM)
    .sort((a, b) => Number(b.row.category === category) - Number(a.row.category === category) || a.away - b.away).slice(0, limit);
}
