import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import test from "node:test";

import { SignalField, linkText, mercator, signalAt, signalFlag, unpacked, useField, weakStretches } from "../../assets/signal.mjs";
import { rowSigns, signWords } from "../../assets/queue.mjs";

const WEST = 119.5;
const NORTH = 30.1;
const [west_m, north_m] = mercator(WEST, NORTH);
const PIXEL_M = 100;

/** A county of two rows: covered, weak, hole, unknown. */
const field = () => new SignalField({ west_m, north_m, pixel_m: PIXEL_M, wide: 4, high: 2 }, Uint8Array.from([1, 2, 3, 0, 1, 2, 3, 0]));

/** The longitude so many pixels east of the corner. */
const east = (pixels) => WEST + (pixels * PIXEL_M) / (6_378_137 * Math.PI / 180);
const SOUTH = NORTH - 0.0003;

test("a place is looked up in its cell; off the raster nothing is claimed", () => {
  useField(field());
  assert.deepEqual([0.5, 1.5, 2.5, 3.5].map((x) => signalAt(east(x), SOUTH)), ["covered", "weak", "hole", "unknown"]);
  assert.equal(signalAt(east(-1), SOUTH), "unknown");
  assert.equal(signalAt(east(0.5), NORTH + 1), "unknown");
  assert.equal(signalAt(undefined, undefined), "unknown");
  useField(null);
  assert.equal(signalAt(east(2.5), SOUTH), "unknown");
});

test("the stretches of a way without signal are found with their metres, whatever its corners", () => {
  useField(field());
  const way = [[east(0.1), SOUTH], [east(1.5), SOUTH], [east(2.9), SOUTH], [east(3.9), SOUTH]];
  const found = weakStretches(way);
  assert.deepEqual(found.map(({ signal }) => signal), ["weak", "hole"]);
  const whole = PIXEL_M * Math.cos((NORTH * Math.PI) / 180); // a Mercator metre is shorter on the ground
  for (const { metres } of found) assert.ok(Math.abs(metres - whole) < 26, String(metres));
  assert.ok(found[0].line.every(([lon]) => lon >= east(0.7) && lon <= east(2.3)));
  useField(null);
  assert.deepEqual(weakStretches(way), []);
});

test("what travels packed is unpacked to the same bytes", async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, n) => n % 4);
  assert.deepEqual(await unpacked(deflateSync(bytes).toString("base64")), bytes);
});

test("a silent unit is told with what the network at its last position says of it", () => {
  useField(field());
  const unit = (x, at) => ({ kind: "engine", lon: east(x), lat: SOUTH, at });
  const now = 10_000_000;
  assert.match(linkText(unit(0.5, 0), now), /signal\.stale_covered/);
  assert.match(linkText(unit(2.5, 0), now), /signal\.stale_hole/);
  assert.match(linkText(unit(3.5, 0), now), /signal\.stale_unknown/);
  assert.match(linkText(unit(2.5, now - 1000), now), /signal\.unit.*coverage\.verdict\.hole/);
  assert.doesNotMatch(linkText(unit(0.5, now - 1000), now), /verdict/);
  useField(null);
});

test("a case without signal carries its sign in the queue and its words; one that is covered does not", () => {
  useField(field());
  assert.equal(rowSigns({ lon: east(2.5), lat: SOUTH }), "queue.sign.hole");
  assert.equal(rowSigns({ lon: east(1.5), lat: SOUTH }), "queue.sign.weak");
  assert.equal(rowSigns({ lon: east(0.5), lat: SOUTH }), "");
  assert.deepEqual(signWords({ lon: east(0.5), lat: SOUTH }), []);
  assert.equal(signWords({ lon: east(2.5), lat: SOUTH }).length, 1);
  assert.equal(signalFlag("covered"), null);
  useField(null);
});
