// Two sources that agree: the field of an all-clear, each source written kind:id as the API takes it.

import { h } from "./dom.mjs";
import { choice } from "./pickers.mjs";
import { t } from "./words.mjs";

const KINDS = ["unit", "sensor", "report", "person"];

/** The sources written down: those without a name are left out. */
export const sources = (rows) => rows.filter(({ name }) => name.trim()).map(({ kind, name }) => `${kind}:${name.trim()}`);

/** Two lines of kind and name; a unit of the case stands in the first beforehand. */
export function evidence(row, names) {
  const first = row.units[0] ?? "";
  const list = h("datalist", { id: "evidence-units" }, row.units.map((id) => h("option", { value: id, text: names.unit(id) })));
  const lines = [["unit", first], ["sensor", ""]].map(([kind, name]) => {
    const select = choice(KINDS.map((value) => ({ value, label: t(`evidence.${value}`) })), { value: kind });
    const input = h("input", { type: "text", value: name, list: "evidence-units", placeholder: t("evidence.hint"), "aria-label": t("argument.evidence") });
    return { select, input, element: h("div", { class: "evidence-line" }, select.element, input) };
  });
  return { element: h("div", { class: "evidence" }, list, lines.map(({ element }) => element)), focus: () => lines[0].input.focus(),
    value: () => sources(lines.map(({ select, input }) => ({ kind: select.value(), name: input.value }))),
    set: (list) => lines.forEach(({ select, input }, i) => {
      const [kind, name] = (list[i] ?? "").split(/:(.*)/s);
      if (kind) select.set(kind);
      input.value = name ?? "";
    }) };
}
