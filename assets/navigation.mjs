// One navigation for every page: where this is, what else the person may open, language, theme, and the way out.

import { h } from "./dom.mjs";
import { signOut, switchLanguage, switchTheme } from "./preferences.mjs";
import { language, t } from "./words.mjs";

/** Every page somebody works on: its path, the permission that opens it, and its name. */
export const PAGES = [
  { path: "/desk", permission: "desk.view", name: "desk.page_title" },
  { path: "/wall", permission: "wall.view", name: "wall.page_title" },
  { path: "/summary", permission: "summary.view", name: "summary.page_title" },
  { path: "/sensors", permission: "sensors.view", name: "sensors.page_title" },
  { path: "/coverage", permission: "coverage.read", name: "coverage.page_title" },
  { path: "/replay", permission: "replay.view", name: "replay.page_title" },
  { path: "/field", permission: "field.view", name: "field.page_title" },
  { path: "/admin", permission: "admin.view", name: "admin.page_title" },
];

/** The pages these permissions open. */
export const pagesFor = (permissions, pages = PAGES) => pages.filter(({ permission }) => permissions.includes(permission));

/** What stands where a menu ends: a press elsewhere or Escape shuts it. */
function shutting(menu) {
  document.addEventListener("pointerdown", (event) => { if (menu.open && !menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  return menu;
}

/** The page's name, and under it the other pages; only the name where there is no other. */
export function pagesMenu(viewer, here) {
  const pages = pagesFor(viewer.permissions);
  const name = t((PAGES.find(({ path }) => path === here) ?? pages[0]).name);
  if (pages.length < 2) return h("span", { class: "page-name", text: name });
  const links = pages.map((page) => h("a", { href: page.path, "aria-current": page.path === here ? "page" : null, text: t(page.name) }));
  return shutting(h("details", { class: "more pages" }, h("summary", { class: "page-name", title: t("top.pages") }, name), h("nav", { class: "more-list", "aria-label": t("top.pages") }, links)));
}

/** County and page: the beginning of every bar. */
export function brand({ county, viewer }, here) {
  return h("div", { class: "brand" }, h("img", { src: "/assets/favicon.svg", alt: "", width: 24, height: 24 }), h("h1", { text: county.name, "data-county": true }), pagesMenu(viewer, here));
}

/** Language and theme. */
export const settings = (onTheme = switchTheme) => [
  h("button", { type: "button", class: "icon-button wide", text: t("top.other_language"), lang: language() === "en" ? "zh" : "en", onclick: () => switchLanguage(language()) }),
  h("button", { type: "button", class: "icon-button", text: "◐", title: t("top.theme"), "aria-label": t("top.theme"), onclick: onTheme }),
];

/** Who is signed in, as what, and the way out; `own` is what a page adds. */
export function person(viewer, ...own) {
  return shutting(h("details", { class: "more who" }, h("summary", { text: viewer.name || t("top.nobody") }),
    h("div", { class: "more-list" }, h("p", { class: "dim", text: viewer.roles.map((role) => t(`role.${role}`)).join(t("format.comma")) }), own,
      h("button", { type: "button", class: "action", text: t("top.sign_out"), onclick: signOut }))));
}

/** The end of every bar: language, theme, person. */
export const barEnd = (viewer, { onTheme, own = [] } = {}) => [...settings(onTheme), person(viewer, ...own)];
