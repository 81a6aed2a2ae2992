import assert from "node:assert/strict";
import test from "node:test";

import { PAGES, pagesFor } from "../../assets/navigation.mjs";

const paths = (permissions) => pagesFor(permissions).map(({ path }) => path);

test("who may open several pages is led to each of them, in one order", () => {
  assert.deepEqual(paths(["admin.view", "desk.view", "coverage.read", "summary.view"]), ["/desk", "/summary", "/coverage", "/admin"]);
});

test("nobody is led to a page that would refuse them", () => {
  assert.deepEqual(paths([]), []);
  assert.deepEqual(paths(["case.read", "audit.read"]), []);
});

test("a page stands in the navigation once", () => {
  assert.equal(new Set(PAGES.map(({ path }) => path)).size, PAGES.length);
});
