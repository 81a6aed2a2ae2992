// The backups' tab: which there are, and one more, made while the console works.

import { Said, Table, when } from "./admin_parts.mjs";
import { bytes } from "./admin_health.mjs";
import { getJson, postJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { number } from "./format.mjs";
import { t } from "./words.mjs";

const ASKED_EVERY_MS = 1000;

export class BackupsTab {
  constructor(root) {
    this.said = new Said();
    this.begin = h("button", { type: "button", class: "action main", text: t("admin.back_up"), onclick: () => this.start() });
    this.bar = h("progress", { hidden: true });
    this.step = h("span", { class: "dim", role: "status" });
    this.table = new Table(["name", "made", "size", "files", "secrets"].map((c) => t(`admin.backup.${c}`)), (row) => [h("span", { class: "mono", text: row.name }), when(row.made_at), h("span", { class: "num", text: bytes(row.bytes) }), h("span", { class: "num", text: number(row.files) }), t(row.with_secrets ? "admin.with_secrets" : "admin.without_secrets")], t("admin.no_backups"));
    root.append(h("div", { class: "table-head" }, h("h2", { text: t("admin.backups") }), this.bar, this.step, h("div", { class: "gap" }), this.begin), h("p", { class: "dim", text: t("admin.backup_hint") }), this.said.element, this.table.element);
  }

  async load() {
    clearTimeout(this.timer);
    this.show(await getJson("/api/v1/admin/backups"));
  }

  show(told) {
    const running = Boolean(told.under_way);
    this.begin.disabled = running;
    this.bar.hidden = !running;
    setText(this.step, running ? t("admin.backing_up", { step: told.under_way.step ? t(`admin.part.${told.under_way.step}`) : "" }) : "");
    if (told.last_problem) this.said.tell(t("admin.backup_failed", { code: told.last_problem }), "is-late");
    else if (this.was && !running) this.said.tell(t("admin.backup_made"), "is-ok");
    this.was = running;
    this.table.show(told.items);
    if (running) this.timer = setTimeout(() => this.said.guard(() => this.load()), ASKED_EVERY_MS);
  }

  async start() {
    this.said.tell("");
    const told = await this.said.guard(() => postJson("/api/v1/admin/backups", {}));
    if (told) this.show(told);
  }

  leave() {
    clearTimeout(this.timer);
  }
}
