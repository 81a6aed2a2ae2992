// The duplicates of the case that is open: what it may be, compared side by side, merged and parted; and what was merged into it.

import { Problem, getJson, newKey, postJson } from "./api.mjs";
import { Asking } from "./asking.mjs";
import { part } from "./case_parts.mjs";
import { CompareDialog } from "./compare.mjs";
import { h } from "./dom.mjs";
import { priorityChip } from "./marks.mjs";
import { SURE } from "./likely.mjs";
import { coded, t } from "./words.mjs";

const SHOWN = 5;
const JOINED_SHOWN = 8;
const OPEN = new Set(["NEW", "VERIFYING", "FILED", "DISPATCHED", "ACCEPTED", "ON_SCENE", "CONTROLLED", "RESOLVED", "CHECKING"]);

/** What is asked for a case: its own words, place and time. */
export const questionOf = (row) => ({ text: row.text.slice(0, 2000), lon: row.lon, lat: row.lat, category: row.category, occurred_at: row.reported_at, exercise: row.exercise, limit: SHOWN + 1 });

/** Which cases are a part of this one now, the last one merged first. */
export function joinedOf(timeline) {
  const found = new Set();
  for (const { data = {} } of timeline) {
    if (data.joined) found.add(data.joined);
    if (data.parted) found.delete(data.parted);
  }
  return [...found].reverse();
}

/** The part of the panel about duplicates; `onDone(answer, command)` is told what was done, and nothing where it was refused. */
export class CaseDuplicates {
  constructor({ names, now, may, onDone, onSelect, tell }) {
    Object.assign(this, { names, may, onDone, onSelect, tell });
    this.element = h("div", { class: "duplicates" });
    this.compare = new CompareDialog({ names, now, may, onMerge: (from, into) => this.merge(from, into) });
    this.asking = new Asking({ ask: (question, signal) => postJson("/api/v1/duplicates", question, null, signal), show: (answer) => this.heard(answer?.items ?? []), restMs: 60 });
    this.clear();
  }

  clear() {
    Object.assign(this, { row: null, likely: [], joined: [] });
    this.asking.put(null);
    this.element.replaceChildren();
  }

  /** Take a case's whole answer. */
  load({ case: row, timeline }) {
    this.row = row;
    this.joined = joinedOf(timeline);
    this.asking.put(OPEN.has(row.state) ? questionOf(row) : null);
    this.draw();
    this.nameJoined();
  }

  heard(items) {
    this.likely = items.filter(({ case: other }) => other.id !== this.row?.id).slice(0, SHOWN);
    this.draw();
  }

  draw() {
    const { likely, joined } = this;
    const shown = joined.slice(0, JOINED_SHOWN);
    this.element.replaceChildren(
      likely.length ? part(t("duplicates.likely", { n: likely.length }), h("ul", { class: "duplicate-list" }, likely.map((one) => this.likelyLine(one)))) : "",
      joined.length ? part(t("duplicates.joined", { n: joined.length }), h("ul", { class: "duplicate-list" }, shown.map((id) => this.joinedLine(id))), joined.length > shown.length && h("p", { class: "dim", text: t("duplicates.more", { n: joined.length - shown.length }) })) : "");
  }

  likelyLine({ case: other, score, why }) {
    return h("li", { class: score >= SURE ? "is-sure" : "", "data-case": other.id },
      h("button", { type: "button", class: "duplicate-what", onclick: () => this.onSelect(other.id) }, priorityChip(other.priority), h("b", { text: this.names.category(other.category) }), h("span", { class: "dim", text: coded("state", other.state) })),
      h("button", { type: "button", class: "action", text: t("duplicates.compare"), onclick: () => this.compare.open(this.row.id, other.id, why) }),
      this.may.includes("merge") && h("button", { type: "button", class: "action", "data-merge": other.id, text: t("duplicates.merge"), title: t("duplicates.merge_hint"), onclick: () => this.merge(this.row, other) }),
      h("span", { class: "likely-why num", text: why }), h("span", { class: "dim duplicate-text", text: other.text }));
  }

  joinedLine(id) {
    const other = this.known?.get(id);
    return h("li", { class: "is-joined", "data-case": id }, h("button", { type: "button", class: "duplicate-what", onclick: () => this.onSelect(id) }, other ? [priorityChip(other.priority), h("b", { text: this.names.category(other.category) }), h("span", { class: "dim mono", text: other.number })] : h("span", { class: "dim", text: "…" })),
      this.may.includes("unmerge") && other && h("button", { type: "button", class: "action", "data-part": id, text: t("duplicates.part"), onclick: () => this.part(other) }));
  }

  /** Ask for the names of what was merged: it is in no list any more. */
  async nameJoined() {
    this.known ??= new Map();
    const { row } = this;
    const unknown = this.joined.slice(0, JOINED_SHOWN).filter((id) => !this.known.has(id));
    const found = await Promise.allSettled(unknown.map((id) => getJson(`/api/v1/cases/${encodeURIComponent(id)}`)));
    for (const answer of found) if (answer.status === "fulfilled") this.known.set(answer.value.case.id, answer.value.case);
    if (unknown.length && this.row === row) this.draw();
  }

  /** Make one case a part of another. */
  merge(from, into) {
    return this.give(from, "merge", { master: into.id }, t("duplicates.merged", { from: from.number, into: into.number }));
  }

  async part(other) {
    this.known.delete(other.id);
    const { case: now } = await getJson(`/api/v1/cases/${encodeURIComponent(other.id)}`).catch(() => ({ case: other }));
    return this.give(now, "unmerge", {}, t("duplicates.parted", { number: other.number }));
  }

  async give(row, name, given, done) {
    try {
      const answer = await postJson(`/api/v1/cases/${encodeURIComponent(row.id)}/commands`, { name, version: row.version, arguments: given }, newKey());
      this.compare.close();
      if (!answer.undo) this.tell(done);
      this.onDone(answer, name);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.tell(failure.passing ? t("error.unanswered") : failure.message || t("error.unknown"), "warn");
      this.onDone();
    }
  }
}
