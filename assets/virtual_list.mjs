// A list of any length that keeps only the rows in sight as elements, patched in place.

import { h } from "./dom.mjs";

const SPARE = 6;

/** Which rows are in sight: first and last index. */
export function inSight(scrollTop, height, rowHeight, count) {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - SPARE);
  const last = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + SPARE);
  return { first, last };
}

/** How far to scroll so that row `index` is wholly in sight; the present place where it already is. */
export function scrollFor(index, scrollTop, height, rowHeight) {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}

/** Draws items with `make()` (an empty row element) and `patch(element, item, index)`. */
export class VirtualList {
  constructor(root, { rowHeight, make, patch }) {
    Object.assign(this, { root, rowHeight, make, patch });
    this.items = [];
    this.pool = [];
    this.placed = []; // at which index each element stands
    this.spacer = h("div", { class: "spacer" });
    root.append(this.spacer);
    root.addEventListener("scroll", () => this.later(), { passive: true });
    new ResizeObserver(() => this.later()).observe(root);
  }

  /** Show these items. */
  set(items) {
    this.items = items;
    this.spacer.style.height = `${items.length * this.rowHeight}px`;
    this.draw();
  }

  later() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw(true);
    });
  }

  /** Patch the rows in sight; where the list has only `moved`, those that came into sight. */
  draw(moved = false) {
    const { first, last } = inSight(this.root.scrollTop, this.root.clientHeight, this.rowHeight, this.items.length);
    const needed = last - first;
    while (this.pool.length < needed) this.grow();
    this.pool.forEach((element, i) => {
      const index = first + ((i - (first % this.pool.length) + this.pool.length) % this.pool.length);
      const shown = index < last;
      const stays = this.placed[i] === index;
      if (moved && stays && shown === !element.hidden) return;
      element.hidden = !shown;
      if (!shown) return;
      if (!stays) element.style.transform = `translateY(${index * this.rowHeight}px)`;
      this.placed[i] = index;
      this.patch(element, this.items[index], index);
    });
  }

  grow() {
    const element = this.make();
    element.classList.add("virtual");
    this.pool.push(element);
    this.spacer.append(element);
  }

  /** Bring an index into sight. */
  reveal(index) {
    if (index < 0) return;
    this.root.scrollTop = scrollFor(index, this.root.scrollTop, this.root.clientHeight, this.rowHeight);
    this.draw();
  }
}
