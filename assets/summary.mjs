// The leaders' page: asks once for a span, draws it, and opens what is behind any figure.

import { Problem, getJson } from "./api.mjs";
import { h, setText, whenPresent } from "./dom.mjs";
import { instant, parts, toMs } from "./format.mjs";
import { whenMap } from "./map.mjs";
import { Names } from "./names.mjs";
import { barEnd, brand } from "./navigation.mjs";
import { Briefs } from "./summary_briefs.mjs";
import { drawEvaluation } from "./summary_evaluation.mjs";
import { Drill } from "./summary_drill.mjs";
import { problemText } from "./summary_format.mjs";
import { TownMap } from "./summary_map.mjs";
import { RANGES, SpanBar, queryOf } from "./summary_span.mjs";
import { card, catalogueTable, groupName, groupTable, named, responseTable } from "./summary_tables.mjs";
import { warningsLine } from "./warnings.mjs";
import { readBoot, t } from "./words.mjs";

const MAPPED = ["G13", "G12", "G01", "G14", "C05"];
const BY_TOWN = ["G01", "G12", "G13", "G14", "C05"];
const BY_DEPARTMENT = ["G22", "G11", "G12", "G13", "G14", "G17"];
const READING = "figures.reading";
const AGAIN_MS = 1000;
const AFTER_MS = 5000;
const SLOW_MS = 300;

/** The page as one object. */
class Summary {
  constructor(boot, places, map, reference) {
    Object.assign(this, { boot, places, mapped: MAPPED[0] });
    this.names = new Names();
    this.names.useTowns(reference.county.towns);
    this.map = new TownMap(map, { shapes: reference.towns, bbox: boot.county.bbox, onTown: (name) => this.narrow(name) });
    this.drill = new Drill(places.drill, { names: this.names, map: new Points(map), may: boot.viewer.permissions.includes("case.read") });
    this.bar = new SpanBar(places.span, { towns: reference.county.towns, departments: reference.departments, onChange: () => this.load() });
    this.onFigure = (row, own) => this.open(row, own);
    document.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const range = RANGES[Number(event.key) - 1];
    if (range) this.bar.choose(range);
    if (event.key === "p") window.print();
  }

  narrow(town) {
    this.bar.set({ town: this.bar.asked.town === town ? "" : town });
    const list = this.places.span.querySelectorAll("select")[1];
    list.value = this.bar.asked.town;
  }

  async load() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const slow = setTimeout(() => turn === this.turn && document.querySelector(".summary").classList.add("is-counting"), SLOW_MS);
    try {
      const told = await getJson(`/api/v1/figures/summary?${queryOf(this.bar.asked)}`);
      if (turn === this.turn) this.draw(told);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (turn === this.turn && failure.code === READING) this.wait(failure);
      else if (turn === this.turn) this.fail(failure, turn);
    } finally {
      clearTimeout(slow);
      if (turn === this.turn) document.querySelector(".summary").classList.remove("is-counting");
    }
  }

  /** The console has just started and reads its past: say how far it is, and come again. */
  wait(failure) {
    const bar = h("progress", { max: 100, value: failure.body.percent, "aria-label": failure.message });
    this.places.cards.replaceChildren(h("div", { class: "empty", role: "status" }, h("p", { text: failure.message }), bar));
    setTimeout(() => this.load(), AGAIN_MS);
  }

  /** Say why, let what is left of the former span be seen as such, and come again by itself where nobody answered. */
  fail(failure, turn) {
    const problem = problemText(failure);
    document.querySelector(".summary").classList.add("is-failed");
    if (failure.passing) setTimeout(() => turn === this.turn && this.load(), AFTER_MS);
    this.places.cards.replaceChildren(h("div", { class: "empty", role: "alert" }, h("p", { text: t("summary.failed", { problem }) }), h("button", { type: "button", class: "action", text: t("summary.retry"), onclick: () => this.load() })));
  }

  draw(told) {
    document.querySelector(".summary").classList.remove("is-failed");
    this.told = told;
    this.bar.seen = { first: told.first, last: told.last };
    this.rows = new Map(told.figures.map((row) => [row.id, row]));
    const rowsOf = (ids) => ids.map((id) => this.rows.get(id));
    setText(this.at, `${told.first} – ${told.last} · ${t("summary.counted_at", { at: instant(toMs(told.at), Date.now()) })}`);
    this.places.cards.replaceChildren(...rowsOf(told.cards).map((row) => card(row, this.bar.asked.compare, this.onFigure)));
    this.drawTowns(rowsOf);
    this.places.warned.replaceChildren(...warningsLine(told.warnings, Date.now()));
    this.section("response", responseTable(told.figures.filter((row) => row.measure === "duration" && row.group === "emergency"), this.onFigure));
    this.section("departments", groupTable({ groups: told.departments.filter((one) => one.name), rows: rowsOf(BY_DEPARTMENT), first: t("summary.department"), nameOfGroup: (id) => this.names.department(id), onFigure: (row, own) => this.open(row, { department: own }), scores: told.scores.department ?? null, empty: t("summary.empty_departments") }), h("small", { class: "dim", text: t("summary.profile") }));
    this.drawGroups(told.figures);
  }

  drawTowns(rowsOf) {
    const pick = h("select", { "aria-label": t("summary.on_map"), onchange: (event) => this.showOnMap(event.target.value) }, rowsOf(MAPPED).map((row) => h("option", { value: row.id, text: named(row), selected: row.id === this.mapped })));
    this.places.head.replaceChildren(h("h2", { text: t("summary.where") }), h("label", { class: "labelled" }, h("span", { text: t("summary.on_map") }), pick));
    this.places.towns.replaceChildren(groupTable({ groups: this.told.towns.filter((one) => one.name), rows: rowsOf(BY_TOWN), first: t("summary.town"), nameOfGroup: this.names.town, onFigure: (row, own) => this.open(row, { town: own }), scores: this.told.scores.town ?? null, empty: t("summary.empty_towns") }));
    this.showOnMap(this.mapped);
  }

  showOnMap(id) {
    this.mapped = id;
    this.map.draw(this.rows.get(id), this.told.towns);
  }

  drawGroups(figures) {
    const table = (group) => h("div", { class: "group" }, h("h3", { text: groupName(group) }), catalogueTable(figures.filter((row) => row.group === group), this.onFigure));
    this.section("vital", h("div", { class: "groups" }, ["sensing", "coverage", "hotline", "platform"].map(table)));
    this.section("all", h("div", { class: "groups" }, ["closure", "emergency"].map(table)));
  }

  section(name, ...content) {
    this.places[name].replaceChildren(h("div", { class: "section-head" }, h("h2", { text: t(`summary.${name}`) }), content.slice(1)), content[0]);
  }

  /** Open what is behind a figure: of all, or of one town or department alone. */
  async open(row, own = {}) {
    const asked = { ...this.bar.asked, ...own };
    if (!own.town && !own.department) return this.drill.open(row, asked);
    try {
      return this.drill.open(await getJson(`/api/v1/figures/${row.id}?${queryOf(asked)}`), asked);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      return setText(this.at, problemText(failure));
    }
  }

  top() {
    this.at = h("span", { class: "dim num", role: "status" });
    this.places.top.replaceChildren(brand(this.boot, "/summary"), this.at, h("div", { class: "gap" }),
      h("button", { type: "button", class: "icon-button wide", text: t("summary.print"), title: "p", onclick: () => window.print() }), ...barEnd(this.boot.viewer));
  }

  /** Today's date in the county. */
  today() {
    const { year, month, day } = parts(Date.now());
    return `${year}-${month}-${day}`;
  }

  async run() {
    this.top();
    await this.names.load();
    await this.load();
    drawEvaluation(this.places.evaluation, { viewer: this.boot.viewer, onBrought: () => this.load() });
    if (this.boot.viewer.permissions.includes("brief.read")) this.briefs = new Briefs(this.places.briefs, { viewer: this.boot.viewer, spanShown: () => ({ ...this.bar.seen, today: this.today() }) });
    else this.places.briefs.hidden = true;
  }
}

/** The places of the cases behind a figure. */
class Points {
  constructor(map) {
    this.layer = window.L.layerGroup().addTo(map);
  }

  points(places) {
    this.layer.clearLayers();
    for (const [lon, lat] of places) this.layer.addLayer(window.L.circleMarker([lat, lon], { radius: 4, className: "case-point", interactive: false }));
  }
}

async function main() {
  const boot = readBoot();
  const ids = { top: "summary-top", span: "span", warned: "warned", cards: "cards", head: "where-head", towns: "towns", response: "response", departments: "departments", vital: "vital", all: "all", evaluation: "evaluation", briefs: "briefs", drill: "drill" };
  const [map, ...found] = await Promise.all([whenMap(), ...Object.values(ids).map((id) => whenPresent(id))]);
  const places = Object.fromEntries(Object.keys(ids).map((name, i) => [name, found[i]]));
  const [county, towns, departments] = await Promise.all([getJson("/api/v1/county"), getJson("/api/v1/county/towns"), getJson("/api/v1/departments")]);
  await new Summary(boot, places, map, { county, towns, departments: departments.items }).run();
  document.body.append(h("span", { id: "summary-ready", hidden: true }));
}

if (typeof document !== "undefined") main();
