// How alerts were acknowledged in the last day, on the wall: share in time, latency, misses, escalations.

import { getJson } from "./api.mjs";
import { age, number, percent } from "./format.mjs";
import { AskedCard } from "./wall_asked.mjs";
import { countedNote } from "./wall_figures.mjs";
import { t } from "./words.mjs";

const ASKED_EVERY_MS = 30_000;

/** The figures as words: [{name, text, bad}]; empty where nothing had to be acknowledged. */
export function acknowledgedFigures(total) {
  if (!total?.offered) return [];
  const latency = (s) => (s === null ? t("format.none") : age(1000 * s));
  const escalated = Object.values(total.escalated).reduce((sum, n) => sum + n, 0);
  return [
    { name: "ack_in_time", text: percent(total.share_in_time), bad: total.missed > 0 },
    { name: "ack_p50", text: latency(total.latency_p50_s) },
    { name: "ack_p90", text: latency(total.latency_p90_s) },
    { name: "ack_missed", text: number(total.missed), bad: total.missed > 0 },
    { name: "ack_escalated", text: number(escalated), bad: escalated > 0 },
  ];
}

/** The card, asked for twice a minute, and at once when an alert has ended. */
export const acknowledgedCard = (root) => new AskedCard(root, {
  kind: "acknowledged",
  title: t("wall.acknowledgement"),
  every_ms: ASKED_EVERY_MS,
  read: () => getJson("/api/v1/figures/acknowledgement"),
  figuresOf: ({ total }) => ({ figures: acknowledgedFigures(total), note: countedNote(total.acknowledged) }),
  nothing: t("wall.ack_none"),
});
