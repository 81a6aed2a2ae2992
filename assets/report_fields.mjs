// What a new report is made of, and what is wrong with it before anybody is asked. Pure.

import { metresBetween } from "./format.mjs";

/** "119.905, 30.612", with a comma of either width or none, as [lon, lat]; null where it is not two numbers on earth. */
export function readPlace(text) {
  const numbers = text.trim().split(/[\s,\uFF0C]+/).filter(Boolean).map(Number);
  if (numbers.length !== 2 || !numbers.every(Number.isFinite)) return null;
  const [lon, lat] = numbers;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;
}

/** Say whether a place looks as if latitude was written first: outside as it is, inside the county when turned round. */
export function looksSwapped([lon, lat], bbox) {
  const inside = (x, y) => x >= bbox[0] && x <= bbox[2] && y >= bbox[1] && y <= bbox[3];
  return Boolean(bbox) && !inside(lon, lat) && inside(lat, lon);
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

/** Which fields cannot be sent as they are: field name to the key of its sentence. */
export function missing({ text, category, place }) {
  const found = {};
  if (!text) found.text = "report.need.text";
  if (!category) found.category = "report.need.category";
  if (!place) found.place = "report.need.place";
  return found;
}

/** Open cases close to a place, the same category first: for a person to judge, nothing is decided here. */
export function nearby(rows, place, category, withinM = 500, limit = 4) {
  if (!place) return [];
  return [...rows].map((row) => ({ row, away: metresBetween([row.lon, row.lat], place) })).filter(({ away }) => away <= withinM)
    .sort((a, b) => Number(b.row.category === category) - Number(a.row.category === category) || a.away - b.away).slice(0, limit);
}
