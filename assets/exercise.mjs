// What is only an exercise (演练) is called so wherever it stands, and stands behind what is real. Pure but for the flag.

import { h } from "./dom.mjs";
import { t } from "./words.mjs";

/** How many cases of a state are exercises, and whether all of them are. */
export function exercises(rows) {
  const all = [...rows];
  const n = all.filter((row) => row.exercise).length;
  return { n, only: n > 0 && n === all.length };
}

/** What is real stands before what is only an exercise, each in its own order. */
export const realFirst = (rows) => [...rows.filter((row) => !row.exercise), ...rows.filter((row) => row.exercise)];

/** The flag beside a line of an exercise; nothing beside a real one. */
export const drill = (row) => row.exercise && h("em", { class: "flag is-exercise", text: t("case.exercise") });
