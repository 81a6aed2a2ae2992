// Which widget each argument of a command gets, and which commands ask for a second look. Arguments and labels come from the server.

import { t } from "./words.mjs";

/** Arguments that programs give, not people at the desk. */
const NOT_ASKED = new Set(["rule", "photos", "evidence", "conditions", "collector", "checker", "basis", "desk"]);

const WIDGETS = {
  lead: "department",
  department: "department",
  assists: "departments",
  units: "units",
  category: "category",
  condition: "condition",
  master: "case",
  until: "instant",
  note: "lines",
  text: "lines",
  reason: "lines",
  evidence: "evidence",
};

/** Commands that end a case or cannot simply be taken back. */
export const GRAVE = new Set(["reject", "void", "close", "merge", "return", "rework", "pass_check"]);

/** Commands that ask for nothing and take nothing from anybody: done by one press. */
export const DIRECT = new Set(["acknowledge"]);

/** Commands that carry a case on its way: shown first, the first of them as the main button. */
const MAIN_ORDER = ["approve", "keep_open", "accept", "arrive", "control", "resolve", "pass_check", "dispatch", "file", "close", "assign_check", "request_verification", "unmerge", "resume", "reopen"];

/** The fields of a command's form: [{name, widget, required, choices}]. */
export function fieldsOf(name, schema, codes = {}) {
  const required = new Set(schema?.required ?? []);
  return Object.entries(schema?.arguments ?? {})
    .filter(([argument]) => required.has(argument) || !NOT_ASKED.has(argument))
    .map(([argument, { choices }]) => {
      const list = choices ?? codes[`${name}.${argument}`];
      const widget = list ? "choice" : (WIDGETS[argument] ?? "line");
      return { name: argument, widget, required: required.has(argument), choices: list };
    });
}

/** The allowed actions, those that carry the case on first. */
export function ordered(actions) {
  const rank = (name) => (MAIN_ORDER.includes(name) ? MAIN_ORDER.indexOf(name) : MAIN_ORDER.length);
  return [...actions].sort((a, b) => rank(a) - rank(b));
}

const roleWords = (roles) => roles.map((role) => t(`role.${role}`)).join(t("format.comma"));

// The limits a command stands under, as values of its `hint.*` sentence.
const HINTS = {
  suspend: (_row, limits) => ({ n: limits.suspensions, days: limits.suspend_longest, roles: roleWords(limits.approvals.suspension) }),
  extend: (row, limits) => ({ used: row.extended_n ?? 0, n: limits.extensions, roles: roleWords(limits.approvals.extension) }),
  return: (row, limits) => ({ nth: row.returned_n + 1, n: limits.returns_to_supervision }),
  approve: (row) => row.approval && { what: t(`approval.${row.approval.what}`), role: t(`role.${row.approval.role}`), left: row.approval.left },
  all_clear: (_row, limits) => ({ s: limits.auto_close_grace }),
  reopen: (_row, limits) => ({ days: limits.reopen_window }),
  correct_category: (_row, limits) => ({ hours: limits.correct_filed_category }),
  change_priority: () => ({}),
};

/** What to say of a command's limits; null where there is nothing to say. */
export const hintOf = (name, row, limits) => (limits && HINTS[name]?.(row, limits)) || null;

/** How many of the ordered actions are shown as buttons; the rest stand behind "more". */
export const SHOWN_ACTIONS = 5;

/** The arguments to send: what was left empty is left out. */
export function argumentsOf(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined && !(Array.isArray(value) && !value.length)));
}
