// What is heard under the cursor: asked for when it rests, told beside it; a click keeps it, the middle of the map answers to a key.

import { getJson, Problem } from "./api.mjs";
import { h } from "./dom.mjs";
import { distance, percent, position } from "./format.mjs";
import { t } from "./words.mjs";

const RESTS_MS = 120;

/** One place's receptions as a small table. */
export function receptions({ lon, lat, town, items }) {
  const row = (one) => h("tr", { class: one.weak ? "is-weak" : "" },
    h("td", { text: `${one.operator_name} ${one.technology}` }), h("td", { class: "num", text: one.rsrp_dbm.toFixed(0) }), h("td", { class: "num", text: one.sinr_db.toFixed(0) }), h("td", { text: one.label }), h("td", { class: "num", text: percent(one.chance) }), h("td", { text: `${one.site} ${one.band} · ${distance(one.distance_m)}` }));
  const head = h("p", { class: "under-head" }, h("b", { text: town }), h("span", { class: "dim num", text: position(lon, lat) }));
  if (!items.length) return h("div", { class: "under" }, head, h("p", { class: "is-late", text: t("coverage.under.nothing") }));
  return h("div", { class: "under" }, head, h("table", {}, h("thead", {}, h("tr", {}, ["network", "rsrp", "sinr", "class", "chance", "server"].map((name, n) => h("th", { scope: "col", class: [1, 2, 4].includes(n) ? "num" : "", text: t(`coverage.under.${name}`) })))), h("tbody", {}, items.map(row))));
}

/** The tooltip of one map. */
export class UnderCursor {
  constructor(view, { busy = () => false } = {}) {
    Object.assign(this, { L: window.L, map: view.map, busy });
    this.tip = this.L.tooltip({ direction: "right", offset: [14, 0], className: "under-tip", opacity: 1 });
    this.map.on("mousemove", (event) => this.later(event.latlng));
    this.map.on("mouseout movestart", () => this.hide());
  }

  later(latlng) {
    clearTimeout(this.timer);
    this.asking?.abort();
    if (this.kept || this.busy()) return;
    this.tip.remove();
    this.timer = setTimeout(() => this.ask(latlng), RESTS_MS);
  }

  hide() {
    clearTimeout(this.timer);
    this.asking?.abort();
    if (!this.kept) this.tip.remove();
  }

  /** Keep what is told of a place until the next click. */
  keep(latlng) {
    this.kept = false;
    this.ask(latlng).then((told) => { this.kept = told; });
  }

  drop() {
    const had = Boolean(this.kept);
    this.asking?.abort();
    this.kept = false;
    this.tip.remove();
    return had;
  }

  async ask(latlng) {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    try {
      const told = await getJson(`/api/v1/coverage/at?lon=${latlng.lng.toFixed(6)}&lat=${latlng.lat.toFixed(6)}`, asking.signal);
      this.tip.setLatLng(latlng).setContent(receptions(told)).addTo(this.map);
      return true;
    } catch (failure) {
      // Outside the county, or not predicted yet: nothing is claimed there.
      if (failure.name !== "AbortError" && !(failure instanceof Problem)) throw failure;
      return false;
    }
  }
}
