import assert from "node:assert/strict";
import test from "node:test";

import { isRepeat, onePress } from "../../assets/presses.mjs";

const button = { closest: (which) => (which.includes("button.action") ? button : null) };
const stepper = { closest: () => null };

test("the second click of a double click on a button that does something is no press; a stepper's is", () => {
  assert.equal(isRepeat({ detail: 1, target: button }), false);
  assert.equal(isRepeat({ detail: 2, target: button }), true);
  assert.equal(isRepeat({ detail: 0, target: button }), false); // Enter on a button
  assert.equal(isRepeat({ detail: 3, target: stepper }), false);
});

test("nobody hears a repeated press", () => {
  let hear;
  onePress({ addEventListener: (_kind, listener, early) => { hear = early && listener; } });
  const said = [];
  const event = (detail) => ({ detail, target: button, preventDefault: () => said.push("prevented"), stopImmediatePropagation: () => said.push("stopped") });
  hear(event(1));
  assert.deepEqual(said, []);
  hear(event(2));
  assert.deepEqual(said, ["prevented", "stopped"]);
});
