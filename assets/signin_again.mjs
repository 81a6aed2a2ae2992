// A session that has ended: whoever has typed something signs in over the page and loses nothing of it; others go to the sign-in page.

import { h } from "./dom.mjs";
import { t } from "./words.mjs";

const SIGN_IN = "/signin";

/** Where to sign in, coming back to this page afterwards. */
export const signInPath = (place) => `${SIGN_IN}?next=${encodeURIComponent(place)}`;

const typed = new Set();

/** Say whether anything that was typed still stands on the page. */
export function standsTyped(elements) {
  return [...elements].some((element) => element.isConnected && element.type !== "search" && Boolean(element.value?.trim?.()));
}

/** What a page answered to a sign-in: `refused` with its sentence, or the name of who is signed in now, empty where this page is not theirs. */
export function outcomeOf(page, path) {
  const boot = page.getElementById("boot");
  if (boot) return { name: JSON.parse(boot.textContent).viewer.name };
  return path === SIGN_IN ? { refused: page.querySelector(".alert")?.textContent || t("signin.error.refused") } : { name: "" };
}

/** The session has ended. */
export function lapsed(place = window.location) {
  // Whoever is being asked stays here, though what was typed may have gone to the outbox meanwhile.
  if (document.querySelector("dialog.again")) return undefined;
  return standsTyped(typed) ? ask(place) : place.assign(signInPath(place.pathname + place.search));
}

const field = (name, kind, complete) => h("label", { class: "field" }, h("span", { text: t(`signin.${name}`) }), h("input", { name, type: kind, autocomplete: complete, required: true, maxlength: 256, autocapitalize: "none", spellcheck: "false" }));

function ask(place) {
  const notice = h("p", { class: "notice is-late", role: "alert", hidden: true });
  const form = h("form", { onsubmit: (event) => { event.preventDefault(); signIn(form, notice, place); } },
    h("h2", { text: t("again.title") }), h("p", { class: "dim", text: t("again.kept") }), notice,
    field("username", "text", "username"), field("password", "password", "current-password"),
    h("div", { class: "form-foot" }, h("button", { type: "submit", class: "action main", text: t("signin.submit") })));
  const dialog = h("dialog", { class: "again", "aria-label": t("again.title") }, form);
  // Without a session nothing of this page works: it is left by signing in.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector("input").focus();
  return dialog;
}

async function signIn(form, notice, place) {
  const send = form.querySelector("button");
  const values = new URLSearchParams(new FormData(form));
  values.set("next", place.pathname);
  send.disabled = true;
  try {
    const before = outcomeOf(document, place.pathname).name;
    const answer = await fetch(SIGN_IN, { method: "POST", body: values, credentials: "same-origin" });
    const { name, refused } = outcomeOf(new DOMParser().parseFromString(await answer.text(), "text/html"), new URL(answer.url).pathname);
    if (name === before) return form.parentNode.remove();
    // Another person's page shows other things, if it is theirs at all: what was typed under the first name is not theirs.
    if (!refused) return name ? place.reload() : place.assign("/");
    notice.textContent = refused;
  } catch {
    notice.textContent = t("error.unanswered");
  } finally {
    send.disabled = false;
  }
  notice.hidden = false;
  return undefined;
}

if (typeof document !== "undefined") document.addEventListener("input", ({ target }) => target.closest?.("dialog.again") || typed.add(target), true);
