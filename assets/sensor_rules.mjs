// Alarm rules: seen, changed in a form made from the rule itself, tried on the past before they go live.

import { Problem, getJson, postJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { duration, instant, number, toMs } from "./format.mjs";
import { readCircle, readHours, showCircle, showHours } from "./sensor_rule_scope.mjs";
import { language, t } from "./words.mjs";

const NUMBERS = new Set(["raise_at", "clear_at", "deadband", "per_min", "over_s", "clear_per_min", "level", "times", "within_s", "after_s", "sigmas", "at_least", "readings", "chance", "within", "rest", "against_s", "ahead_s", "behind_s"]);
const CHOICES = { side: ["above", "below", "either"], way: ["rising", "falling", "either"] };
export const SHAPES = {
  threshold: { side: "above", raise_at: null, clear_at: null, deadband: 0 },
  rate: { way: "rising", per_min: 1, over_s: 600, clear_per_min: null },
  repeat: { side: "above", level: null, times: 3, within_s: 3600 },
  no_data: { after_s: null },
  stuck: { readings: 5, after_s: 1800, chance: 1e-8, within: 0, rest: null },
  spike: { sigmas: 10, at_least: 0, readings: 2 },
  drift: { sigmas: 4, at_least: 0, over_s: 3600, against_s: 86400 },
  clock: { ahead_s: 30, behind_s: null, readings: 3 },
  deviation: { sigmas: 4, at_least: 0, side: "either" },
  compound: { when: { ">": [{ var: "level" }, 3] }, clear: null },
};
const ABOUT_SENSORS = new Set(["no_data", "stuck", "spike", "drift", "clock"]);
const TRIED_DAYS = 7;
const SEVERAL = "*"; // the kinds stay as they are

/** A rule's name in the page's language. */
export const nameOfRule = (rule) => (language() === "en" && rule.name_en ? rule.name_en : rule.name_zh);

/** A field's text as the rule wants it: a number, null where it may be empty, an expression, or the text. */
export function readField(name, text) {
  const said = text.trim();
  if (name === "when" || name === "clear") return said ? JSON.parse(said) : null;
  if (!NUMBERS.has(name)) return said;
  if (said === "") return null;
  const value = Number(said);
  if (!Number.isFinite(value)) throw new SyntaxError(said);
  return value;
}

/** A value as its field shows it. */
export const showField = (value) => (value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));

/** A field's word without what its form adds for an empty one. */
export const plainWord = (word) => word.replace(/\s*\((空|empty)[^)]*\)/, "").replace(/[，,;]\s*(空|empty)[^)]*/, "");

/** Which control of the form a refused field is. */
export const controlOf = (field = "") => ({ "scope.kinds": "kind" })[field] ?? field.replace(/^condition\./, "c.").replace(/^scope\./, "").replace(/^(within|hours)\..*/, "$1");

/** One line about a rule's condition. */
export function conditionText({ condition }) {
  const given = Object.entries(condition).filter(([name, value]) => name !== "type" && value !== null && value !== 0);
  return given.map(([name, value]) => `${plainWord(t(`rule.field.${name}`))} ${CHOICES[name] ? t(`rule.choice.${value}`) : showField(value)}`).join(t("format.comma"));
}

/** The channels a rule may be about: those of its kinds, all of them where it asks after the sensor itself; the one it has. */
export function channelsFor({ scope, condition }, kinds) {
  const measured = (scope.kinds.length ? scope.kinds : Object.keys(kinds)).flatMap((kind) => kinds[kind].channels.map(({ name }) => name));
  return [...new Set([...(ABOUT_SENSORS.has(condition.type) ? [""] : []), ...measured])];
}

/** A channel's own word beside its name where the rule is about one kind. */
function channelLabel({ scope }, kinds, name) {
  if (!name) return t("rule.every_channel");
  const found = scope.kinds.length === 1 && kinds[scope.kinds[0]].channels.find((one) => one.name === name);
  return found ? `${found[language()]} · ${name}` : name;
}

/** The list of rules and the form of the chosen one. */
export class RulePanel {
  constructor(root, { kinds, permitted, now }) {
    Object.assign(this, { root, kinds, permitted, now, items: [] });
  }

  async load() {
    try {
      this.items = (await getJson("/api/v1/alarm-rules")).items;
      this.draw();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.root.replaceChildren(h("div", { class: "empty is-late", text: failure.passing ? t("error.unanswered") : failure.message }));
    }
  }

  draw() {
    this.root.replaceChildren(
      this.permitted ? h("button", { type: "button", class: "action", text: t("rule.new"), onclick: () => this.edit(this.blank(), 0) }) : null,
      h("ul", { class: "rule-list" }, this.items.map(({ rule, version }) => h("li", { class: rule.enabled ? "" : "is-off" },
        h("button", { type: "button", class: "rule-line", onclick: () => this.edit(rule, version) }, h("b", { text: nameOfRule(rule) }), h("span", { class: "badge", text: t(`alarm.severity.${rule.severity}`) }),
          h("small", { class: "dim", text: [rule.enabled ? "" : t("rule.off"), t(`rule.type.${rule.condition.type}`), conditionText(rule)].filter(Boolean).join(" · ") }))))));
  }

  blank() {
    return { id: `own-${this.items.length + 1}`, name_zh: "", name_en: "", scope: { kinds: ["river_level"], channel: "level", devices: [], within: null }, condition: { type: "threshold", ...SHAPES.threshold }, severity: "major", on_delay_s: 0, off_delay_s: 300, hours: [], flaps: 5, flap_s: 600, opens_case: true, enabled: true };
  }

  edit(rule, version) {
    this.rule = structuredClone(rule);
    this.version = version;
    this.fields = new Map();
    this.note = h("p", { class: "rule-note", role: "status" });
    this.tried = h("div", { class: "tried" });
    this.root.replaceChildren(h("button", { type: "button", class: "link", text: t("rule.back"), onclick: () => this.draw() }), this.form(), this.note, this.tried);
  }

  form() {
    const { rule } = this;
    const field = (label, control) => h("label", { class: "field" }, h("span", { text: label }), control);
    const text = (name, value, more = {}) => { const made = h("input", { type: "text", value: showField(value), disabled: !this.permitted, ...more }); this.fields.set(name, made); return made; };
    const choose = (name, options, value, label) => { const made = h("select", { disabled: !this.permitted }, options.map((one) => h("option", { value: one, text: label(one), selected: one === value }))); this.fields.set(name, made); return made; };
    const type = choose("type", Object.keys(SHAPES), rule.condition.type, (one) => t(`rule.type.${one}`));
    type.addEventListener("change", () => { this.take(); this.rule.condition = { type: type.value, ...SHAPES[type.value] }; this.edit(this.rule, this.version); });
    const several = rule.scope.kinds.length > 1;
    const kind = choose("kind", [...(several ? [SEVERAL] : []), "", ...Object.keys(this.kinds)], several ? SEVERAL : rule.scope.kinds[0] ?? "", (one) => (one === SEVERAL ? t("rule.several_kinds", { n: rule.scope.kinds.length }) : one ? this.kinds[one][language()] : t("rule.every_kind")));
    kind.addEventListener("change", () => { if (this.take()) { this.rule.scope.channel = channelsFor(this.rule, this.kinds)[0]; this.edit(this.rule, this.version); } });
    const conditions = Object.entries(SHAPES[rule.condition.type]).map(([name]) => field(t(`rule.field.${name}`), CHOICES[name] ? choose(`c.${name}`, CHOICES[name].slice(0, rule.condition.type === "threshold" || rule.condition.type === "repeat" ? 2 : 3), rule.condition[name], (one) => t(`rule.choice.${one}`)) : text(`c.${name}`, rule.condition[name])));
    return h("form", { class: "rule-form", onsubmit: (event) => { event.preventDefault(); this.save(); } },
      field(t("rule.id"), text("id", rule.id, { disabled: this.version > 0 || !this.permitted })), field(t("rule.name_zh"), text("name_zh", rule.name_zh)), field(t("rule.name_en"), text("name_en", rule.name_en)),
      field(t("rule.kind"), kind), field(t("rule.channel"), choose("channel", channelsFor(rule, this.kinds), rule.scope.channel, (one) => channelLabel(rule, this.kinds, one))), field(t("rule.devices"), text("devices", rule.scope.devices.join(" "))),
      field(t("rule.within"), text("within", showCircle(rule.scope.within), { placeholder: "120.0153, 31.5027, 500" })), field(t("rule.hours"), text("hours", showHours(rule.hours), { placeholder: "1-5 08:00-18:00; 6,7 09:00-12:00" })),
      field(t("rule.condition"), type), conditions,
      field(t("rule.on_delay"), text("on_delay_s", rule.on_delay_s)), field(t("rule.off_delay"), text("off_delay_s", rule.off_delay_s)),
      field(t("rule.flaps"), text("flaps", rule.flaps)), field(t("rule.flap_s"), text("flap_s", rule.flap_s)),
      field(t("rule.severity"), choose("severity", ["critical", "major", "minor", "warning"], rule.severity, (one) => t(`alarm.severity.${one}`))),
      this.check("opens_case", rule.opens_case), this.check("enabled", rule.enabled),
      h("div", { class: "rule-buttons" }, h("button", { type: "button", class: "action", text: t("rule.try", { n: TRIED_DAYS }), onclick: () => this.tryIt() }), this.permitted && h("button", { type: "submit", class: "action main", text: t("rule.save") })));
  }

  check(name, value) {
    const box = h("input", { type: "checkbox", disabled: !this.permitted });
    box.checked = value;
    this.fields.set(name, box);
    return h("label", { class: "check" }, box, h("span", { text: t(`rule.${name}`) }));
  }

  /** Take what the form says into the rule; says the field that cannot be read. */
  take() {
    const { rule } = this;
    for (const [name, control] of this.fields) {
      try {
        if (control.type === "checkbox") rule[name] = control.checked;
        else if (name === "kind" && control.value === SEVERAL) continue;
        else if (name === "kind") rule.scope.kinds = control.value ? [control.value] : [];
        else if (name === "channel") rule.scope.channel = control.value.trim();
        else if (name === "devices") rule.scope.devices = control.value.split(/\s+/).filter(Boolean);
        else if (name === "within") rule.scope.within = readCircle(control.value);
        else if (name === "hours") rule.hours = readHours(control.value);
        else if (name.startsWith("c.")) rule.condition[name.slice(2)] = readField(name.slice(2), control.value);
        else if (name === "flaps" || name.endsWith("_s")) rule[name] = readField("within_s", control.value) ?? 0;
        else if (name !== "type") rule[name] = control.value.trim();
      } catch {
        control.focus();
        this.say(t(`rule.unreadable${["within", "hours"].includes(name) ? `_${name}` : ""}`, { value: control.value }), true);
        return false;
      }
    }
    return true;
  }

  say(text, late = false) {
    setText(this.note, text);
    this.note.classList.toggle("is-late", late);
  }

  async ask(deed) {
    for (const control of this.fields.values()) control.removeAttribute("aria-invalid");
    if (!this.take()) return null;
    try {
      return await deed(this.rule);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.say(failure.passing ? t("error.unanswered") : failure.message || t("error.unknown"), true);
      const control = this.fields.get(controlOf(failure.body.field));
      control?.setAttribute("aria-invalid", "true");
      control?.focus();
      return null;
    }
  }

  async tryIt() {
    this.say(t("rule.trying"));
    const since = new Date(this.now() - TRIED_DAYS * 86_400_000).toISOString();
    const told = await this.ask((rule) => postJson("/api/v1/alarm-rules/dry-run", { rule, since }));
    if (!told) return;
    this.say(t("rule.tried", { raised: told.raised, channels: told.channels, readings: told.readings }));
    this.tried.replaceChildren(h("ul", { class: "plain" }, told.spans.slice(0, 50).map((span) => h("li", { class: "num", text: `${span.device_name} · ${instant(toMs(span.raised_at), this.now())} · ${span.cleared_at ? duration(toMs(span.cleared_at) - toMs(span.raised_at)) : t("rule.still")}` }))));
  }

  async save() {
    const told = await this.ask((rule) => postJson("/api/v1/alarm-rules", { rule, version: this.version, note: "" }));
    if (!told) return;
    this.version = told.version;
    this.say(t(told.channels ? "rule.saved" : "rule.saved_idle", { version: told.version, channels: number(told.channels) }), !told.channels);
    this.items = (await getJson("/api/v1/alarm-rules")).items;
  }
}
