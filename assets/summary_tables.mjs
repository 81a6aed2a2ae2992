// The tables of the summary: towns, response times, departments with their scores, and every figure with its formula.

import { h } from "./dom.mjs";
import { number, percent } from "./format.mjs";
import { nameOf } from "./names.mjs";
import { change, leftOut, sparkline, valueText } from "./summary_format.mjs";
import { coded, language, t } from "./words.mjs";

export const named = (row) => nameOf(row, row.id, language());

const percentiles = (row) => ["p50", "p95", "p99"].map((name) => h("small", { class: "dim", text: `${name.toUpperCase()} ${valueText(row, row.percentiles[name] ?? null)}` }));

// It stands before the number, so that numbers stand under one another.
const few = (figure) => figure.few && h("span", { class: "few", text: t("summary.few") });

/** A figure in a cell: the value, its n below, and whether it rests on few. */
function cell(row, figure, open) {
  if (!figure) return h("td", { class: "num dim", text: t("summary.none") });
  const told = h("button", { type: "button", class: "figure-cell", onclick: open }, h("b", { text: valueText(row, figure.value) }), h("span", { class: "figure-n" }, few(figure), h("span", { class: "dim", text: t("summary.n", { n: number(figure.n) }) })));
  return h("td", { class: "num" }, told);
}

const head = (names) => h("thead", {}, h("tr", {}, names.map(([text, num], i) => h("th", { scope: "col", class: num ? "num" : "", text, "data-column": i }))));

/** A table of groups by some figures, sorted by the one that is chosen. */
export function groupTable({ groups, rows, first, nameOfGroup, onFigure, scores = null, empty }) {
  if (!groups.length) return h("p", { class: "empty", text: empty });
  const marks = new Map((scores ?? []).map((one) => [one.name, one]));
  const lines = groups.map((group) => h("tr", {},
    h("th", { scope: "row", text: nameOfGroup(group.name) }),
    scores && scoreCell(marks.get(group.name)),
    rows.map((row) => cell(row, group.figures[row.id], () => onFigure(row, group.name)))));
  const names = [[first, false], ...(scores ? [[t("summary.score"), true]] : []), ...rows.map((row) => [named(row), true])];
  return h("div", { class: "table-scroll" }, h("table", { class: "figures" }, head(names), h("tbody", {}, lines)));
}

function scoreCell(score) {
  if (!score || score.score === null) return h("td", { class: "num dim", text: t("summary.none") });
  return h("td", { class: "num", title: t("summary.weighed", { share: percent(score.weighed) }) }, h("b", { text: score.score.toFixed(1) }), h("span", { class: `grade g-${score.grade}`, text: score.grade }));
}

/** Response times by their percentiles. */
export function responseTable(rows, onFigure) {
  const line = (row) => h("tr", {},
    h("th", { scope: "row" }, h("button", { type: "button", class: "link plain", text: `${row.id} ${named(row)}`, onclick: () => onFigure(row) })),
    row.no_source ? h("td", { colspan: 5, class: "dim", text: row[`missing_${language()}`] }) : ["p50", "p90", "p95"].map((name) => h("td", { class: "num", text: valueText(row, row.percentiles[name] ?? null) })),
    !row.no_source && h("td", { class: "num", text: row.within === null ? t("summary.none") : percent(row.within) }),
    !row.no_source && h("td", { class: "num" }, few(row), number(row.n)));
  const names = [[t("summary.figure"), false], [t("summary.p50"), true], [t("summary.p90"), true], [t("summary.p95"), true], [t("summary.met"), true], ["n", true]];
  return h("table", { class: "figures" }, head(names), h("tbody", {}, rows.map(line)));
}

function notCounted(row) {
  const told = leftOut(row.left_out);
  return told && h("small", { class: "dim", text: t("summary.not_counted", { what: told }) });
}

/** Every figure of a group. */
export function catalogueTable(rows, onFigure) {
  const line = (row) => h("tr", { class: row.no_source ? "is-missing" : "" },
    h("th", { scope: "row" }, h("button", { type: "button", class: "link plain", text: `${row.id} ${named(row)}`, onclick: () => onFigure(row) }), h("small", { class: "dim", text: row[`formula_${language()}`] }), notCounted(row)),
    row.no_source ? h("td", { colspan: 4, class: "dim", text: row[`missing_${language()}`] }) : [
      h("td", { class: "num" }, few(row), h("b", { text: valueText(row) }), row.measure === "duration" && row.n > 0 && percentiles(row)),
      h("td", { class: "num dim", text: row.hits === null ? number(row.n) : t("summary.of", { hits: number(row.hits), n: number(row.n) }) }),
      h("td", { class: `num is-${change(row).way}`, text: change(row).text }),
      h("td", { class: "spark-cell" }, sparkline(row.trend.map((one) => one.value), 90, 18)),
    ]);
  const names = [[t("summary.figure"), false], [t("summary.value"), true], ["n", true], [t("summary.change"), true], [t("summary.trend"), true]];
  return h("table", { class: "figures" }, head(names), h("tbody", {}, rows.map(line)));
}

/** One card: the value, how it changed, on how many it rests, how it went. */
export function card(row, compare, onFigure) {
  const { text, way } = change(row);
  const said = text && way !== "same" ? t(compare === "year" ? "summary.before_year" : "summary.before", { change: text }) : text || (compare === "none" ? "" : t("summary.before_none"));
  return h("button", { type: "button", class: "card", onclick: () => onFigure(row) },
    h("span", { class: "card-name", text: named(row) }),
    h("span", { class: "card-value num" }, row.no_source ? h("small", { text: t("summary.no_source") }) : valueText(row), few(row)),
    h("span", { class: `card-change is-${way}`, text: said }),
    h("span", { class: "card-foot" }, h("span", { class: "num dim", text: row.hits === null ? t("summary.n", { n: number(row.n) }) : t("summary.of", { hits: number(row.hits), n: number(row.n) }) }), row.measure === "duration" && h("span", { class: "dim", text: t("summary.p90") }), sparkline(row.trend.map((one) => one.value))));
}

export const groupName = (group) => coded("summary.group", group);
