import assert from "node:assert/strict";
import test from "node:test";

import { VirtualList } from "../../assets/virtual_list.mjs";

const element = () => ({ style: {}, classList: { add() {} }, hidden: false, setAttribute() {}, addEventListener() {}, append() {} });
globalThis.document = { createElement: element };
globalThis.ResizeObserver = class { observe() {} };

/** A list 400 px high over a thousand rows of 40 px, and what was patched since it was last asked. */
function made() {
  const root = { ...element(), scrollTop: 0, clientHeight: 400 };
  let patched = [];
  const list = new VirtualList(root, { rowHeight: 40, make: element, patch: (_, item, index) => patched.push([item, index]) });
  list.set(Array.from({ length: 1000 }, (_, n) => `row ${n}`));
  list.draw();
  const since = () => patched.splice(0).map(([, index]) => index).sort((a, b) => a - b);
  since();
  return { root, list, since };
}

test("scrolled by one row, only the row that came into sight is written anew", () => {
  const { root, list, since } = made();
  root.scrollTop = 4000;
  list.draw(true);
  since();
  root.scrollTop = 4040;
  list.draw(true);
  assert.equal(since().length, 1);
  list.draw(true);
  assert.deepEqual(since(), []);
});

test("wherever it is scrolled to, every row in sight is one of the items, once", () => {
  const { root, list, since } = made();
  for (const top of [0, 40, 39_600, 120, 20_000, 20_010, 0]) {
    root.scrollTop = top;
    list.draw(true);
    since();
    const placed = list.pool.map((one, i) => (one.hidden ? null : list.placed[i])).filter((one) => one !== null).sort((a, b) => a - b);
    assert.equal(new Set(placed).size, placed.length);
    for (let n = Math.floor(top / 40); n < Math.min(1000, (top + 400) / 40); n += 1) assert.ok(placed.includes(n), `row ${n} at ${top}`);
  }
});

test("news and the ticking clock write every row in sight", () => {
  const { list, since } = made();
  list.draw();
  assert.equal(since().length, 16);
});
