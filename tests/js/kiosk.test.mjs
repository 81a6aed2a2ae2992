import assert from "node:assert/strict";
import test from "node:test";

import { openWall, outcome, tokenOf } from "../../assets/kiosk.mjs";

const TOKEN = `onw_${"0".repeat(26)}_${"a".repeat(64)}`;

function opening(statuses, hash = `#${TOKEN}`) {
  const seen = { sent: [], said: [], went: [], waited: 0 };
  const send = async (path, { body }) => {
    seen.sent.push([path, body.get("token")]);
    const status = statuses.shift();
    if (!status) throw new TypeError("nobody there");
    return { status };
  };
  const done = openWall({ hash, search: "?scene=incidents", send, say: (key) => seen.said.push(key), go: (path) => seen.went.push(path), wait: async () => { seen.waited += 1; } });
  return done.then(() => seen);
}

test("only a whole token is taken out of an address", () => {
  assert.equal(tokenOf(`#${TOKEN}`), TOKEN);
  for (const hash of ["", "#", `#${TOKEN}x`, "#onw_", "#overview"]) assert.equal(tokenOf(hash), "");
});

test("a wall that starts before its server waits for it and then opens its scene", async () => {
  const seen = await opening([0, 503, 429, 204]);
  assert.deepEqual(seen.sent, Array(4).fill(["/kiosk", TOKEN]));
  assert.deepEqual([seen.said, seen.went, seen.waited], [["waiting", "waiting", "waiting"], ["/wall?scene=incidents"], 3]);
});

test("a revoked token is told and not tried again", async () => {
  const seen = await opening([422]);
  assert.deepEqual([seen.said, seen.went, seen.sent.length], [["refused"], [], 1]);
});

test("an address without its token asks nothing", async () => {
  const seen = await opening([], "");
  assert.deepEqual([seen.said, seen.sent], [["incomplete"], []]);
});

test("what the server could not answer is asked again, what it refuses is not", () => {
  assert.deepEqual([0, 204, 401, 413, 429, 500, 503].map(outcome), ["again", "open", "refused", "refused", "again", "again", "again"]);
});
