// Which warnings were in force at the instant that is shown: sign, name, ground, from when until when, and the headline.

import { h } from "./dom.mjs";
import { inForce, said, sign, statusFlag, times, title, where } from "./warnings.mjs";
import { t } from "./words.mjs";

/** What is told of those in force at an instant, the gravest first; the same as long as nothing begins, ends or is changed. */
export const standing = (rows, at) => inForce(rows.values(), at);

/** The list over the map. */
export class ReplayWarnings {
  constructor(root) {
    this.list = h("ul", { class: "replay-warnings", "aria-label": t("replay.warnings"), hidden: true });
    root.append(this.list);
    this.key = "";
  }

  /** Show what was in force at an instant. */
  set(rows, at) {
    const told = standing(rows, at);
    const key = told.map(({ id, version }) => `${id} ${version}`).join(" ");
    if (key === this.key) return;
    this.key = key;
    this.list.hidden = !told.length;
    this.list.replaceChildren(...told.map((row) => this.line(row, at)));
  }

  line(row, at) {
    const headline = said(row, "headline");
    return h("li", { class: `is-${row.colour}`, "data-warning": row.id, title: said(row, "description") },
      sign(row), h("b", {}, statusFlag(row), title(row)), h("span", { class: "dim", text: where(row) }),
      headline && h("span", { class: "replay-headline", text: headline }), h("small", { class: "dim num", text: times(row, at) }));
  }
}
