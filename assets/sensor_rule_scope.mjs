// When and where a rule holds, as people write it: "1-5 08:00-18:00; 6,7 09:00-12:00", and "lon, lat, metres".

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const WINDOW = /^(?:([1-7](?:-[1-7])?(?:[,\uff0c][1-7](?:-[1-7])?)*)\s+)?(\d{1,2})[:\uff1a](\d{2})\s*[-–]\s*(\d{1,2})[:\uff1a](\d{2})$/;

const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

function daysOf(text) {
  const days = text.split(/[,\uff0c]/).flatMap((part) => {
    const [first, last = first] = part.split("-").map(Number);
    return EVERY_DAY.filter((day) => (first <= last ? day >= first && day <= last : day >= first || day <= last));
  });
  return [...new Set(days)].sort();
}

function daysText(days) {
  const runs = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run && run.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run.join(","))).join(",");
}

/** A rule's weekly windows as text; always is nothing. */
export const showHours = (hours) => hours.map(({ weekdays, begins_min, ends_min }) => `${daysText(weekdays)} ${clock(begins_min)}-${clock(ends_min)}`).join("; ");

/** The windows that a text names; every day where it names none. */
export function readHours(text) {
  return text.split(/[;\uff1b]/).map((part) => part.trim()).filter(Boolean).map((part) => {
    const found = WINDOW.exec(part);
    if (!found) throw new SyntaxError(part);
    const [, days, ...numbers] = found;
    const [fromHour, fromMinute, toHour, toMinute] = numbers.map(Number);
    if (fromMinute > 59 || toMinute > 59) throw new SyntaxError(part);
    return { weekdays: days ? daysOf(days) : EVERY_DAY, begins_min: fromHour * 60 + fromMinute, ends_min: toHour * 60 + toMinute };
  });
}

/** A rule's geofence as text; none is nothing. */
export const showCircle = (within) => (within ? `${within.middle.lon_deg}, ${within.middle.lat_deg}, ${within.radius_m}` : "");

/** The geofence that a text names: longitude, latitude, metres; null where it names none. */
export function readCircle(text) {
  if (!text.trim()) return null;
  const numbers = text.trim().split(/[\s,\uff0c]+/).map(Number);
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) throw new SyntaxError(text);
  const [lon_deg, lat_deg, radius_m] = numbers;
  return { middle: { lon_deg, lat_deg }, radius_m };
}
