// The health's tab: queues, ages, dead letters and disk, asked again every five seconds while somebody looks.

import { getJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { age, clockTime, number, toMs } from "./format.mjs";
import { t } from "./words.mjs";

const ASKED_EVERY_MS = 5000;
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** 1.5 GiB */
export function bytes(n) {
  if (!Number.isFinite(n)) return t("format.none");
  const i = n ? Math.min(UNITS.length - 1, Math.floor(Math.log2(n) / 10)) : 0;
  return `${(n / 2 ** (10 * i)).toFixed(i ? 1 : 0)} ${UNITS[i]}`;
}

/** A figure of the console's health in words. */
export function figureOf({ name, value, unit }) {
  if (value === null) return t("format.none");
  if (unit === "bytes") return bytes(value);
  if (unit === "up") return t(value ? "admin.up" : "admin.down");
  if (unit === "ms") return name.startsWith("age_") ? age(value) : `${Math.round(value)} ms`;
  return number(value);
}

export class HealthTab {
  constructor(root) {
    this.at = h("span", { class: "dim num", role: "status" });
    this.cards = h("div", { class: "health-cards" });
    root.append(h("div", { class: "table-head" }, h("h2", { text: t("admin.health") }), this.at), this.cards);
  }

  async load() {
    clearTimeout(this.timer);
    const told = await getJson("/api/v1/admin/health");
    setText(this.at, t("admin.as_of", { at: clockTime(toMs(told.at)) }));
    this.cards.replaceChildren(...told.items.map((row) => h("div", { class: `health-card is-${row.level}` }, h("span", { class: "dim", text: t(`admin.health_of.${row.name}`) }), h("b", { class: "num", text: figureOf(row) }), row.level !== "ok" && h("span", { class: "badge", text: t(`admin.level.${row.level}`) }))));
    this.timer = setTimeout(() => this.load().catch(() => setText(this.at, t("error.unanswered"))), ASKED_EVERY_MS);
  }

  leave() {
    clearTimeout(this.timer);
  }
}
