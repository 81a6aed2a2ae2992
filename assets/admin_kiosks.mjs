// The wall screens' tab: which screens open the wall by themselves.

import { Said, Table, act, ask, showOnce, when } from "./admin_parts.mjs";
import { getJson, postJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { t } from "./words.mjs";

export class KiosksTab {
  constructor(root) {
    this.said = new Said();
    this.table = new Table(["name", "created", "opened", "state", "acts"].map((c) => t(`admin.kiosk.${c}`)), (row) => this.cells(row), t("admin.no_kiosks"));
    root.append(h("div", { class: "table-head" }, h("h2", { text: t("admin.kiosks") }), h("div", { class: "gap" }), h("button", { type: "button", class: "action main", text: t("admin.add_kiosk"), onclick: () => this.add() })),
      h("p", { class: "dim", text: t("admin.kiosk.hint") }), this.said.element, this.table.element);
  }

  async load() {
    const told = await getJson("/api/v1/admin/kiosks");
    this.table.show(told.items.map((one) => ({ ...one, past: Boolean(one.revoked_at) })));
  }

  cells(one) {
    return [one.name, when(one.created_at), when(one.opened_at), one.revoked_at ? h("span", {}, t("admin.revoked"), " ", when(one.revoked_at)) : t("admin.holds"),
      one.revoked_at ? "" : act(t("admin.revoke"), () => this.revoke(one), true)];
  }

  async add() {
    const name = h("input", { type: "text", required: true, maxlength: 60 });
    const work = () => postJson("/api/v1/admin/kiosks", { name: name.value });
    const made = await ask(t("admin.add_kiosk"), [h("label", { class: "field" }, h("span", { text: t("admin.kiosk.name") }), name)], { agree: t("admin.issue"), work });
    if (!made) return;
    await this.load();
    this.said.tell(t("admin.kiosk_made", { name: made.kiosk.name }), "is-ok");
    await showOnce(t("admin.kiosk_of", { name: made.kiosk.name }), `${window.location.origin}${made.secret}`, t("admin.once_kiosk"));
  }

  async revoke(one) {
    const work = () => postJson(`/api/v1/admin/kiosks/${one.id}/revoke`, {});
    if (!(await ask(t("admin.sure_revoke_kiosk", { name: one.name }), [h("p", { text: t("admin.revoke_kiosk_hint") })], { agree: t("admin.revoke"), grave: true, work }))) return;
    await this.load();
    this.said.tell(t("admin.kiosk_revoked", { name: one.name }), "is-ok");
  }
}
