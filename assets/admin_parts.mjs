// What the administrators' tabs share: a table, a line that says what happened, a sheet that asks, and a secret shown once.

import { Problem } from "./api.mjs";
import { h, setAttr, setText } from "./dom.mjs";
import { instant, toMs } from "./format.mjs";
import { language, t } from "./words.mjs";

/** A table with its head; `draw` gives the cells of a row. */
export class Table {
  constructor(columns, draw, nothing) {
    Object.assign(this, { columns, draw, nothing });
    this.body = h("tbody");
    this.element = h("div", { class: "versions", tabindex: "0" }, h("table", {}, h("thead", {}, h("tr", {}, columns.map((text) => h("th", { scope: "col", text })))), this.body));
  }

  show(rows) {
    this.body.replaceChildren(...rows.map((row) => h("tr", { class: row.past ? "is-past" : "" }, this.draw(row).map((cell) => h("td", {}, cell)))));
    if (!rows.length) this.body.append(h("tr", {}, h("td", { colspan: this.columns.length, class: "dim", text: this.nothing })));
  }
}

/** When something was, or a dash. */
export const when = (text) => h("span", { class: "num", text: text ? instant(toMs(text), Date.now()) : t("format.none") });

/** A button of a row. */
export const act = (label, onclick, grave = false) => h("button", { type: "button", class: `action small${grave ? " grave" : ""}`, text: label, onclick });

/** The name of a role or a department in the page's language. */
export const named = (row) => (language() === "en" ? row.en ?? row.name_en : row.zh ?? row.name_zh) ?? row.id;

/** A line that says what came of the last act. */
export class Said {
  constructor() {
    this.element = h("p", { class: "admin-said", role: "status", hidden: true });
  }

  tell(text, level = "") {
    this.element.hidden = !text;
    setAttr(this.element, "class", `admin-said ${level}`);
    setText(this.element, text);
  }

  /** Do something and tell why it could not be done. */
  async guard(work) {
    try {
      return await work();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.tell(failure.passing ? t("error.unanswered") : failure.message || t("error.unknown"), "is-late");
      return null;
    }
  }
}

/**
 * A sheet over the page: a heading, what is in it, and two buttons; resolves to what `work` brought, false where it was let be.
 * A refusal is told in the sheet, which stays with everything that was filled in.
 */
export function ask(heading, children, { agree, grave = false, cancel = true, work = () => true }) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "sheet admin-sheet", "aria-label": heading });
    const said = new Said();
    const send = h("button", { type: "submit", class: `action ${grave ? "grave" : "main"}`, text: agree });
    const close = (answer) => {
      dialog.remove();
      resolve(answer);
    };
    const submit = async (event) => {
      event.preventDefault();
      send.disabled = true;
      said.tell("");
      const answer = await said.guard(() => work(said));
      send.disabled = false;
      if (answer) close(answer);
    };
    dialog.append(h("form", { method: "dialog", onsubmit: submit }, h("h2", { text: heading }), children, said.element,
      h("div", { class: "form-foot" }, send, cancel && h("button", { type: "button", class: "action", text: t("admin.cancel"), onclick: () => close(false) }))));
    dialog.addEventListener("cancel", () => close(false));
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("input, select")?.focus();
  });
}

/** Show a password or a key, which nobody can see again. */
export function showOnce(heading, secret, hint = t("admin.once")) {
  const code = h("code", { class: "secret", tabindex: "0", text: secret });
  const copied = h("span", { class: "dim", role: "status" });
  const copy = h("button", { type: "button", class: "action", text: t("admin.copy"), onclick: async () => {
    await navigator.clipboard?.writeText(secret).catch(() => {});
    setText(copied, t("admin.copied"));
  } });
  return ask(heading, [h("p", { text: hint }), h("div", { class: "secret-line" }, code, copy, copied)], { agree: t("admin.noted"), cancel: false });
}

/** The choice of roles, by ticks; those that may not meet one that is ticked are shut. */
export function rolePicker({ roles, conflicts }, held) {
  const boxes = new Map(roles.map((role) => [role.id, h("input", { type: "checkbox", value: role.id, onchange: () => shut() })]));
  for (const id of held) if (boxes.has(id)) boxes.get(id).checked = true;
  const picked = () => [...boxes].filter(([, box]) => box.checked).map(([id]) => id);
  const shut = () => {
    const now = new Set(picked());
    for (const [id, box] of boxes) box.disabled = !box.checked && conflicts.some(([a, b]) => (a === id && now.has(b)) || (b === id && now.has(a)));
  };
  shut();
  return { picked, element: h("fieldset", { class: "role-list" }, h("legend", { text: t("admin.roles") }), roles.map((role) => h("label", {}, boxes.get(role.id), h("span", { text: named(role) })))) };
}

/** The choice of a department, none first. */
export function departmentPicker(departments, held) {
  const element = h("select", { "aria-label": t("admin.department") }, h("option", { value: "", text: t("admin.no_department") }), departments.map((row) => h("option", { value: row.id, text: named(row) })));
  element.value = held ?? "";
  return element;
}
