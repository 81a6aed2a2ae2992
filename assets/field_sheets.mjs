// Sheets that come up from the bottom of the responders' page: which unit, what waits, the menu.

import { h } from "./dom.mjs";
import { clockTime } from "./format.mjs";
import { language, t } from "./words.mjs";

/** Show a sheet; one at a time, closed by its cross, by Escape, or by a touch beside it. */
export function sheet(title, ...content) {
  document.querySelector("dialog.sheet")?.remove();
  const close = h("button", { type: "button", class: "close", "aria-label": t("field.close"), text: "✕", onclick: () => dialog.close() });
  const dialog = h("dialog", { class: "sheet", "aria-label": title }, h("header", {}, h("h2", { text: title }), close), ...content);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
}

/** A row that closes its sheet and does its work. */
const row = (props, work, ...content) => h("button", { type: "button", class: "choice", ...props, onclick: (event) => { event.currentTarget.closest("dialog").close(); work(); } }, ...content);

/** A unit's name in the reader's language. */
export const nameOf = (unit) => (language() === "en" && unit.name_en) || unit.name;

/** Which unit this phone goes with. */
export function unitSheet(units, chosen, use) {
  const rows = units.map((unit) => row({ "data-choose": unit.id, "aria-current": unit.id === chosen ? "true" : null }, () => use(unit.id),
    h("b", { text: nameOf(unit) }), h("span", { text: `${unit.radio || unit.id} · ${t(`unit_status.${unit.status}`)}` })));
  sheet(t("field.choose"), rows.length ? h("div", { class: "choices" }, rows) : h("p", { text: t("field.no_units") }));
}

/** What waits, in its order, and what was refused. */
export function queueSheet(entries, retry) {
  const rows = entries.map((entry) => h("li", {}, h("span", { class: "num", text: clockTime(entry.at) }), h("b", { text: entry.label }), h("span", { text: entry.refused ? entry.refused.detail : t("field.waits") })));
  sheet(t("field.queue"), h("ol", { class: "queue-list" }, rows), row({ class: "big" }, retry, t("field.send_now")));
}

/** The menu: pairs of a name and its work, a name without work left out; then the other pages. */
export function menuSheet(title, items, pages = []) {
  sheet(title, h("div", { class: "choices" }, items.filter(([, work]) => work).map(([name, work]) => row({ "data-menu": name }, work, t(`field.${name}`)))),
    pages.length ? h("nav", { class: "choices pages", "aria-label": t("top.pages") }, pages.map(({ path, name }) => h("a", { class: "choice", href: path, text: t(name) }))) : "");
}
