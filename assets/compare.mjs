// Two cases side by side: what is the same is dimmed, what differs stands out, and either may become a part of the other.

import { Problem, getJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { instant, toMs } from "./format.mjs";
import { rowPlace } from "./queue.mjs";
import { coded, t } from "./words.mjs";

/** The lines of the table: [word, text of a case]. */
export function linesOf(names, now) {
  return [
    ["duplicates.field.number", ({ row }) => row.number],
    ["queue.column.state", ({ row }) => coded("state", row.state)],
    ["queue.column.priority", ({ row }) => `${row.priority} ${t(`priority.${row.priority}`)}`],
    ["queue.column.category", ({ row }) => names.category(row.category)],
    ["duplicates.field.text", ({ row }) => row.text],
    ["queue.column.place", ({ row }) => rowPlace(row)],
    ["fact.reported_at", ({ row }) => instant(toMs(row.reported_at), now)],
    ["fact.source", ({ row }) => coded("source", row.source)],
    ["fact.lead", ({ row }) => (row.lead ? names.department(row.lead) : t("format.none"))],
    ["duplicates.field.reports", ({ row }) => String(row.reports)],
    ["duplicates.field.said", ({ reports }) => reports.slice(0, 3).map(({ text }) => text).join(" / ")],
  ];
}

/** The dialog. */
export class CompareDialog {
  constructor({ names, now, may, onMerge }) {
    Object.assign(this, { names, now, may, onMerge });
    this.dialog = h("dialog", { class: "sheet compare", "aria-label": t("duplicates.compare") });
    document.body.append(this.dialog);
  }

  async open(mine, other, why) {
    this.dialog.replaceChildren(h("h2", { text: t("duplicates.compare") }), h("p", { class: "dim", text: t("duplicates.loading") }));
    this.dialog.showModal();
    try {
      const [a, b] = await Promise.all([mine, other].map((id) => getJson(`/api/v1/cases/${encodeURIComponent(id)}`)));
      this.draw({ row: a.case, reports: a.reports }, { row: b.case, reports: b.reports }, why);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.dialog.replaceChildren(h("p", { class: "notice", text: failure.message || t("error.unanswered") }), h("div", { class: "form-foot" }, this.shut()));
    }
  }

  shut() {
    return h("button", { type: "button", class: "action", text: t("form.close"), onclick: () => this.close() });
  }

  draw(a, b, why) {
    const line = ([word, read]) => {
      const [left, right] = [read(a), read(b)];
      return h("tr", { class: left === right ? "is-same" : "" }, h("th", { scope: "row", text: t(word) }), h("td", { text: left }), h("td", { text: right }));
    };
    const merge = (from, into, label) => h("button", { type: "button", class: "action", text: t(label), onclick: () => this.onMerge(from.row, into.row) });
    this.dialog.replaceChildren(
      h("h2", { text: t("duplicates.compare") }), h("p", { class: "num", text: why }),
      h("div", { class: "compare-table" }, h("table", {}, h("thead", {}, h("tr", {}, h("td"), h("th", { scope: "col", text: t("duplicates.this") }), h("th", { scope: "col", text: t("duplicates.other") }))),
        h("tbody", {}, linesOf(this.names, this.now()).map(line), this.pictures(a, b)))),
      h("div", { class: "form-foot" }, this.may.includes("merge") && [merge(a, b, "duplicates.into_other"), merge(b, a, "duplicates.into_this")], h("div", { class: "gap" }), this.shut()));
  }

  pictures(a, b) {
    const of = ({ reports }) => reports.flatMap(({ photos = [] }) => photos).slice(0, 4);
    if (!of(a).length && !of(b).length) return null;
    const cell = (side) => h("td", {}, h("div", { class: "compare-pictures" }, of(side).map(({ url }) => h("img", { src: url, alt: t("duplicates.field.photos") }))));
    return h("tr", {}, h("th", { scope: "row", text: t("duplicates.field.photos") }), cell(a), cell(b));
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }
}
