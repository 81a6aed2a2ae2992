import assert from "node:assert/strict";
import test from "node:test";

import { outcomeOf, signInPath, standsTyped } from "../../assets/signin_again.mjs";
import { useWords } from "../../assets/words.mjs";

useWords({ "signin.error.refused": "登录未成功" });

const element = (value, more = {}) => ({ value, type: "text", isConnected: true, ...more });
const page = (boot, alert) => ({ getElementById: () => boot && { textContent: JSON.stringify(boot) }, querySelector: () => alert && { textContent: alert } });

test("what was typed counts while it stands on the page; a search, blanks and a form that was put away do not", () => {
  assert.equal(standsTyped([element("井盖缺失")]), true);
  assert.equal(standsTyped([element("  "), element("井盖", { type: "search" }), element("已发送", { isConnected: false })]), false);
  assert.equal(standsTyped([]), false);
});

test("a sign-in is refused with the page's own sentence, or names who is signed in now", () => {
  assert.deepEqual(outcomeOf(page(null, "用户名或密码不正确。"), "/signin"), { refused: "用户名或密码不正确。" });
  assert.deepEqual(outcomeOf(page(null, null), "/signin"), { refused: "登录未成功" });
  assert.deepEqual(outcomeOf(page({ viewer: { name: "王芳" } }), "/desk"), { name: "王芳" });
  assert.deepEqual(outcomeOf(page(null, "您没有这项权限。"), "/admin"), { name: "" }); // signed in, and this page is another's
});

test("whoever goes to the sign-in page comes back to the same filters", () => {
  assert.equal(signInPath("/desk?p=P0.P1&late=1"), "/signin?next=%2Fdesk%3Fp%3DP0.P1%26late%3D1");
});
