// The parts of a shift's sheet as elements: the counts, and the cases with what is said of them.

import { h } from "./dom.mjs";
import { instant, number, toMs } from "./format.mjs";
import { priorityChip } from "./marks.mjs";
import { coded, t } from "./words.mjs";

const COLUMNS = ["priority", "number", "category", "where", "state", "due", "why", "note"];

/** What is counted, in order: [[figure, word]]. */
export function countsOf(sheet) {
  return [[sheet.open, t("shift.open")], ...Object.entries(sheet.by_priority).map(([name, n]) => [n, `${name} ${coded("priority", name)}`]),
    ...Object.entries(sheet.by_why).map(([name, n]) => [n, t(`shift.why.${name}`)]), ...(sheet.exercises ? [[sheet.exercises, t("case.exercise")]] : [])];
}

/** The counts as tiles. */
export const countTiles = (sheet) => h("ul", { class: "shift-counts" }, countsOf(sheet).map(([n, word]) => h("li", {}, h("b", { class: "num", text: number(n) }), h("span", { text: word }))));

/** When a case is due, or goes on again. */
export const dueText = (item, now) => (item.due_at || item.resumes_at ? instant(toMs(item.due_at ?? item.resumes_at), now) : t("format.none"));

function row(item, { names, now, onSelect }, note) {
  return h("tr", { class: item.why.length ? "is-watched" : "" }, h("td", {}, priorityChip(item.priority)),
    h("td", {}, h("button", { type: "button", class: "link mono", text: item.number, onclick: () => onSelect(item.case_id) })),
    h("td", { text: names.category(item.category) }), h("td", { text: item.where }), h("td", { text: coded("state", item.state) }),
    h("td", { class: `num${item.why.includes("overdue") ? " is-late" : ""}`, text: dueText(item, now) }),
    h("td", { text: item.why.map((why) => t(`shift.why.${why}`)).join(t("format.comma")) }), h("td", {}, note));
}

/** A case of a sheet that is signed. */
export const sheetRow = (item, given) => row(item, given, item.note);

/** A case of a sheet that is being written: with a place for what who comes must know. */
export function draftRow(item, given) {
  const input = h("input", { type: "text", maxlength: 500, "aria-label": `${t("shift.case_note")} ${item.number}`, placeholder: t("shift.case_note"), oninput: () => given.onNote(input.value) });
  input.value = given.note ?? "";
  return row(item, given, input);
}

/** The cases as a table; what is only counted is said under it. */
export function sheetTable(rows, sheet) {
  if (!rows.length) return h("p", { class: "dim", text: t("shift.none") });
  return [h("div", { class: "shift-rows", tabindex: "0" }, h("table", {}, h("thead", {}, h("tr", {}, COLUMNS.map((name) => h("th", { scope: "col", text: t(`shift.column.${name}`) })))), h("tbody", {}, rows))),
    sheet.left_out > 0 && h("p", { class: "dim", text: t("shift.more", { n: number(sheet.left_out) }) })].filter(Boolean);
}
