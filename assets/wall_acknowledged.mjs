// How alerts were acknowledged in the last day, on the wall: share in time, latency, misses, escalations.

import { getJson } from "./api.mjs";
import { h, setAttr, setText } from "./dom.mjs";
import { age, number, toMs } from "./format.mjs";
import { t } from "./words.mjs";

const ASKED_EVERY_MS = 30_000;
const FEW = 30;

/** The figures as words: [{name, text, bad}]; empty where nothing had to be acknowledged. */
export function acknowledgedFigures(total) {
  if (!total?.offered) return [];
  const share = total.share_in_time === null ? t("format.none") : `${(100 * total.share_in_time).toFixed(1)} %`;
  const latency = (s) => (s === null ? t("format.none") : age(1000 * s));
  const escalated = Object.values(total.escalated).reduce((sum, n) => sum + n, 0);
  return [
    { name: "ack_in_time", text: share, bad: total.missed > 0 },
    { name: "ack_p50", text: latency(total.latency_p50_s) },
    { name: "ack_p90", text: latency(total.latency_p90_s) },
    { name: "ack_missed", text: number(total.missed), bad: total.missed > 0 },
    { name: "ack_escalated", text: number(escalated), bad: escalated > 0 },
  ];
}

/** The figures' card; asked for twice a minute, and at once when an alert has ended. */
export class Acknowledged {
  constructor(root, { may }) {
    this.askedAt = -Infinity;
    this.may = may;
    if (!may) return;
    this.note = h("span", { class: "num" });
    this.list = h("dl", { class: "ack-figures" });
    this.card = h("section", { class: "card acknowledged" }, h("h3", {}, t("wall.acknowledgement"), " ", this.note), this.list);
    root.append(this.card);
  }

  /** Ask at the next tick. */
  again() {
    this.askedAt = -Infinity;
  }

  /** Once a second. */
  tick(now) {
    if (this.figures) setAttr(this.card, "class", `card acknowledged${now - toMs(this.figures.until) > 3 * ASKED_EVERY_MS ? " is-old" : ""}`);
    if (!this.may || now - this.askedAt < ASKED_EVERY_MS) return;
    this.askedAt = now;
    getJson("/api/v1/figures/acknowledgement").then((figures) => this.draw(figures), () => {});
  }

  draw(figures) {
    this.figures = figures;
    const { total } = figures;
    const few = total.acknowledged > 0 && total.acknowledged < FEW;
    setText(this.note, total.offered ? t("wall.ack_n", { n: number(total.offered) }) + (few ? ` · ${t("wall.small_n")}` : "") : "");
    const lines = acknowledgedFigures(total);
    this.list.replaceChildren(...(lines.length ? lines.map(({ name, text, bad }) => h("div", { class: bad ? "is-late" : "" }, h("dd", { class: "num", text }), h("dt", { text: t(`wall.${name}`) }))) : [h("p", { class: "dim", text: t("wall.ack_none") })]));
  }
}
