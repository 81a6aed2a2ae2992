// The administrators' page: a tab for each power, and only those a person holds.

import { AccountsTab } from "./admin_accounts.mjs";
import { AuditTab } from "./admin_audit.mjs";
import { BackupsTab } from "./admin_backups.mjs";
import { CategoriesTab } from "./admin_categories.mjs";
import { HealthTab } from "./admin_health.mjs";
import { KeysTab } from "./admin_keys.mjs";
import { KiosksTab } from "./admin_kiosks.mjs";
import { RulesTab } from "./admin_rules.mjs";
import { UnitsTab } from "./admin_units.mjs";
import { WiresTab } from "./admin_wires.mjs";
import { PlansTab } from "./plan_editor.mjs";
import { Problem } from "./api.mjs";
import { h, setAttr, whenPresent } from "./dom.mjs";
import { barEnd, brand } from "./navigation.mjs";
import { onePress } from "./presses.mjs";
import { readBoot, t } from "./words.mjs";

/** Each tab: its name, the permissions of which one is enough, and what makes it. */
export const TABS = [
  { name: "accounts", needs: ["account.manage", "role.grant"], Tab: AccountsTab },
  { name: "keys", needs: ["key.manage"], Tab: KeysTab },
  { name: "kiosks", needs: ["key.manage"], Tab: KiosksTab },
  { name: "categories", needs: ["category.import"], Tab: CategoriesTab },
  { name: "plans", needs: ["plan.edit"], Tab: PlansTab },
  { name: "rules", needs: ["rules.edit"], Tab: RulesTab },
  { name: "units", needs: ["units.register"], Tab: UnitsTab },
  { name: "wires", needs: ["wires.read"], Tab: WiresTab },
  { name: "health", needs: ["health.detail"], Tab: HealthTab },
  { name: "backups", needs: ["backup.make"], Tab: BackupsTab },
  { name: "audit", needs: ["audit.read"], Tab: AuditTab },
];

/** The tabs somebody with these permissions sees. */
export const tabsOf = (permissions, tabs = TABS) => tabs.filter(({ needs }) => needs.some((one) => permissions.includes(one)));

/** The tab the address asks for, the first where it asks for none that is there. */
export const asked = (tabs, hash) => tabs.find(({ name }) => `#${name}` === hash) ?? tabs[0];

class Admin {
  constructor(boot, places) {
    Object.assign(this, { boot, places, made: new Map() });
    this.tabs = tabsOf(boot.viewer.permissions);
    this.top(places.top);
    this.buttons = new Map(this.tabs.map(({ name }) => [name, h("a", { class: "tab", role: "tab", href: `#${name}`, text: t(`admin.${name}`) })]));
    places.tabs.append(...this.buttons.values());
    setAttr(places.tabs, "role", "tablist");
    window.addEventListener("hashchange", () => this.show());
  }

  top(root) {
    root.append(brand(this.boot, "/admin"), h("div", { class: "gap" }), ...barEnd(this.boot.viewer));
  }

  async show() {
    const tab = asked(this.tabs, window.location.hash);
    if (!tab) return this.places.page.replaceChildren(h("p", { class: "empty", text: t("admin.nothing") }));
    for (const [name, button] of this.buttons) setAttr(button, "aria-selected", String(name === tab.name));
    if (!this.made.has(tab.name)) {
      const root = h("div", { class: "admin-tab", role: "tabpanel", "aria-label": t(`admin.${tab.name}`) });
      this.made.set(tab.name, { root, shown: new tab.Tab(root, this.boot) });
    }
    const { root, shown } = this.made.get(tab.name);
    this.current?.leave?.();
    this.current = shown;
    this.places.page.replaceChildren(root);
    try {
      await shown.load();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      root.prepend(h("p", { class: "admin-said is-late", role: "alert", text: failure.passing ? t("error.unanswered") : failure.message || t("error.unknown") }));
    }
    return tab;
  }
}

async function main() {
  onePress();
  const [top, tabs, page] = await Promise.all(["admin-top", "admin-tabs", "admin-page"].map((id) => whenPresent(id)));
  await new Admin(readBoot(), { top, tabs, page }).show();
  document.body.append(h("span", { id: "admin-ready", hidden: true }));
}

if (typeof document !== "undefined") main();
