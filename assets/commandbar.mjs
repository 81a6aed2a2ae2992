// The command bar: type a command, a case number, a unit's name, or words to filter by.

import { h } from "./dom.mjs";
import { KEYS } from "./keys.mjs";
import { priorityChip } from "./marks.mjs";
import { t } from "./words.mjs";

const OFFERED = 6;
const UNITS_OFFERED = 3;
const COMMANDS = ["report", "acknowledge", "import", "export", "shift", "warnings", "pick_all", "close_road", "reach", "unit", "fit", "undo", "clear", "mute", "theme", "layout", "language", "help"];

/** What typed text may mean: commands by name or key, then units by name, then cases by number or words. */
export function suggestions(text, commands, rows, names, units = new Map()) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return commands.slice(0, OFFERED).map((command) => ({ kind: "command", ...command }));
  const acts = commands.filter(({ label, key }) => label.toLowerCase().includes(wanted) || key === wanted);
  const called = [...units].filter(([id, { name }]) => `${id} ${name}`.toLowerCase().includes(wanted)).slice(0, UNITS_OFFERED);
  const cases = [];
  for (const row of rows) {
    if (cases.length >= OFFERED) break;
    if (`${row.number} ${names.category(row.category)} ${row.town} ${row.address}`.toLowerCase().includes(wanted)) cases.push({ kind: "case", row });
  }
  return [...acts.map((command) => ({ kind: "command", ...command })), ...called.map(([id, unit]) => ({ kind: "unit", id, unit })), ...cases].slice(0, OFFERED).concat([{ kind: "filter", text: text.trim() }]);
}

/** The bar at the foot of the desk. */
export class CommandBar {
  constructor(root, { acts, names, live, onCase, onUnit, onFilter, caseActions = () => [] }) {
    Object.assign(this, { acts, names, live, onCase, onUnit, onFilter, caseActions });
    this.commands = COMMANDS.map((name) => ({ name, label: t(`key.${name}`), key: KEYS.find((row) => row.name === name).keys[0] }));
    this.input = h("input", { type: "text", autocomplete: "off", spellcheck: "false", placeholder: t("bar.hint"), "aria-label": t("key.command") });
    this.list = h("ul", { class: "options up", tabindex: "-1", role: "listbox", hidden: true });
    root.append(h("span", { class: "prompt", text: "/" }), h("div", { class: "combo" }, this.list, this.input), h("div", { class: "gap" }), h("div", { class: "bar-keys" }, ["next", "previous", "report", "action", "help"].map((name) => this.hint(name))));
    this.at = 0;
    this.input.addEventListener("input", () => this.offer());
    this.input.addEventListener("focus", () => this.offer());
    this.input.addEventListener("blur", () => setTimeout(() => this.hide(), 150));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("mousedown", (event) => this.run(this.found[[...this.list.children].indexOf(event.target.closest("li"))]));
  }

  hint(name) {
    const row = KEYS.find((key) => key.name === name);
    const said = [h("kbd", { text: row.shown }), t(`key.${name}`)];
    // A press does what its key does: a phone has none.
    return this.acts[name] ? h("button", { type: "button", "data-key": name, onclick: () => this.acts[name]() }, said) : h("span", {}, said);
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  hide() {
    this.list.hidden = true;
  }

  offer() {
    this.found = suggestions(this.input.value, [...this.caseActions(), ...this.commands], this.live.state.rows.values(), this.names, this.live.state.units);
    this.at = 0;
    this.list.replaceChildren(...this.found.map((item) => this.line(item)));
    this.list.hidden = !this.found.length;
    this.mark();
  }

  line(item) {
    if (item.kind === "command") return h("li", { role: "option" }, h("kbd", { text: item.key }), h("span", { text: item.label }));
    if (item.kind === "unit") return h("li", { role: "option" }, h("span", { class: "dim", text: t("bar.unit") }), h("span", { text: item.unit.name || item.id }), h("span", { class: "dim", text: t(`unit_status.${item.unit.status}`) }));
    if (item.kind === "filter") return h("li", { role: "option" }, h("span", { class: "dim", text: t("bar.filter") }), h("span", { text: item.text }));
    return h("li", { role: "option" }, priorityChip(item.row.priority), h("span", { text: this.names.category(item.row.category) }), h("span", { class: "dim mono", text: item.row.number }));
  }

  mark() {
    [...this.list.children].forEach((line, i) => line.setAttribute("aria-selected", String(i === this.at)));
  }

  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) { this.at = Math.min(this.found.length - 1, Math.max(0, this.at + by)); this.mark(); event.preventDefault(); }
    if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); this.run(this.found[this.at]); }
    if (event.key === "Escape") { event.stopPropagation(); this.input.value = ""; this.input.blur(); }
  }

  run(item) {
    if (!item) return;
    this.input.value = "";
    this.input.blur();
    this.hide();
    if (item.kind === "command") (item.act ?? this.acts[item.name])();
    else if (item.kind === "case") this.onCase(item.row.id);
    else if (item.kind === "unit") this.onUnit(item.id);
    else this.onFilter(item.text);
  }
}
