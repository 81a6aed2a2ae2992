// What is brought, not counted: the evaluation sheet with how much of it stands, industry, the digital supply chain; and bringing it.

import { Problem, getJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { number } from "./format.mjs";
import { ImportCard } from "./import_sheet.mjs";
import { nameOf } from "./names.mjs";
import { problemText } from "./summary_format.mjs";
import { language, t } from "./words.mjs";

const SETS = ["evaluation", "industry", "supply_chain"];
const CALL_COLUMNS = "id line rang_at answered_at";
const ORDER_COLUMNS = "number received_at department town sign_due_at signed_at due_at closed_at visited_at responded solved satisfied redone exempt";
const COLUMNS = "set code parent name_zh name_en value unit period source indicator";

/** The newest value of each indicator of a set, in the order of their codes, with the one before it. */
export function newestOf(items, set) {
  const found = new Map();
  for (const item of items.filter((one) => one.set === set)) {
    const known = found.get(item.code);
    if (!known || item.period > known.period) found.set(item.code, { ...item, before: known ?? null });
    else if (!known.before || item.period > known.before.period) found.set(item.code, { ...known, before: item });
  }
  const parts = (code) => code.split(".").map((part) => part.padStart(4, "0")).join(".");
  return [...found.values()].sort((a, b) => (parts(a.code) < parts(b.code) ? -1 : 1));
}

/** How deep a code lies: A is 1, A.1 is 2. */
export const levelOf = (code) => code.split(".").length;

const shown = (item) => (item?.value === null || item?.value === undefined ? t("summary.none") : `${number(item.value)} ${item.unit}`.trim());

function line(item) {
  return h("tr", { class: `level-${levelOf(item.code)}` },
    h("th", { scope: "row" }, h("span", { class: "mono dim", text: item.code }), ` ${nameOf(item, item.code, language())}`),
    h("td", { class: "num" }, h("b", { text: shown(item) }), item.counted && h("small", { class: "dim", text: t("brought.counted", { id: item.indicator }) })),
    h("td", { class: "num dim", text: item.before ? shown(item.before) : "" }), h("td", { class: "num", text: item.period }), h("td", { class: "dim", text: item.source }));
}

function table(items, set, sheet, may) {
  const rows = newestOf(items, set);
  const whole = set === "evaluation" && h("p", { class: "dim num", text: t("brought.sheet", Object.fromEntries(sheet.flatMap((one) => [[`k${one.level}`, one.known], [`w${one.level}`, one.whole]]))) });
  const heads = [["figure", false], ["value", true], ["before", true], ["period", true], ["source", false]];
  const filled = h("table", { class: "figures" }, h("thead", {}, h("tr", {}, heads.map(([name, num]) => h("th", { scope: "col", class: num ? "num" : "", text: t(`brought.column.${name}`) })))), h("tbody", {}, rows.map(line)));
  return h("div", { class: "group" }, h("h3", { text: t(`brought.set.${set}`) }), whole, rows.length ? filled : h("p", { class: "empty", text: t(may ? "brought.empty" : "brought.empty_elsewhere") }));
}

/** The section. */
export async function drawEvaluation(place, { viewer, onBrought = () => {} }) {
  const body = h("div", { class: "groups" });
  const may = viewer.permissions.includes("figures.import");
  const load = async () => {
    try {
      const { items, sheet } = await getJson("/api/v1/figures/imported");
      body.replaceChildren(...SETS.map((set) => table(items, set, sheet, may)));
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      body.replaceChildren(h("p", { class: "empty", role: "alert", text: problemText(failure) }));
    }
  };
  const sheet = (what, accept, columns, onDone) => h("details", { class: "bring" }, h("summary", { class: "link", text: t(`brought.bring.${what}`) }), new ImportCard({ what, accept, columns, onDone }).element);
  const cards = may && h("div", { class: "brings" }, sheet("figures", ".csv", COLUMNS, load), sheet("calls", ".csv,.xlsx", CALL_COLUMNS, onBrought), sheet("hotline", ".csv,.xlsx", ORDER_COLUMNS, onBrought));
  place.replaceChildren(h("div", { class: "section-head" }, h("h2", { text: t("summary.evaluation") }), h("small", { class: "dim", text: t("brought.aligned") })), body, cards || "");
  await load();
}
