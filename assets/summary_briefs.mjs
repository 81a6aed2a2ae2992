// Briefs: past ones to take, and a new one on demand; how far it is comes with answers that wait, not by asking again and again.

import { Problem, getJson, newKey, postJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { instant, toMs } from "./format.mjs";
import { t } from "./words.mjs";

const LISTED = 12;
const DAY_MS = 24 * 3600 * 1000;
const dayText = (ms) => new Date(ms).toISOString().slice(0, 10);

/** The days of a kind of brief before a day: yesterday, or the last whole week from Monday on. */
export function daysOf(kind, today) {
  const at = Date.parse(`${today}T00:00:00Z`);
  if (kind === "daily") return { first: dayText(at - DAY_MS), last: dayText(at - DAY_MS) };
  const monday = at - ((new Date(at).getUTCDay() + 6) % 7) * DAY_MS;
  return { first: dayText(monday - 7 * DAY_MS), last: dayText(monday - DAY_MS) };
}

/** The section. */
export class Briefs {
  constructor(place, { viewer, spanShown }) {
    Object.assign(this, { place, spanShown, may: viewer.permissions.includes("brief.make") });
    this.list = h("ul", { class: "brief-list" });
    this.said = h("p", { class: "dim", role: "status" });
    const make = (kind, text) => h("button", { type: "button", class: "action", text, onclick: () => this.order(kind) });
    const buttons = this.may ? [make("daily", t("brief.daily")), make("weekly", t("brief.weekly")), make("span", t("brief.make_span"))] : [];
    place.replaceChildren(h("div", { class: "section-head" }, h("h2", { text: t("summary.briefs") }), buttons), this.said, this.list);
    this.load();
  }

  async load() {
    try {
      const { items } = await getJson(`/api/v1/briefs?limit=${LISTED}`);
      this.list.replaceChildren(...items.map((brief) => this.line(brief)));
      this.said.textContent = items.length ? "" : t("brief.empty");
      for (const brief of items) if (brief.state === "waiting" || brief.state === "making") this.follow(brief);
    } catch (failure) {
      this.tell(failure);
    }
  }

  tell(failure) {
    if (!(failure instanceof Problem)) throw failure;
    this.said.textContent = failure.message || t(failure.passing ? "error.unanswered" : "error.unknown");
  }

  async order(kind) {
    const today = this.spanShown().today;
    const days = kind === "span" ? { first: this.spanShown().first, last: this.spanShown().last } : daysOf(kind, today);
    try {
      await postJson("/api/v1/briefs", { kind, ...days }, newKey());
      await this.load();
    } catch (failure) {
      this.tell(failure);
    }
  }

  line(brief) {
    const days = brief.first === brief.last ? brief.first : `${brief.first} – ${brief.last}`;
    const file = (form) => h("a", { class: "action", href: `/api/v1/briefs/${brief.id}/${form}`, download: "", text: t(`brief.${form}`) });
    const state = { done: () => [file("pdf"), file("xlsx")], failed: () => h("span", { class: "is-bad", text: t("brief.failed", { problem: brief.problem }) }) }[brief.state]
      ?? (() => [h("progress", { max: 100, value: brief.step, "aria-label": t("brief.making", { step: brief.step }) }), h("span", { class: "dim num", text: brief.state === "waiting" ? t("brief.waiting") : t("brief.making", { step: brief.step }) })]);
    const by = brief.scheduled ? t("brief.scheduled") : brief.ordered_by;
    const at = brief.made_at ? t("brief.by", { who: by, at: instant(toMs(brief.made_at), Date.now()) }) : by;
    const told = `${at} · ${t(`brief.language.${brief.language}`)}`;
    return h("li", { "data-id": brief.id }, h("b", { text: t(`brief.${brief.kind}`) }), h("span", { class: "num", text: days }), h("span", { class: "dim", text: told }), h("span", { class: "brief-state" }, state()));
  }

  async follow(brief) {
    let seen = brief;
    while (seen.state === "waiting" || seen.state === "making") {
      try {
        seen = await getJson(`/api/v1/briefs/${brief.id}?beyond=${seen.step}`);
      } catch (failure) {
        return this.tell(failure);
      }
      this.list.querySelector(`[data-id="${brief.id}"]`)?.replaceWith(this.line(seen));
    }
  }
}
