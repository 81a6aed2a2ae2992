// The accounts' tab: who may sign in and as what; whoever manages accounts gives no roles, and the other way round.

import { Said, Table, act, ask, departmentPicker, named, rolePicker, showOnce, when } from "./admin_parts.mjs";
import { getJson, postJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { number } from "./format.mjs";
import { t } from "./words.mjs";

/** The accounts that hold every word, those that are ended last. */
export function matching(accounts, text) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = accounts.filter((one) => wanted.every((word) => `${one.user_name} ${one.name} ${one.roles.join(" ")} ${one.department ?? ""}`.toLowerCase().includes(word)));
  return [...found].sort((a, b) => Number(Boolean(a.disabled_at)) - Number(Boolean(b.disabled_at)));
}

export class AccountsTab {
  constructor(root, { viewer }) {
    this.may = (permission) => viewer.permissions.includes(permission);
    this.told = { items: [], roles: [], departments: [], conflicts: [] };
    this.said = new Said();
    this.count = h("span", { class: "dim num", role: "status" });
    this.search = h("input", { type: "search", placeholder: t("admin.search_accounts"), "aria-label": t("admin.search_accounts"), oninput: () => this.draw() });
    this.table = new Table(["user_name", "name", "roles", "department", "signed_in", "state", "acts"].map((c) => t(`admin.account.${c}`)), (row) => this.cells(row), t("admin.no_accounts"));
    root.append(h("div", { class: "table-head" }, h("h2", { text: t("admin.accounts") }), this.count, this.search, this.may("account.manage") && h("button", { type: "button", class: "action main", text: t("admin.add_account"), onclick: () => this.add() })), this.said.element, this.table.element);
  }

  async load() {
    this.told = await getJson("/api/v1/admin/accounts");
    this.roles = new Map(this.told.roles.map((role) => [role.id, named(role)]));
    this.departments = new Map(this.told.departments.map((row) => [row.id, named(row)]));
    this.draw();
  }

  draw() {
    const shown = matching(this.told.items, this.search.value);
    setText(this.count, t("admin.count_of", { n: number(shown.length), all: number(this.told.items.length) }));
    this.table.show(shown.map((one) => ({ ...one, past: Boolean(one.disabled_at) })));
  }

  cells(one) {
    const acts = [];
    if (this.may("role.grant")) acts.push(act(t("admin.grant"), () => this.grant(one)));
    if (this.may("account.manage")) {
      acts.push(act(t("admin.new_password"), () => this.change(one, "password")));
      acts.push(one.disabled_at ? act(t("admin.enable"), () => this.change(one, "enable")) : act(t("admin.disable"), () => this.change(one, "disable"), true));
    }
    return [h("span", { class: "mono", text: one.user_name }), one.name, one.roles.map((id) => this.roles.get(id) ?? id).join(t("format.comma")) || h("span", { class: "is-warn", text: t("admin.no_roles") }), this.departments.get(one.department) ?? one.department ?? "",
      when(one.signed_in_at), t(one.disabled_at ? "admin.disabled" : "admin.enabled"), h("div", { class: "row-acts" }, acts)];
  }

  async add() {
    const user = h("input", { type: "text", required: true, maxlength: 40, autocomplete: "off" });
    const name = h("input", { type: "text", required: true, maxlength: 60 });
    const department = departmentPicker(this.told.departments, null);
    const field = (key, input) => h("label", { class: "field" }, h("span", { text: t(`admin.account.${key}`) }), input);
    const work = () => postJson("/api/v1/admin/accounts", { user_name: user.value, name: name.value, department: department.value || null });
    const made = await ask(t("admin.add_account"), [field("user_name", user), field("name", name), field("department", department), h("p", { class: "dim", text: t("admin.roles_later") })], { agree: t("admin.add"), work });
    if (!made) return;
    await this.load();
    this.said.tell(t("admin.account_made", { name: made.account.user_name }), "is-ok");
    await showOnce(t("admin.password_of", { name: made.account.user_name }), made.password);
  }

  async grant(one) {
    const roles = rolePicker(this.told, one.roles);
    const department = departmentPicker(this.told.departments, one.department);
    const work = () => postJson(`/api/v1/admin/accounts/${one.id}/roles`, { roles: roles.picked(), department: department.value || null });
    if (!(await ask(t("admin.grant_to", { name: one.user_name }), [roles.element, h("label", { class: "field" }, h("span", { text: t("admin.department") }), department), h("p", { class: "dim", text: t("admin.signs_out") })], { agree: t("admin.grant"), work }))) return;
    await this.load();
    this.said.tell(t("admin.granted", { name: one.user_name }), "is-ok");
  }

  async change(one, what) {
    const work = () => postJson(`/api/v1/admin/accounts/${one.id}/${what}`, {});
    const sure = () => ask(t(`admin.sure_${what}`, { name: one.user_name }), [h("p", { text: t("admin.signs_out") })], { agree: t(what === "disable" ? "admin.disable" : "admin.new_password"), grave: what === "disable", work });
    const done = await (what === "enable" ? this.said.guard(work) : sure());
    if (!done) return;
    await this.load();
    this.said.tell(t(`admin.done_${what}`, { name: one.user_name }), "is-ok");
    if (done.password) await showOnce(t("admin.password_of", { name: one.user_name }), done.password);
  }
}
