// How the county runs today, on the wall: how fast help arrives, what is heard of the sensors, how the networks stand.

import { getJson } from "./api.mjs";
import { duration, number, percent } from "./format.mjs";
import { AskedCard } from "./wall_asked.mjs";
import { countedNote } from "./wall_figures.mjs";
import { t } from "./words.mjs";

const ASKED_EVERY_MS = 60_000;

/** Today's total response (C05) as words: P50, P90 and the share within its target; empty where nobody has arrived yet. */
export function responseFigures({ n, percentiles, within }) {
  if (!n) return [];
  const time = (s) => (s === undefined ? t("format.none") : duration(1000 * s));
  return [
    { name: "response_p50", text: time(percentiles.p50) },
    { name: "response_p90", text: time(percentiles.p90) },
    { name: "response_within", text: percent(within) },
  ];
}

/** Sensors online (V01), people in weak coverage (V05) and sites out of service as words; what has no source is not shown. */
export function networkFigures({ sensors, weak, outages }) {
  const share = (name, figure) => (figure && !figure.no_source ? [{ name, text: percent(figure.value) }] : []);
  const out = outages ? [{ name: "sites_out", text: number(outages.length), bad: outages.length > 0 }] : [];
  return [...share("sensors_online", sensors), ...share("weak_people", weak), ...out];
}

const figure = (id) => getJson(`/api/v1/figures/${id}?compare=none`);

/** What a viewer may ask for; the rest is null. */
async function readNetworks(permissions) {
  const may = (permission, read) => (permissions.includes(permission) ? read() : null);
  const [sensors, weak, outages] = await Promise.all([figure("V01"), figure("V05"), may("coverage.read", () => getJson("/api/v1/outages").then(({ items }) => items))]);
  return { sensors, weak, outages };
}

/** The cards, each asked for once a minute. */
export function runningCards(root, { permissions }) {
  return [
    new AskedCard(root, {
      kind: "response",
      title: t("wall.response_today"),
      every_ms: ASKED_EVERY_MS,
      read: () => figure("C05"),
      figuresOf: (told) => ({ figures: responseFigures(told), note: countedNote(told.n) }),
      nothing: t("wall.response_none"),
    }),
    new AskedCard(root, {
      kind: "networks",
      title: t("wall.networks"),
      every_ms: ASKED_EVERY_MS,
      read: () => readNetworks(permissions),
      figuresOf: (told) => ({ figures: networkFigures(told) }),
      nothing: t("wall.networks_none"),
    }),
  ];
}
