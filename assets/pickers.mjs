// Form widgets: each returns {element, value(), set(value), focus()}; values are what the API takes.

import { h } from "./dom.mjs";
import { countyMinute, distance, fromCountyMinute, metresBetween, toMs } from "./format.mjs";
import { isStale, unitPhase } from "./marks.mjs";
import { findCategories, nameOf } from "./names.mjs";
import { roadText } from "./reach.mjs";
import { coded, language, t } from "./words.mjs";

const UNITS_OFFERED = 8;

const plain = (element, read = () => element.value.trim()) => ({ element, value: read, focus: () => element.focus(), set: (value) => { element.value = value ?? ""; } });

/** What a widget tells where a press, not typing, changed it. */
const changed = () => new Event("change", { bubbles: true });

/** One line of text. */
export const line = ({ value = "", ...props } = {}) => plain(h("input", { type: "text", value, ...props }));

/** Several lines of text. */
export const lines = ({ value = "", ...props } = {}) => plain(h("textarea", { rows: "3", value, ...props }));

/** One of a list [{value, label}]; `none` is offered first where leaving it open is allowed. */
export function choice(choices, { value = "", none } = {}) {
  const options = choices.map((option) => h("option", { value: option.value, text: option.label }));
  const element = h("select", {}, none !== undefined && h("option", { value: "", text: none }), options);
  element.value = value ?? "";
  return plain(element, () => element.value);
}

/** An instant by the county's clocks, as everything on the screen says them; sent as UTC. */
export function instantField() {
  const element = h("input", { type: "datetime-local", step: "60" });
  const set = (text) => { element.value = text ? countyMinute(toMs(text)) : ""; };
  // What is no instant goes as it stands: the server says what would be right.
  const read = () => (Number.isFinite(fromCountyMinute(element.value)) ? new Date(fromCountyMinute(element.value)).toISOString() : element.value);
  return { ...plain(element, read), set };
}

/** One department, of all or `among` some; the suggested one is chosen beforehand. */
export function department(names, { value = "", none = t("form.none"), among = [...names.departments.keys()] } = {}) {
  return choice(among.map((id) => ({ value: id, label: names.department(id) })), { value, none });
}

/** Several departments, as chips to press, behind one line. */
export function departments(names, { without } = {}) {
  const chosen = new Set();
  const chips = [...names.departments.keys()].filter((id) => id !== without).map((id) => {
    const chip = h("button", { type: "button", class: "filter", "aria-pressed": "false", text: names.department(id) });
    const turn = (on) => {
      if (on) chosen.add(id);
      else chosen.delete(id);
      chip.setAttribute("aria-pressed", String(on));
    };
    chip.addEventListener("click", () => {
      turn(!chosen.has(id));
      element.dispatchEvent(changed());
    });
    return { id, chip, turn };
  });
  const element = h("details", { class: "more" }, h("summary", { text: t("form.assists_choose") }), h("div", { class: "chips" }, chips.map(({ chip }) => chip)));
  return { element, value: () => [...chosen], set: (ids) => chips.forEach(({ id, turn }) => turn(ids.includes(id))), focus: () => element.querySelector("summary").focus() };
}

/** Units by how far they are in a straight line, free ones first. */
export function nearestUnits(units, place, now) {
  return [...units].filter((unit) => Number.isFinite(unit.lon)).map((unit) => ({
    unit, away: metresBetween([unit.lon, unit.lat], place), stale: isStale(unit, now), free: unitPhase(unit.status) === "free",
  })).sort((a, b) => Number(b.free) - Number(a.free) || a.away - b.away);
}

/** Units to send, nearest first; `times` is the coming answer of how long each needs by road. */
export function unitPicker(units, place, now, times = Promise.resolve(new Map())) {
  const near = nearestUnits(units, place, now).slice(0, UNITS_OFFERED);
  const boxes = near.map(({ unit, away, stale, free }) => {
    const box = h("input", { type: "checkbox", value: unit.id });
    const note = [distance(away), coded("unit_status", unit.status), stale && t("unit.stale")].filter(Boolean).join(" · ");
    const road = h("b", { class: "num road-time", "data-unit": unit.id });
    return { box, road, row: h("label", { class: `unit-row${free ? "" : " is-busy"}` }, box, h("span", { class: "unit-name", title: unit.name || unit.id, text: unit.name || unit.id }), h("span", { class: "dim num", text: note }), road) };
  });
  // Without an answer the straight line stands: dispatching never waits for the roads.
  times.then((byUnit) => {
    for (const { box, road } of boxes) road.textContent = roadText(byUnit.get(box.value));
  }, () => {});
  const element = h("div", { class: "unit-list" }, boxes.length ? boxes.map(({ row }) => row) : h("p", { class: "dim", text: t("unit.none") }),
    boxes.length ? h("p", { class: "dim", text: t("unit.straight_line") }) : null);
  return { element, value: () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value), set: (ids) => boxes.forEach(({ box }) => { box.checked = ids.includes(box.value); }), focus: () => boxes[0]?.box.focus() };
}

function option(row, index) {
  return h("li", { role: "option", id: `category-${index}`, "data-code": row.code },
    h("span", { class: `chip p-${row.default_priority ?? "P4"}`, text: row.default_priority ?? "—" }),
    h("span", { text: nameOf(row, row.code, language()) }), h("span", { class: "dim mono", text: row.code.split(":").at(-1) }));
}

/** A category found by typing part of its name or code. */
export function category(names, { value = "", onChange } = {}) {
  let code = value;
  let found = [];
  let at = 0;
  const input = h("input", { type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false", placeholder: t("form.category_hint"), value: code ? names.category(code) : "" });
  const list = h("ul", { class: "options", tabindex: "-1", role: "listbox", hidden: true });
  const element = h("div", { class: "combo" }, input, list);
  const mark = () => [...list.children].forEach((item, i) => {
    item.setAttribute("aria-selected", String(i === at));
    if (i === at) item.scrollIntoView({ block: "nearest" });
  });
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const open = () => {
    found = findCategories(names.categories.values(), code && input.value === names.category(code) ? "" : input.value, language());
    // Only what somebody typed offers its best: an Enter on what stands there already must not put another in its place.
    at = code || !input.value.trim() ? found.findIndex((row) => row === names.categoryRow(code)) : 0;
    list.replaceChildren(...(found.length ? found.map(option) : [h("li", { class: "dim", text: t("form.category_none") })]));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark();
  };
  const take = (row) => {
    if (!row) return;
    code = row.code;
    input.value = names.category(code);
    close();
    onChange?.(row);
    input.dispatchEvent(changed());
  };
  let closing = null;
  input.addEventListener("focus", () => { clearTimeout(closing); input.select(); open(); });
  input.addEventListener("input", () => { code = ""; open(); onChange?.(null); });
  input.addEventListener("blur", () => { closing = setTimeout(close, 150); });
  input.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) { at = Math.min(found.length - 1, Math.max(0, at + by)); mark(); event.preventDefault(); }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { close(); return; }
    if (event.key === "Enter" && !list.hidden) { take(found[at]); close(); event.preventDefault(); event.stopPropagation(); }
    if (event.key === "Escape" && !list.hidden) { close(); event.stopPropagation(); }
  });
  list.addEventListener("mousedown", (event) => take(found.find((row) => row.code === event.target.closest("[data-code]")?.dataset.code)));
  return { element, value: () => code, focus: () => input.focus(), set: (next) => { code = next; input.value = next ? names.category(next) : ""; } };
}

/** Another open case, nearest first. */
export function casePicker(rows, self, names) {
  const near = [...rows].filter((row) => row.id !== self.id).map((row) => ({ row, away: metresBetween([row.lon, row.lat], [self.lon, self.lat]) }))
    .sort((a, b) => a.away - b.away).slice(0, 30);
  return choice(near.map(({ row, away }) => ({ value: row.id, label: `${distance(away)} · ${row.priority} ${names.category(row.category)} · ${row.number}` })), { none: t("form.choose") });
}
