// The desk's own measures: how wide queue and case are. Kept by this browser for each person,
// because a width fits a screen: another seat has another one.

import { h, setAttr } from "./dom.mjs";
import { Kept } from "./kept.mjs";
import { t } from "./words.mjs";

const STEP = 16;

/** What may be measured: its CSS variable, its bounds in px, and which way it grows. */
export const MEASURES = {
  queue: { variable: "--queue-width", least: 300, most: 720, grows: 1, element: "#queue" },
  panel: { variable: "--panel-width", least: 340, most: 860, grows: -1, element: "#panel" },
};

/** A measure within its bounds; what is no number is none. */
export function within({ least, most }, value) {
  return typeof value === "number" && Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : null;
}

/** The layout of one person's desk. */
export class Layout {
  constructor(root, { who, storage = window.localStorage, handles = ["queue", "panel"] }) {
    Object.assign(this, { root, kept: new Kept(`onenet.layout.${who}`, storage) });
    for (const name of Object.keys(MEASURES)) this.apply(name);
    for (const name of handles) root.append(this.handle(name, `splitter is-${name}`));
  }

  get sort() {
    return this.kept.get("sort") ?? "";
  }

  keepSort(sort) {
    if (sort !== this.sort) this.kept.set("sort", sort);
  }

  apply(name) {
    const measure = MEASURES[name];
    const value = within(measure, this.kept.get(name));
    if (value === null) this.root.style.removeProperty(measure.variable);
    else this.root.style.setProperty(measure.variable, `${value}px`);
  }

  set(name, value) {
    this.kept.set(name, within(MEASURES[name], value));
    this.apply(name);
    window.dispatchEvent(new Event("resize"));
  }

  present(name) {
    const kept = within(MEASURES[name], this.kept.get(name));
    return kept ?? document.querySelector(MEASURES[name].element).getBoundingClientRect().width;
  }

  /** Everything as it came. */
  reset() {
    for (const name of Object.keys(MEASURES)) {
      this.kept.set(name, null);
      this.apply(name);
    }
    window.dispatchEvent(new Event("resize"));
  }

  /** A handle to draw with mouse, pen or finger, or to move with the arrow keys; a double click takes it back. */
  handle(name, classes) {
    const { grows, least, most } = MEASURES[name];
    const element = h("div", { class: classes, role: "separator", tabindex: "0", "aria-orientation": "vertical", "aria-label": t(`layout.${name}`), "aria-valuemin": least, "aria-valuemax": most, "aria-valuenow": within(MEASURES[name], this.kept.get(name)) ?? least, title: t("layout.hint"), ondblclick: () => this.set(name, null) });
    element.addEventListener("focus", () => setAttr(element, "aria-valuenow", String(this.present(name))));
    element.addEventListener("pointerdown", (event) => {
      const [from, start] = [event.clientX, this.present(name)];
      element.setPointerCapture(event.pointerId);
      const move = (moved) => this.set(name, start + grows * (moved.clientX - from));
      element.addEventListener("pointermove", move);
      element.addEventListener("lostpointercapture", () => element.removeEventListener("pointermove", move), { once: true });
      event.preventDefault();
    });
    element.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      this.set(name, this.present(name) + grows * by);
      setAttr(element, "aria-valuenow", String(this.present(name)));
    });
    return element;
  }
}
