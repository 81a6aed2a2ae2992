// The audit's lines: what an act changed, and nothing that says nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { changeOf } from "../../assets/admin_audit.mjs";

test("only what changed is told, and what was and is empty is not", () => {
  const row = { before: JSON.stringify({ roles: ["a"], note: "" }), after: JSON.stringify({ roles: ["a", "b"], note: null, actor: null, list: [] }) };
  assert.equal(changeOf(row), "roles: a → a, b");
  assert.equal(changeOf({ before: JSON.stringify({ until: "x" }), after: JSON.stringify({ until: null }) }), "until: x → –");
  assert.equal(changeOf({ before: null, after: null }), "");
});
