import assert from "node:assert/strict";
import test from "node:test";

let at = 0;
const made = [];
globalThis.EventSource = class {
  constructor(address) {
    Object.assign(this, { address, readyState: 0, closed: false });
    made.push(this);
  }

  addEventListener() {}

  close() {
    this.closed = true;
  }
};
Object.defineProperty(globalThis, "performance", { value: { now: () => at }, configurable: true });
const { Live } = await import("../../assets/live_connection.mjs");

test("a stream opened after a long silence is given its time, and is given up only after that", () => {
  const live = new Live();
  live.state = { ...live.state, seq: 7 };
  at = 600_000; // nothing was heard for ten minutes: the server was away
  live.open();
  for (const later of [20, 1_000, 19_000]) {
    at = 600_000 + later;
    live.tick();
  }
  assert.deepEqual([made.length, made[0].closed, live.standing], [1, false, "stale"]);
  at = 600_000 + 20_001;
  live.tick();
  clearTimeout(live.retry);
  assert.equal(made[0].closed, true);
});
