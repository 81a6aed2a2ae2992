// What a recommendation says in words: reasons, needs, networks, minutes. Codes and figures come from the server.

import { age, distance } from "./format.mjs";
import { coded, language, t } from "./words.mjs";

/** Reasons that count against a unit: they are marked, with by how much. */
export const SPOKEN = new Set(["position_stale", "last_seen_in_hole", "silent_in_reach", "called_in", "last_cover", "worked", "straight"]);

/** A named thing in the page's language. */
export const own = (row, name) => (language() === "en" && row[`${name}_en`]) || row[`${name}_zh`] || row[name] || "";

/** A unit's name in the page's language. */
export const unitName = (row) => (language() === "en" && row.name_en) || row.name || row.unit;

/** Seconds as minutes of the road: 3.2 min, or why there are none. */
export const minutes = (seconds) => (seconds === null ? t("format.none") : t("reach.minutes", { n: (seconds / 60).toFixed(1) }));

/** A reason in words; what counted against the unit says by how much. */
export function reasonText({ code, n, seconds, metres, cost_s: cost, ...row }) {
  const values = { n, age: Number.isFinite(seconds) ? age(1000 * seconds) : "", minutes: Number.isFinite(seconds) ? minutes(seconds) : "", away: Number.isFinite(metres) ? distance(metres) : "", word: own(row, "word") };
  const told = t(`recommend.reason.${code}`, values);
  return SPOKEN.has(code) && cost ? t("recommend.counted", { told, minutes: (cost / 60).toFixed(0) }) : told;
}

/** What a need asks for: 堵漏抢修 · 抢修队 · 燃气抢修 ×2 */
export function needText(need, names) {
  const make = [need.kind && coded("unit_kind", need.kind), own(need, "skill"), !need.kind && !need.skill && need.department && names.department(need.department)].filter(Boolean);
  return [own(need, "role"), ...make].filter(Boolean).join(" · ") + (need.count > 1 ? ` ×${need.count}` : "");
}

/** The networks at the scene in one line, or that nobody knows. */
export function reachText({ known, hole, networks }) {
  if (!known) return t("recommend.reach_unknown");
  const heard = networks.map((one) => `${coded("operator.short", one.operator)} ${one.technology} ${one.rsrp_dbm === null ? t("recommend.no_signal") : `${one.rsrp_dbm} dBm`}`).join(t("format.comma"));
  return t(hole ? "recommend.reach_hole" : "recommend.reach", { heard });
}
