// A card of figures on the wall that the server counts: asked for again and again, dimmed once it is too old to be believed.

import { h, setAttr, setText } from "./dom.mjs";
import { t } from "./words.mjs";

const OLD_AFTER = 3; // answers missed in a row

/** One card. `read` brings what the server says, `figuresOf` makes of it {figures: [{name, text, bad}], note}; names are words of the wall. */
export class AskedCard {
  constructor(root, { title, every_ms, read, figuresOf, nothing, kind }) {
    Object.assign(this, { every_ms, read, figuresOf, kind, askedAt: -Infinity, toldAt: -Infinity });
    this.note = h("span", { class: "num" });
    this.list = h("dl", { class: "asked-figures" });
    this.none = h("p", { class: "dim", text: nothing });
    this.card = h("section", { class: `card asked ${kind}`, hidden: true }, h("h3", {}, title, " ", this.note), this.list, this.none);
    root.append(this.card);
  }

  /** Ask at the next tick. */
  again() {
    this.askedAt = -Infinity;
  }

  /** Once a second. */
  tick(now) {
    setAttr(this.card, "class", `card asked ${this.kind}${now - this.toldAt > OLD_AFTER * this.every_ms ? " is-old" : ""}`);
    if (now - this.askedAt < this.every_ms) return;
    this.askedAt = now;
    this.read().then((told) => this.draw(told, now), () => {});
  }

  draw(told, now) {
    this.toldAt = now;
    const { figures, note = "" } = this.figuresOf(told);
    this.card.hidden = false;
    setText(this.note, note);
    const line = ({ name, text, bad }) => h("div", { class: bad ? "is-late" : "" }, h("dd", { class: "num", text }), h("dt", { text: t(`wall.${name}`) }));
    this.list.replaceChildren(...figures.map(line));
    this.list.hidden = !figures.length;
    this.none.hidden = figures.length > 0;
  }
}
