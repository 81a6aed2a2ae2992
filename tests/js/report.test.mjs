// The citizens' map and form: what they compute, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { pictureProblem, written } from "../../assets/report.mjs";
import { fitting, tileAddress, tilesOf, toPixels, toPlace, within } from "../../assets/report_map.mjs";

test("a place comes back from its pixel", () => {
  for (const place of [[119.905, 30.612], [0, 0], [-73.9, -41.2]]) {
    const [lon, lat] = toPlace(toPixels(place, 16), 16);
    assert.ok(Math.abs(lon - place[0]) < 1e-9 && Math.abs(lat - place[1]) < 1e-9);
  }
});

test("the tiles of a window cover it and no tile stands twice", () => {
  const middle = toPixels([119.905, 30.612], 14);
  const tiles = tilesOf(middle, 14, 360, 260);
  assert.equal(new Set(tiles.map(([x, y]) => `${x}/${y}`)).size, tiles.length);
  assert.ok(Math.min(...tiles.map(([, , left]) => left)) <= 0);
  assert.ok(Math.max(...tiles.map(([, , left]) => left)) + 256 >= 360);
  assert.ok(Math.min(...tiles.map(([, , , top]) => top)) <= 0);
  assert.ok(Math.max(...tiles.map(([, , , top]) => top)) + 256 >= 260);
});

test("beyond the world's edge there are no tiles", () => {
  assert.ok(tilesOf(toPixels([-180, 85], 9), 9, 600, 600).every(([x, y]) => x >= 0 && y >= 0));
});

test("the zoom stays within what is drawn", () => {
  assert.deepEqual([fitting(1), fitting(12), fitting(30)], [9, 12, 17]);
});

test("a tile's address has its numbers", () => {
  assert.equal(tileAddress("/report/tiles/{z}/{x}/{y}.png", 9, 3, 4), "/report/tiles/9/3/4.png");
});

test("outside the county is outside, and without a box everything is inside", () => {
  assert.equal(within([119.5, 30.5], [119, 30, 120, 31]), true);
  assert.equal(within([121, 30.5], [119, 30, 120, 31]), false);
  assert.equal(within([0, 0], null), true);
});

test("a place is sent with six digits", () => {
  assert.deepEqual(written([119.9051234567, 30.6]), ["119.905123", "30.600000"]);
});

test("too many or too large pictures are told before they are sent", () => {
  assert.equal(pictureProblem([{ size: 1 }]), null);
  assert.equal(pictureProblem([{ size: 1 }, { size: 1 }, { size: 1 }, { size: 1 }]), "photo_many");
  assert.equal(pictureProblem([{ size: 8_000_001 }]), "photo_large");
});
