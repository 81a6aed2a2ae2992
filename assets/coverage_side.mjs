// The right side of the coverage page: weak areas by town, key places, outages, the trend; each asked for when it is looked at.

import { getJson, Problem } from "./api.mjs";
import { h, setAttr, setText } from "./dom.mjs";
import { duration, instant, number, percent, toMs } from "./format.mjs";
import { passing, whichQuery, worstTowns } from "./coverage_model.mjs";
import { coded, t } from "./words.mjs";

const TABS = ["weak", "places", "outages", "trend", "measured", "try"];
const SKELETON_AFTER_MS = 300;
const PLACES_SHOWN = 200;

/** The tabs with their panels; a panel is drawn anew when its content changed and it is looked at. */
export class Side {
  constructor(root, panels) {
    this.panels = panels;
    this.tabs = h("div", { class: "tabs", role: "tablist" }, TABS.filter((name) => panels[name]).map((name) => h("button", { type: "button", class: "tab", role: "tab", id: `tab-${name}`, "data-tab": name, "aria-controls": "coverage-panel", onclick: () => this.open(name) }, t(`coverage.tab.${name}`), (panels[name].badge = h("span", { class: "tab-badge num" })))));
    this.place = h("div", { class: "coverage-panel", id: "coverage-panel", role: "tabpanel", tabindex: "0" });
    root.append(this.tabs, this.place);
    this.tabs.addEventListener("keydown", (event) => this.step(event));
    this.open("weak");
  }

  step(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const all = [...this.tabs.children];
    const next = all[(all.findIndex((tab) => tab.dataset.tab === this.now) + by + all.length) % all.length];
    this.open(next.dataset.tab);
    next.focus();
  }

  open(name) {
    if (this.now) this.panels[this.now].closed?.();
    this.now = name;
    for (const tab of this.tabs.children) {
      const chosen = tab.dataset.tab === name;
      setAttr(tab, "aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    setAttr(this.place, "aria-labelledby", `tab-${name}`);
    this.refresh();
  }

  /** Draw what is looked at. */
  async refresh() {
    const panel = this.panels[this.now];
    const turn = (this.turn = Symbol(this.now));
    const slow = setTimeout(() => turn === this.turn && this.place.replaceChildren(h("div", { class: "skeleton" }, [1, 2, 3, 4].map(() => h("i")))), SKELETON_AFTER_MS);
    try {
      const drawn = await panel.draw();
      if (turn === this.turn) this.place.replaceChildren(...[drawn].flat());
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      const said = failure.passing && failure.status !== 503 ? t("error.unanswered") : failure.message || t("error.unknown");
      if (turn === this.turn) this.place.replaceChildren(h("div", { class: "empty" }, h("p", { text: said }), h("button", { type: "button", class: "action", text: t("coverage.again"), onclick: () => this.refresh() })));
    } finally {
      clearTimeout(slow);
    }
  }
}

const figure = (name, value, more) => h("div", { class: "figure" }, h("b", { class: "num", text: value }), h("span", { text: t(`coverage.${name}`) }), more && h("span", { class: "dim num", text: more }));

/** The county's shares and a row per town. */
function sharesOf({ county, towns }, onTown) {
  const line = (row) => h("tr", { tabindex: "0", "data-town": row.town, onclick: () => onTown(row), onkeydown: (event) => event.key === "Enter" && onTown(row) },
    h("td", { text: row.name }), h("td", { class: "num", text: percent(row.people_share) }), h("td", { class: "num", text: number(row.weak_people) }), h("td", { class: "num", text: row.weak_area_km2.toFixed(1) }), h("td", { class: "num", text: row.weak_road_km.toFixed(1) }));
  return [
    h("div", { class: "coverage-figures" }, figure("people_share", percent(county.people_share), t("coverage.weak_people", { n: number(county.weak_people) })), figure("area_share", percent(county.area_share), t("coverage.weak_area", { n: county.weak_area_km2.toFixed(1) })), figure("road_share", percent(county.road_share), t("coverage.weak_road", { n: county.weak_road_km.toFixed(1) }))),
    h("table", { class: "coverage-table" }, h("thead", {}, h("tr", {}, ["town", "people_share_short", "weak_people_short", "weak_area_short", "weak_road_short"].map((name, n) => h("th", { scope: "col", class: n ? "num" : "", text: t(`coverage.column.${name}`) })))), h("tbody", {}, worstTowns(towns).map(line)))];
}

/** Weak areas: figures of all towns; of one town its areas, drawn on the map. */
export class WeakPanel {
  constructor({ layer, onAreas, onGo }) {
    Object.assign(this, { layer, onAreas, onGo, town: null });
  }

  async draw() {
    const query = whichQuery(this.layer());
    if (this.town) return this.drawTown(query);
    this.onAreas([]);
    const told = await getJson(`/api/v1/coverage/figures?${query}`);
    return sharesOf(told, (row) => this.choose(row));
  }

  choose(row) {
    this.town = row;
    this.again();
  }

  async drawTown(query) {
    const { features } = await getJson(`/api/v1/coverage/weak?${query}${query ? "&" : ""}town=${encodeURIComponent(this.town.town)}`);
    this.onAreas(features);
    const back = h("button", { type: "button", class: "link", text: t("coverage.all_towns"), onclick: () => this.choose(null) });
    const head = h("div", { class: "panel-head" }, back, h("h2", { text: this.town.name }), h("span", { class: "dim num", text: t("coverage.areas", { n: number(features.length) }) }));
    if (!features.length) return [head, h("p", { class: "empty", text: t("coverage.no_areas") })];
    const row = ({ properties: one }) => h("li", {}, h("button", { type: "button", class: "area-row", onclick: () => this.onGo(one) }, h("b", { class: "num", text: String(one.number) }), h("span", { class: "num grow", text: t("coverage.area_people", { n: number(one.people) }) }), h("span", { class: "num dim", text: `${one.area_km2.toFixed(2)} km²` }), h("span", { class: "num dim", text: t("coverage.area_road", { n: one.road_km.toFixed(1) }) }), one.unserved_share > 0.5 && h("span", { class: "flag is-emergency", text: t("coverage.unserved") })));
    return [head, h("ul", { class: "area-list" }, features.map(row))];
  }

  closed() {
    this.onAreas([]);
  }
}

/** Key places with what is heard there, the weakest first. */
export class PlacesPanel {
  constructor({ onPlaces, onGo }) {
    Object.assign(this, { onPlaces, onGo, group: "", text: "", weakOnly: true, list: h("div") });
  }

  async draw() {
    const { items } = await getJson(`/api/v1/coverage/places${this.group ? `?group=${this.group}` : ""}`);
    this.items = items;
    const groups = h("select", { "aria-label": t("coverage.pick.group"), onchange: (event) => { this.group = event.target.value; this.again(); } }, ["", "traffic", "community", "trade", "health", "school"].map((group) => h("option", { value: group, text: t(`coverage.group.${group || "all"}`), selected: group === this.group })));
    const search = h("input", { type: "search", value: this.text, placeholder: t("coverage.find_place"), "aria-label": t("coverage.find_place"), oninput: (event) => { this.text = event.target.value; this.show(); } });
    const weak = h("label", { class: "switch" }, h("input", { type: "checkbox", checked: this.weakOnly, onchange: (event) => { this.weakOnly = event.target.checked; this.show(); } }), h("span", { text: t("coverage.weak_only") }));
    this.count = h("p", { class: "dim num", role: "status" });
    this.show();
    return [h("div", { class: "panel-tools" }, groups, search, weak), this.count, this.list];
  }

  show() {
    const shown = passing(this.items, this);
    setText(this.count, t("coverage.places_count", { weak: number(this.items.filter((one) => one.weak).length), all: number(this.items.length) }));
    this.onPlaces(shown.slice(0, PLACES_SHOWN));
    if (!shown.length) return this.list.replaceChildren(h("p", { class: "empty", text: t(this.items.length ? "coverage.no_weak_places" : "coverage.no_places") }));
    return this.list.replaceChildren(h("ul", { class: "place-list" }, shown.slice(0, PLACES_SHOWN).map((place) => this.row(place))), shown.length > PLACES_SHOWN ? h("p", { class: "dim", text: t("coverage.more", { n: number(shown.length - PLACES_SHOWN) }) }) : "");
  }

  row(place) {
    const heard = place.heard.map((one) => h("span", { class: `heard ${one.weak ? "is-weak" : ""}`, title: `${one.operator} ${one.technology} ${one.rsrp_dbm ?? "—"} dBm` }, h("span", { text: `${coded("operator.short", one.operator)}${one.technology}` }), h("b", { text: one.label })));
    return h("li", {}, h("button", { type: "button", class: "place-row", onclick: () => this.onGo(place) }, h("span", { class: "place-name" }, h("b", { text: place.name || t("coverage.unnamed") }), h("span", { class: "dim", text: place.kind }), h("span", { class: `flag ${place.weak ? "is-emergency" : ""}`, text: place.label })), h("span", { class: "heard-list" }, heard)));
  }

  closed() {
    this.onPlaces([]);
  }
}

/** Outages that stand, and the newest that are over; those who may begin and end them here. */
export class OutagesPanel {
  constructor({ now, may, onGo, act }) {
    Object.assign(this, { now, may, onGo, act });
  }

  async draw() {
    const [standing, over] = await Promise.all(["/api/v1/outages", "/api/v1/outages?ended=true"].map((path) => getJson(path)));
    return [h("h3", { text: t("coverage.outages_standing", { n: number(standing.items.length) }) }),
      standing.items.length ? h("ul", { class: "outage-list" }, standing.items.map((one) => this.row(one))) : h("p", { class: "empty", text: t("coverage.no_outages") }),
      over.items.length > 0 && h("h3", { text: t("coverage.outages_over") }),
      over.items.length > 0 && h("ul", { class: "outage-list is-over" }, over.items.slice(0, 20).map((one) => this.row(one)))].filter(Boolean);
  }

  row(one) {
    const until = one.ended_at ? toMs(one.ended_at) : this.now();
    const affected = one.people === null ? t("coverage.affected_unknown") : t("coverage.affected", { people: number(one.people), area: one.area_km2.toFixed(1) });
    return h("li", { class: "outage-row" },
      h("button", { type: "button", class: "outage-what", onclick: () => this.onGo(one) }, h("b", { text: one.name }), h("span", { class: "dim", text: [coded("operator", one.operator), t(`coverage.cause.${one.cause}`)].join(" · ") })),
      h("span", { class: "num", text: `${instant(toMs(one.since_at), this.now())} · ${duration(until - toMs(one.since_at))}` }),
      h("span", { text: affected }), one.without_any > 0 && h("b", { class: "is-late", text: t("coverage.without_any", { people: number(one.without_any) }) }), one.cut_off.length > 0 && h("span", { class: "is-late", text: t("coverage.cut_off", { places: one.cut_off.slice(0, 6).join(t("format.comma")), n: number(one.cut_off.length) }) }),
      one.exercise && h("span", { class: "flag is-exercise", text: t("coverage.exercise") }),
      !one.ended_at && this.may && h("button", { type: "button", class: "action", text: t("coverage.site.back"), onclick: () => this.act("end", one.site_id) }));
  }
}

/** What coverage came to after each change of it. */
export class TrendPanel {
  constructor({ layer, now }) {
    Object.assign(this, { layer, now });
  }

  async draw() {
    const { items } = await getJson(`/api/v1/coverage/trend?${whichQuery({ ...this.layer(), band: "all" })}`);
    if (!items.length) return h("p", { class: "empty", text: t("coverage.no_trend") });
    const line = (one, n) => h("tr", {}, h("td", { class: "num", text: instant(toMs(one.at), this.now()) }), h("td", { text: t(`coverage.reason.${one.reason}`) }), ["people", "area", "road"].map((name) => h("td", { class: "num", text: percent(one[name]) })), h("td", { class: "num", text: this.step(one, items[n - 1]) }));
    return [this.picture(items), h("table", { class: "coverage-table" }, h("thead", {}, h("tr", {}, ["at", "reason", "people_share_short", "area_share_short", "road_share_short", "change"].map((name, n) => h("th", { scope: "col", class: n > 1 || !n ? "num" : "", text: t(`coverage.column.${name}`) })))), h("tbody", {}, items.map(line).reverse()))];
  }

  step(one, former) {
    if (!former) return t("format.none");
    const by = one.weak_people - former.weak_people;
    return `${by > 0 ? "+" : by < 0 ? "−" : "±"}${number(Math.abs(by))}`;
  }

  picture(items) {
    const SVG = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(SVG, "svg");
    const values = items.map((one) => one.people ?? 0);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const span = Math.max(high - low, 0.001);
    const x = (n) => 8 + (items.length > 1 ? (344 * n) / (items.length - 1) : 172);
    const y = (value) => 72 - (60 * (value - low)) / span;
    svg.setAttribute("viewBox", "0 0 360 84");
    svg.setAttribute("class", "trend");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", t("coverage.trend_label", { first: percent(values[0]), last: percent(values.at(-1)) }));
    const path = document.createElementNS(SVG, "polyline");
    path.setAttribute("points", values.map((value, n) => `${x(n)},${y(value)}`).join(" "));
    const dot = document.createElementNS(SVG, "circle");
    for (const [name, value] of [["cx", x(items.length - 1)], ["cy", y(values.at(-1))], ["r", 3.5]]) dot.setAttribute(name, value);
    svg.append(path, dot);
    return h("figure", { class: "trend-figure" }, h("figcaption", { class: "dim num", text: t("coverage.trend_caption", { low: percent(low), high: percent(high) }) }), svg);
  }
}

