// The alarm rules' tab: the sensors' page's own editor, for whoever keeps the rules.

import { getJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { RulePanel } from "./sensor_rules.mjs";
import { t } from "./words.mjs";

export class RulesTab {
  constructor(root, { viewer }) {
    this.place = h("div", { class: "admin-rules" });
    this.permitted = viewer.permissions.includes("rules.edit");
    root.append(h("div", { class: "table-head" }, h("h2", { text: t("admin.rules") })), h("p", { class: "dim", text: t("admin.rules_hint") }), this.place);
  }

  async load() {
    if (this.panel) return;
    const { kinds } = await getJson("/api/v1/sensors");
    this.panel = new RulePanel(this.place, { kinds, permitted: this.permitted, now: () => Date.now() });
    await this.panel.load();
  }
}
