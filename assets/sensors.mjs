// The sensors' page: a table and a map of everything that measures, alarms, one device closely, and the rules.

import { Problem, getJson } from "./api.mjs";
import { h, setAttr, setText, whenPresent } from "./dom.mjs";
import { age, number } from "./format.mjs";
import { datumAsked, importDialog } from "./import_sheet.mjs";
import { Live } from "./live_connection.mjs";
import { MapView, whenMap } from "./map.mjs";
import { Names } from "./names.mjs";
import { barEnd, brand } from "./navigation.mjs";
import { switchTheme } from "./preferences.mjs";
import { AlarmDeeds, gravestFirst } from "./sensor_alarms.mjs";
import { SensorDrawer } from "./sensor_drawer.mjs";
import { SensorLayer } from "./sensor_layer.mjs";
import { RulePanel } from "./sensor_rules.mjs";
import { STATES, counted, devicesFrom, passing, takeValues, valueText } from "./sensor_states.mjs";
import { VirtualList } from "./virtual_list.mjs";
import { language, readBoot, t } from "./words.mjs";

const ROW_HEIGHT = 46;
const DRAWN_EVERY_MS = 500;
const ALARMS_EVERY_MS = 2000;
const REGISTRY_EVERY_MS = 5000;

class Sensors {
  constructor(boot, places, map) {
    Object.assign(this, { boot, places, kinds: {}, devices: new Map(), version: -1, selected: null, tab: "alarms" });
    this.live = new Live();
    this.names = new Names();
    const now = () => this.live.now();
    this.now = now;
    this.may = (permission) => boot.viewer.permissions.includes(permission);
    this.map = new MapView(map, { now, bbox: boot.county.bbox, onSelect: () => {} });
    this.leaflet = map;
    this.makeTop(places.top);
    this.makeTable(places.devices);
    this.makePanel(places.panel);
    this.tip = h("div", { class: "sensor-tip", role: "status", hidden: true });
    places.over.append(this.tip, this.legend());
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  async start() {
    this.map.refit();
    await this.names.load();
    await this.load();
    this.live.subscribe((_state, touched) => this.heard(touched));
    this.live.onStanding((standing) => { setAttr(this.dot, "class", `standing is-${standing}`); setText(this.dot.lastChild, t(`standing.${standing}`, { age: "" })); });
    this.live.run();
    this.loadAlarms();
    setInterval(() => this.tick(), 1000);
  }

  async load() {
    try {
      const told = await getJson("/api/v1/sensors");
      this.kinds = told.kinds;
      this.version = told.version;
      this.devices = devicesFrom(told.rows, this.names.department);
      takeValues(this.devices, told.latest);
      this.layer ??= this.makeLayer();
      this.layer.kinds = this.kinds;
      this.fillKinds();
      this.draw();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.empty.hidden = false;
      setText(this.empty, failure.passing ? t("error.unanswered") : failure.message || t("error.unknown"));
      setTimeout(() => this.load(), 5000);
    }
  }

  makeLayer() {
    const layer = new SensorLayer(this.leaflet, { kinds: this.kinds });
    this.leaflet.on("click", (event) => { const id = layer.at(event); if (id) this.select(id, { fly: false }); });
    this.leaflet.on("mousemove", (event) => this.point(layer.at(event), event.containerPoint));
    this.leaflet.on("mouseout movestart", () => { this.tip.hidden = true; });
    return layer;
  }

  point(id, at) {
    const device = id && this.devices.get(id);
    this.tip.hidden = !device;
    if (!device) return;
    setText(this.tip, `${device.name} · ${valueText(device.value, this.kinds[device.kind]) || t("format.none")} · ${t(`sensors.state.${STATES[device.state]}`)}`);
    this.tip.style.transform = `translate(${at.x + 14}px, ${at.y + 10}px)`;
  }

  makeTop(root) {
    this.dot = h("span", { class: "standing" }, h("i"), h("span"));
    const onTheme = () => { this.map.setTiles(this.boot.county.tiles, switchTheme()); window.location.reload(); };
    root.append(brand(this.boot, "/sensors"), h("div", { class: "gap" }), this.dot, ...barEnd(this.boot.viewer, { onTheme }));
  }

  importSheet() {
    this.openImport ??= importDialog({ what: "devices", accept: ".csv,.xlsx", title: "sensors.import", columns: t("import.columns.devices"), asks: [datumAsked()], onDone: () => this.load() });
    return this.openImport();
  }

  makeTable(root) {
    this.search = h("input", { type: "search", placeholder: t("sensors.search"), "aria-label": t("sensors.search"), oninput: () => this.draw() });
    this.kind = h("select", { "aria-label": t("sensors.kind"), onchange: () => this.draw() });
    this.states = h("div", { class: "state-filter", role: "group", "aria-label": t("sensors.states") });
    this.state = "";
    this.buttons = new Map(STATES.map((state) => [state, h("button", { type: "button", class: "state-button", "aria-pressed": "false", onclick: () => { this.state = this.state === state ? "" : state; this.draw(); } }, h("i", { class: `state-dot is-${state}` }), h("span", { text: t(`sensors.state.${state}`) }), h("b", { class: "num" }))]));
    this.states.append(...this.buttons.values());
    this.count = h("span", { class: "count num", role: "status" });
    this.empty = h("div", { class: "empty", hidden: true });
    const bring = this.may("devices.import") && h("button", { type: "button", class: "action bring", text: t("sensors.import"), onclick: () => this.importSheet() });
    const list = h("div", { class: "rows", role: "listbox", tabindex: "0", "aria-label": t("sensors.devices") });
    root.append(h("div", { class: "queue-head" }, h("h2", { text: t("sensors.devices") }), this.count, bring), h("div", { class: "sensor-filters" }, this.search, this.kind), this.states, this.empty, list);
    this.list = new VirtualList(list, { rowHeight: ROW_HEIGHT, make: () => this.makeRow(), patch: (element, device) => this.patchRow(element, device) });
    list.addEventListener("keydown", (event) => this.walk(event));
  }

  makeRow() {
    const row = h("div", { class: "sensor-row", role: "option", onclick: () => this.select(row.device) }, h("i", { class: "state-dot" }), h("span", { class: "told" }, h("b"), h("small", { class: "dim" })), h("span", { class: "value num" }), h("span", { class: "age num dim" }));
    return row;
  }

  patchRow(element, device) {
    element.device = device.id;
    const [dot, told, value, aged] = element.children;
    setAttr(dot, "class", `state-dot is-${STATES[device.state]}`);
    setAttr(dot, "title", t(`sensors.state.${STATES[device.state]}`));
    setText(told.firstChild, device.name);
    setText(told.lastChild, `${this.kinds[device.kind]?.[language()] ?? device.kind} · ${device.id}`);
    setText(value, valueText(device.value, this.kinds[device.kind]) || t("format.none"));
    setText(aged, device.at === null ? t("sensors.state.never") : age(this.now() - device.at));
    setAttr(element, "aria-selected", String(device.id === this.selected));
  }

  makePanel(root) {
    this.tabs = h("div", { class: "tabs", role: "tablist" });
    this.body = h("div", { class: "panel-body", tabindex: "0" });
    this.problem = h("p", { class: "panel-problem is-late", role: "alert", hidden: true });
    root.append(this.tabs, this.problem, this.body);
    this.deeds = new AlarmDeeds({ kindOf: (kind) => this.kinds[kind], permitted: this.may("alarms.act"), onDone: () => this.again(), onProblem: (text) => { this.problem.hidden = !text; setText(this.problem, text); } });
    this.drawer = new SensorDrawer(this.body, { now: this.now, kinds: this.kinds, names: this.names, deeds: this.deeds, permitted: this.may("alarms.act"), onDevice: (id) => this.select(id), onClose: () => this.select(null) });
    this.rules = new RulePanel(this.body, { kinds: this.kinds, permitted: this.may("rules.edit"), now: this.now });
    for (const name of ["alarms", "rules"]) this.tabs.append(h("button", { type: "button", role: "tab", "data-tab": name, text: t(`sensors.tab.${name}`), onclick: () => { this.tab = name; this.select(null); } }));
    this.markTab();
  }

  markTab() {
    for (const button of this.tabs.children) setAttr(button, "aria-selected", String(!this.selected && button.dataset.tab === this.tab));
  }

  /** After a deed: what is shown is read again. */
  again() {
    this.problem.hidden = true;
    if (this.selected) this.drawer.show(this.selected);
    this.loadAlarms();
  }

  async loadAlarms() {
    try {
      this.alarms = gravestFirst((await getJson("/api/v1/alarms?standing=true&limit=300")).items);
      if (!this.selected && this.tab === "alarms") this.drawAlarms();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
    }
  }

  drawAlarms() {
    if (this.body.querySelector("form.reason:not([hidden])")) return; // somebody is typing
    const now = this.now();
    const cards = this.alarms.map((alarm) => this.deeds.card(alarm, now, { onDevice: (id) => this.select(id) }));
    this.body.replaceChildren(cards.length ? h("ul", { class: "alarm-cards" }, cards) : h("div", { class: "empty", text: t("sensors.all_quiet") }));
  }

  select(id, { fly = true } = {}) {
    this.selected = id;
    this.problem.hidden = true;
    this.markTab();
    this.list.draw();
    this.layer?.mark(id);
    if (!id) {
      if (this.tab === "rules") this.rules.load();
      else if (this.alarms) this.drawAlarms();
      return;
    }
    this.drawer.kinds = this.kinds;
    this.drawer.show(id);
    if (matchMedia("(width <= 760px)").matches) this.places.panel.scrollIntoView(); // it stands below the map
    const device = this.devices.get(id);
    if (device && fly) this.map.goTo(device);
  }

  heard(touched) {
    if (!touched.values.length) return;
    if (touched.values.some(([id]) => !this.devices.has(id))) this.registrySoon();
    const turned = takeValues(this.devices, touched.values);
    this.layer?.turn(turned, true);
    if (turned.length) this.alarmsSoon();
    this.drawSoon();
  }

  drawSoon() {
    this.drawTimer ??= setTimeout(() => { this.drawTimer = null; this.draw({ map: false }); }, DRAWN_EVERY_MS);
  }

  /** Devices that somebody else brought speak: the list is read again. */
  registrySoon() {
    this.registryTimer ??= setTimeout(async () => { await this.load(); this.registryTimer = null; }, REGISTRY_EVERY_MS);
  }

  alarmsSoon() {
    this.alarmTimer ??= setTimeout(() => { this.alarmTimer = null; this.loadAlarms(); }, ALARMS_EVERY_MS);
  }

  draw({ map = true } = {}) {
    const shown = passing(this.devices, { text: this.search.value, kind: this.kind.value, state: this.state });
    this.list.set(shown);
    setText(this.count, number(shown.length));
    const counts = counted(this.devices);
    for (const [state, button] of this.buttons) {
      setText(button.lastChild, number(counts[state]));
      setAttr(button, "aria-pressed", String(this.state === state));
    }
    this.empty.hidden = shown.length > 0;
    setText(this.empty, t(this.devices.size ? "sensors.none_found" : "sensors.none_yet"));
    if (map) this.layer?.set(new Map(shown.map((device) => [device.id, device])));
  }

  fillKinds() {
    const held = this.kind.value;
    const there = new Set([...this.devices.values()].map(({ kind }) => kind));
    this.kind.replaceChildren(h("option", { value: "", text: t("sensors.every_kind") }), ...[...there].sort().map((kind) => h("option", { value: kind, text: this.kinds[kind]?.[language()] ?? kind })));
    this.kind.value = held;
    this.drawer.kinds = this.rules.kinds = this.kinds;
  }

  legend() {
    return h("ul", { class: "sensor-legend" }, STATES.map((state) => h("li", {}, h("i", { class: `state-dot is-${state}` }), h("span", { text: t(`sensors.state.${state}`) }))));
  }

  tick() {
    this.list.draw();
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.list.items.length) return;
    event.preventDefault();
    const at = this.list.items.findIndex(({ id }) => id === this.selected);
    const next = Math.max(0, Math.min(this.list.items.length - 1, at + step));
    this.select(this.list.items[next].id);
    this.list.reveal(next);
  }

  pressed(event) {
    if (event.target.closest("input, textarea, select")) return;
    if (event.key === "/") { event.preventDefault(); this.search.focus(); }
    if (event.key === "Escape") this.select(null);
  }
}

if (typeof document !== "undefined" && document.getElementById("boot")) {
  const boot = readBoot();
  const ids = { top: "top", devices: "devices", over: "map-over", panel: "panel" };
  const found = Promise.all(Object.entries(ids).map(async ([name, id]) => [name, await whenPresent(id)]));
  Promise.all([found, whenMap()]).then(([places, map]) => {
    const page = new Sensors(boot, Object.fromEntries(places), map);
    window.onenetSensors = page;
    return page.start();
  }).then(() => document.body.append(h("span", { id: "sensors-ready", hidden: true })));
}
