// The case panel: drawn from the live row at once, filled from the API, drawn anew when the row's version moves on.

import { getJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { CaseActions } from "./case_actions.mjs";
import { CaseAssignments } from "./case_assignments.mjs";
import { CaseDuplicates } from "./case_duplicates.mjs";
import { CasePlan } from "./case_plan.mjs";
import { Coordination, approvalCard } from "./case_coordination.mjs";
import { clockOfRow, clocksOf, episodeOf } from "./case_steps.mjs";
import * as parts from "./case_parts.mjs";
import { ReceptionLine } from "./coverage_chip.mjs";
import { Recommendation } from "./recommendation.mjs";
import { t } from "./words.mjs";

const SKELETON_AFTER_MS = 300;
const ENDED = new Set(["CLOSED", "REJECTED", "MERGED", "VOID"]);

/** One case beside the map. */
export class CasePanel {
  constructor(root, { names, live, onClose, actions, permissions = [], may = [], onSelect, tell, onExport, reasons = [], ways = null, area = null, onUnit }) {
    Object.assign(this, { root, names, live, onClose, onExport });
    const act = (name, preset) => this.actions.openForm(name, preset);
    this.coordination = new Coordination({ names, now: () => live.now(), act, department: actions.viewerDepartment });
    this.assignments = new CaseAssignments({ names, now: () => live.now(), permissions, department: actions.viewerDepartment, onDone: () => this.load(), onUnit });
    this.duplicates = new CaseDuplicates({ names, now: () => live.now(), may, onSelect, tell, onDone: (answer, command) => this.done(answer, command && this.actions.label(command)) });
    this.reception = new ReceptionLine({ may: permissions.includes("coverage.read") });
    this.recommendation = new Recommendation({ names, now: () => live.now(), permissions, reasons, ways, onDone: (answer, label) => this.done(answer, label) });
    this.plan = new CasePlan({ names, now: () => live.now(), permissions, area, onDone: () => this.load() });
    this.act = act;
    this.actions = new CaseActions({ ...actions, names, live, onDone: (answer, label) => this.done(answer, label) });
    this.onActed = actions.onActed;
    this.top = h("div", { class: "case-top" });
    this.middle = h("div", { class: "case-body" });
    this.element = h("article", { class: "case" }, this.top, this.middle, this.actions.element);
    this.blank();
  }

  blank() {
    this.id = null;
    this.detail = null;
    this.recommendation.clear();
    this.plan.clear();
    this.root.replaceChildren(h("div", { class: "empty big" }, h("p", { text: t("case.nothing") }), h("p", { class: "dim", text: t("case.nothing_hint") })));
  }

  /** Show a case; `row` is the live row where there is one. */
  show(id, row) {
    if (id !== this.id) {
      this.detail = null;
      this.middle.scrollTop = 0;
      this.assignments.clear();
      this.duplicates.clear();
      this.recommendation.clear();
      this.plan.clear();
      this.actions.clear();
    }
    this.id = id;
    if (this.element.parentNode !== this.root) this.root.replaceChildren(this.element);
    if (row) this.draw(row);
    this.load();
  }

  close() {
    this.controller?.abort();
    this.blank();
    this.onClose();
  }

  /** The live row of the shown case changed; null means it left the open list. */
  onRow(row) {
    if (!this.id || (row && row.version <= (this.detail?.case.version ?? 0))) return;
    clearTimeout(this.again);
    this.again = setTimeout(() => this.load(), 80);
  }

  /** Something was told of the shown case, though not by itself: a unit answered, a timer went off. */
  onNews(news) {
    if (this.id && news.some((entry) => entry.id === this.id)) this.onRow(null);
  }

  async load() {
    const id = this.id;
    this.controller?.abort();
    const controller = (this.controller = new AbortController());
    const waiting = setTimeout(() => this.detail ?? this.middle.replaceChildren(parts.skeleton()), SKELETON_AFTER_MS);
    try {
      const detail = await getJson(`/api/v1/cases/${encodeURIComponent(id)}`, controller.signal);
      if (this.id !== id) return;
      this.detail = detail;
      this.draw(detail.case);
      this.assignments.load(id);
      this.duplicates.load(detail);
      this.recommendation.load(detail);
      this.plan.load(detail);
    } catch (failure) {
      if (failure.name === "AbortError") return;
      if (failure.status === 404 && this.row?.id === id) this.leave();
      else this.fail(failure);
    } finally {
      clearTimeout(waiting);
    }
  }

  /** The case that was shown is not this person's to see any more: its department handed it back, or was let go. */
  leave() {
    const { number } = this.row;
    this.row = null;
    this.close();
    this.root.firstChild.prepend(h("p", { role: "status", text: t("case.left", { number }) }));
  }

  fail(failure) {
    this.middle.replaceChildren(h("div", { class: "empty" }, h("p", { text: failure.passing ? t("error.unanswered") : failure.message || t("error.unknown") }),
      h("button", { type: "button", class: "action", text: t("error.again"), onclick: () => this.load() })));
  }

  draw(row) {
    const now = this.live.now();
    this.row = row;
    this.element.classList.toggle("is-exercise", Boolean(row.exercise));
    this.element.dataset.watermark = t("case.exercise");
    this.top.replaceChildren(parts.head(row, this.names, () => this.close(), this.onExport), parts.stepper(row));
    const detail = this.detail;
    this.clockList = detail ? clocksOf(detail.timeline, !ENDED.has(row.state)) : [clockOfRow(row)].filter(Boolean);
    this.clockBox = h("div");
    this.noteBox = h("div");
    // A part that is put in again loses what a person stands on: an event of somebody else must not take the keyboard away.
    const stoodOn = this.middle.contains(document.activeElement) ? document.activeElement : null;
    this.middle.replaceChildren(
      this.noteBox, row.text ? h("p", { class: "case-text", text: row.text }) : "", this.reception.element,
      detail?.approval ? approvalCard(detail, this.names, now, this.act) : "",
      parts.part(t("case.clocks"), this.clockBox, parts.countedTime(detail?.clock) ?? ""),
      this.recommendation.element, this.plan.element,
      detail?.parts?.length ? parts.part(t("case.coordination"), this.coordination.draw(detail)) : "",
      this.assignments.element, this.duplicates.element,
      parts.part(t("case.facts"), parts.facts(row, this.names, now, detail ? episodeOf(detail.timeline) : 1)),
      detail?.reports.length ? parts.part(t("case.reports", { n: detail.reports.length }), parts.reports(detail.reports, now)) : "",
      detail ? parts.part(t("case.timeline"), parts.timeline(detail.timeline, this.names, now, detail.numbers)) : "");
    if (stoodOn?.isConnected) stoodOn.focus({ preventScroll: true });
    this.reception.load(row);
    if (detail) this.actions.show(row, detail.actions, detail.timeline);
    this.tick();
  }

  /** The clocks move on. */
  tick() {
    if (!this.id || !this.clockBox) return;
    const now = this.live.now();
    const { row } = this;
    const paused = row.suspended ? { remaining_s: this.detail?.clock?.remaining_s ?? null, resumes_at: row.resumes_at } : null;
    this.clockBox.replaceChildren(this.clockList.length ? parts.clocks(this.clockList, now, paused) : h("p", { class: "dim", text: t("clock.none") }));
    this.noteBox.replaceChildren(...[parts.alertNote(row.alert, now), parts.closingNote(row, now)].filter(Boolean));
    this.coordination.tick();
    this.assignments.tick();
    this.plan.tick();
  }

  done(answer, label) {
    if (answer) this.onActed(label, answer.case, answer.undo);
    this.load();
  }
}
