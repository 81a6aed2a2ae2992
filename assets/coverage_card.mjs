// The card of one site: its cells with what was assumed, and what may be done with it.

import { getJson, newKey, postJson, Problem } from "./api.mjs";
import { h } from "./dom.mjs";
import { instant, number, toMs } from "./format.mjs";
import { t } from "./words.mjs";

const CAUSES = ["power", "transmission", "equipment", "damage", "planned", "unknown"];

const valueOf = (cell, name, unit = "") => h("td", { class: cell.assumed.includes(name) ? "num is-assumed" : "num", title: cell.assumed.includes(name) ? t("coverage.site.assumed") : null, text: `${cell[name === "electrical_tilt_deg" ? "tilt_deg" : name]}${unit}` });

function cellRow(cell) {
  return h("tr", { class: cell.in_service ? "" : "is-off" }, h("td", { text: cell.sector }), h("td", { text: cell.band }), h("td", { class: "num", text: String(cell.arfcn) }), h("td", { class: "num", text: String(cell.pci) }),
    valueOf(cell, "azimuth_deg", "°"), valueOf(cell, "height_m"), valueOf(cell, "electrical_tilt_deg", "°"), valueOf(cell, "power_dbm"));
}

/** A dialog over the map's corner; one site at a time. */
export class SiteCard {
  constructor(root, { may, now, tell, onTry, onChanged }) {
    Object.assign(this, { may, now, tell, onTry, onChanged });
    this.element = h("section", { class: "site-card", hidden: true, "aria-label": t("coverage.site.title") });
    root.append(this.element);
  }

  async open(id) {
    try {
      this.site = await getJson(`/api/v1/sites/${encodeURIComponent(id)}`);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      return this.tell(failure.message || t("error.unanswered"), "warn");
    }
    return this.draw();
  }

  draw() {
    const { site } = this;
    const close = h("button", { type: "button", class: "icon-button", text: "✕", title: t("form.close"), "aria-label": t("form.close"), onclick: () => this.close() });
    const head = h("header", {}, h("h2", { text: site.name }), h("span", { class: "dim mono", text: site.id }), close);
    const facts = h("p", { class: "dim", text: [site.operator_name, site.technologies.join("/"), t("coverage.site.cells", { n: number(site.cells) }), site.assumed && t("coverage.site.assumed_n", { n: number(site.assumed) })].filter(Boolean).join(" · ") });
    const table = h("div", { class: "site-cells", tabindex: "0" }, h("table", { class: "coverage-table" }, h("thead", {}, h("tr", {}, ["sector", "band", "arfcn", "pci", "azimuth", "height", "tilt", "power"].map((name, n) => h("th", { scope: "col", class: n > 1 ? "num" : "", text: t(`coverage.cell.${name}`) })))), h("tbody", {}, site.sectors.map(cellRow))));
    this.element.replaceChildren(head, facts, this.outage() ?? "", table, h("p", { class: "dim", text: t("coverage.site.assumed_note") }), h("footer", {}, ...this.acts()));
    this.element.hidden = false;
  }

  outage() {
    const { outage } = this.site;
    if (!outage) return null;
    const affected = outage.people === null ? t("coverage.affected_unknown") : t("coverage.affected", { people: number(outage.people), area: outage.area_km2.toFixed(1) });
    return h("p", { class: "is-late", text: [t("coverage.site.since", { at: instant(toMs(outage.since_at), this.now()) }), t(`coverage.cause.${outage.cause}`), affected].join(" · ") });
  }

  acts() {
    const acts = [];
    if (this.may.plan && !this.site.indoor) acts.push(h("button", { type: "button", class: "action", text: t("coverage.site.try"), onclick: () => this.onTry(this.site) }));
    if (!this.may.outage) return acts;
    if (this.site.outage) acts.push(h("button", { type: "button", class: "action main", text: t("coverage.site.back"), onclick: () => this.act("end", this.site.id) }));
    else {
      const cause = h("select", { "aria-label": t("coverage.site.cause") }, CAUSES.map((one) => h("option", { value: one, text: t(`coverage.cause.${one}`) })));
      acts.push(h("span", { class: "gap" }), cause, h("button", { type: "button", class: "action grave", text: t("coverage.site.begin"), onclick: () => this.act("begin", this.site.id, { cause: cause.value }) }));
    }
    return acts;
  }

  /** Begin or end an outage; what the server refuses is told as it says it. */
  async act(what, id, body = {}) {
    const path = `/api/v1/sites/${encodeURIComponent(id)}/outage${what === "end" ? "/end" : ""}`;
    try {
      const { outage } = await postJson(path, body, newKey());
      this.tell(t(`coverage.outage.${what}`, { name: outage.name }));
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.tell(failure.passing ? t("error.unanswered") : failure.message || t("error.unknown"), "warn");
    }
    if (!this.element.hidden && this.site?.id === id) await this.open(id);
    this.onChanged();
  }

  close() {
    const open = !this.element.hidden;
    this.element.hidden = true;
    return open;
  }
}
