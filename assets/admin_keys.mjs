// The keys' tab: which other systems may speak to this one, and as what.

import { Said, Table, act, ask, departmentPicker, named, rolePicker, showOnce, when } from "./admin_parts.mjs";
import { getJson, postJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { t } from "./words.mjs";

export class KeysTab {
  constructor(root) {
    this.said = new Said();
    this.table = new Table(["name", "roles", "department", "created", "used", "state", "acts"].map((c) => t(`admin.key.${c}`)), (row) => this.cells(row), t("admin.no_keys"));
    root.append(h("div", { class: "table-head" }, h("h2", { text: t("admin.keys") }), h("div", { class: "gap" }), h("button", { type: "button", class: "action main", text: t("admin.add_key"), onclick: () => this.add() })), this.said.element, this.table.element);
  }

  async load() {
    this.told = await getJson("/api/v1/admin/keys");
    this.roles = new Map(this.told.roles.map((role) => [role.id, named(role)]));
    this.departments = new Map(this.told.departments.map((row) => [row.id, named(row)]));
    this.table.show(this.told.items.map((one) => ({ ...one, past: Boolean(one.revoked_at) })));
  }

  cells(one) {
    return [one.name, one.roles.map((id) => this.roles.get(id) ?? id).join(t("format.comma")), this.departments.get(one.department) ?? one.department ?? "", when(one.created_at), when(one.used_at),
      one.revoked_at ? h("span", {}, t("admin.revoked"), " ", when(one.revoked_at)) : t("admin.holds"), one.revoked_at ? "" : act(t("admin.revoke"), () => this.revoke(one), true)];
  }

  async add() {
    const name = h("input", { type: "text", required: true, maxlength: 60 });
    const roles = rolePicker(this.told, ["integrator"]);
    const department = departmentPicker(this.told.departments, null);
    const work = () => postJson("/api/v1/admin/keys", { name: name.value, roles: roles.picked(), department: department.value || null });
    const made = await ask(t("admin.add_key"), [h("label", { class: "field" }, h("span", { text: t("admin.key.name") }), name), roles.element, h("label", { class: "field" }, h("span", { text: t("admin.department") }), department)], { agree: t("admin.issue"), work });
    if (!made) return;
    await this.load();
    this.said.tell(t("admin.key_made", { name: made.key.name }), "is-ok");
    await showOnce(t("admin.key_of", { name: made.key.name }), made.secret);
  }

  async revoke(one) {
    const work = () => postJson(`/api/v1/admin/keys/${one.id}/revoke`, {});
    if (!(await ask(t("admin.sure_revoke", { name: one.name }), [h("p", { text: t("admin.revoke_hint") })], { agree: t("admin.revoke"), grave: true, work }))) return;
    await this.load();
    this.said.tell(t("admin.key_revoked", { name: one.name }), "is-ok");
  }
}
