import assert from "node:assert/strict";
import test from "node:test";

import { MEASURES, within } from "../../assets/layout.mjs";
import { undoBody } from "../../assets/undo.mjs";

test("a measure stays within its bounds, and nonsense on the shelf is no measure", () => {
  assert.equal(within(MEASURES.queue, 9999), MEASURES.queue.most);
  assert.equal(within(MEASURES.panel, -5), MEASURES.panel.least);
  for (const odd of [null, undefined, "400", NaN, Infinity, {}]) assert.equal(within(MEASURES.queue, odd), null);
});

test("what takes a command back is sent at the version it was done at, with a reason only where one is wanted", () => {
  assert.deepEqual(undoBody({ name: "unmerge", arguments: {}, reason: false }, 4, "撤销"), { name: "unmerge", version: 4, arguments: {} });
  assert.deepEqual(undoBody({ name: "change_priority", arguments: { priority: "P3" }, reason: true }, 7, "撤销"), { name: "change_priority", version: 7, arguments: { priority: "P3", reason: "撤销" } });
});
