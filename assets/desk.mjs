// The desk: wires queue, map, panel, report form and bars to the live feed.

import { acknowledge } from "./alerts.mjs";
import { Problem } from "./api.mjs";
import { ClosingCard } from "./closing.mjs";
import { ClosureMarks } from "./closure_marks.mjs";
import { CommandBar } from "./commandbar.mjs";
import { dispatchLayers } from "./dispatch_layers.mjs";
import { followCounty } from "./county.mjs";
import { makeAlerts, makeBulk, makeForm, makePanel, makeTop } from "./desk_parts.mjs";
import { DeskSheets } from "./desk_sheets.mjs";
import { h, whenPresent } from "./dom.mjs";
import { exercises } from "./exercise.mjs";
import { hearKeys, helpSheet } from "./keys.mjs";
import { Layout } from "./layout.mjs";
import { Live } from "./live_connection.mjs";
import { MapView, whenMap } from "./map.mjs";
import { legend } from "./map_over.mjs";
import { setStaleLimits } from "./marks.mjs";
import { Mine } from "./mine.mjs";
import { Names } from "./names.mjs";
import { noticePlace } from "./notices.mjs";
import { Outbox } from "./outbox.mjs";
import { seat, switchLanguage, switchTheme } from "./preferences.mjs";
import { onePress } from "./presses.mjs";
import { Queue } from "./queue.mjs";
import { ReachLayer } from "./reach.mjs";
import { followSignal } from "./signal.mjs";
import { Sound } from "./sound.mjs";
import { UndoBar } from "./undo.mjs";
import { WarningAreas } from "./warning_areas.mjs";
import { language, readBoot, t } from "./words.mjs";

/** The desk as one object: what a key or a click does is a method here. */
class Desk {
  constructor(boot, places, map) {
    this.boot = boot;
    setStaleLimits(boot.units.stale_ms);
    this.live = new Live();
    const now = () => this.live.now();
    this.names = new Names(() => this.live.state.units, boot.cases.conditions);
    this.tell = noticePlace();
    this.sound = new Sound(now);
    this.map = new MapView(map, { now, bbox: boot.county.bbox, onSelect: (id) => this.select(id, { fly: false }) });
    this.mine = new Mine({ who: boot.viewer.name, department: boot.viewer.department });
    this.layout = new Layout(places.queue.parentNode, { who: boot.viewer.name });
    this.queue = new Queue(places.queue, { layout: this.layout, names: this.names, now, onSelect: (id) => this.select(id), onPicked: (n) => this.bulk?.show(n), isMine: (row) => this.mine.is(row) });
    this.sheets = new DeskSheets({ viewer: boot.viewer, names: this.names, now, tell: this.tell, onTaken: (id) => this.mine.add(id), onSelect: (id) => this.select(id), onWaiting: (sheets) => this.top.setShift(sheets), hazards: boot.hazards, warnings: () => this.live.state.warnings.values() });
    this.taking = new UndoBar({ tell: this.tell, onDone: () => this.panel.id && this.panel.load() });
    this.bulk = makeBulk(this);
    this.outbox = new Outbox({
      who: boot.viewer.name,
      onChange: (posts) => this.top?.setOutbox(posts),
      onSent: () => this.tell(t("outbox.sent")),
      onRefused: (post, problem) => this.form.restore(post, problem),
    });
    Object.assign(this, dispatchLayers(this.map, places.over, { now, permissions: boot.viewer.permissions, names: this.names, units: () => this.live.state.units, onCase: (id) => this.select(id), where: () => this.middle() }));
    this.panel = makePanel(this, places.panel);
    this.form = makeForm(this, places.panel);
    this.top = makeTop(this, places.top);
    this.top.setOutbox(this.outbox.list);
    this.top.search.value = this.queue.filter.text;
    this.alerts = makeAlerts(this, places.alerts);
    this.bar = new CommandBar(places.bar, { acts: this.acts(), caseActions: () => this.panel.actions.offered(), names: this.names, live: this.live, onCase: (id) => this.select(id), onUnit: (id) => this.unit.enter(id), onFilter: (text) => this.find(text) });
    this.warned = new WarningAreas(this.map, { now });
    this.closures = new ClosureMarks(this.map, { now, onSelect: () => this.closing.isOpen || this.closeRoad() });
    this.closing = new ClosingCard(places.over, { view: this.map, marks: this.closures, now, rows: () => this.live.state.closures.values(), tell: this.tell });
    this.reach = new ReachLayer(places.over, { view: this.map, tell: this.tell });
    places.over.append(legend({ open: window.innerHeight > 900 }));
    this.queue.onCleared = () => { this.top.search.value = ""; };
  }

  acts() {
    return {
      next: () => this.step(1), previous: () => this.step(-1), go: () => this.go(), report: () => this.report(),
      pick: () => this.queue.picked.toggle(this.selected ?? this.queue.ids[0]), pick_all: () => this.queue.pickAll(),
      pick_down: () => this.extend(1), pick_up: () => this.extend(-1),
      action: (key) => (this.queue.picked.size ? this.bulk.press(Number(key)) : this.panel.id !== null && !this.form.isOpen && this.panel.actions.press(Number(key))),
      close: () => this.escape(), command: () => this.bar.focus(), find: () => this.top.search.focus(), undo: () => this.undo(),
      acknowledge: () => this.acknowledge(this.alerts.first), close_road: () => this.closeRoad(), reach: () => this.reach.toggle(), recommend: () => this.panel.id !== null && !this.form.isOpen && this.panel.recommendation.ready(), cover: () => this.cover.toggle(), unit: () => this.unit.toggle(),
      clear: () => this.queue.reset(), layout: () => this.layout.reset(), import: () => this.sheets.importReports(), shift: () => this.sheets.handOver(), warnings: () => this.sheets.warnings.open(), export: () => this.sheets.exportCase(this.panel.id && this.panel.row), fit: () => this.map.refit(), mute: () => this.mute(), theme: () => this.theme(),
      language: () => switchLanguage(language()), help: () => this.help(),
    };
  }

  select(id, { fly = true } = {}) {
    if (this.form.isOpen) this.form.close();
    this.selected = id;
    this.reach.setCase(id);
    this.queue.select(id);
    this.map.select(id, { fly });
    this.panel.show(id, this.live.state.rows.get(id));
  }

  deselect() {
    this.selected = null;
    this.reach.setCase(null);
    this.queue.select(null);
    this.map.select(null);
  }

  /** Where the officer is looking: at the case that is open, else at the middle of the map. */
  middle() {
    const { lng: lon, lat } = this.map.map.getCenter();
    return this.live.state.rows.get(this.selected) ?? { lon, lat };
  }

  step(by) {
    const id = this.queue.stepFrom(by);
    if (id) this.select(id);
  }

  extend(by) {
    const id = this.queue.extend(by);
    if (id) this.select(id);
  }

  go() {
    const row = this.live.state.rows.get(this.selected);
    if (!row) return this.step(1);
    this.map.goTo(row);
    // A case that waits for units: the second Enter sends those recommended.
    return this.panel.recommendation.comesNext(row) || this.panel.actions.press(1);
  }

  report() {
    if (!this.boot.viewer.permissions.includes("report.create")) return this.tell(t("report.not_permitted"), "warn");
    this.closing.close();
    return this.form.open();
  }

  closeRoad() {
    if (!this.boot.viewer.permissions.includes("roads.close")) return this.tell(t("closure.not_permitted"), "warn");
    if (this.form.isOpen) this.form.close();
    return this.closing.toggle();
  }

  backToCase() {
    if (this.selected) this.panel.show(this.selected, this.live.state.rows.get(this.selected));
    else this.panel.blank();
  }

  taken(outcome) {
    this.tell(outcome.sent ? t(outcome.sent.attached ? "report.joined" : "report.taken", { number: outcome.sent.case.number }) : t("report.kept"), outcome.sent ? "ok" : "warn");
    if (!outcome.sent) return;
    this.mine.add(outcome.sent.case.id);
    this.select(outcome.sent.case.id);
  }

  acted(label, row, undo) {
    this.mine.add(row.id);
    this.taking.offer(label, row, undo);
    if (!undo) this.tell(t("action.done", { action: label, number: row.number }));
  }

  escape() {
    if (document.activeElement?.matches?.("input, textarea, select")) return document.activeElement.blur();
    if (this.form.isOpen) return this.form.close();
    if (this.closing.close() || this.unit.close()) return true;
    if (this.queue.picked.size) return this.queue.picked.clear();
    if (this.panel.actions.open) return this.panel.actions.closeForm();
    return this.panel.id ? this.panel.close() : false;
  }

  find(text) {
    this.top.search.value = text;
    this.queue.change({ text });
  }

  /** Take the last command back while that is offered, else the last change of the filter. */
  undo() {
    if (this.taking.pending) return this.taking.act();
    this.queue.undo();
    this.top.search.value = this.queue.filter.text;
    return true;
  }

  /** A person has seen it: the alert ends for everybody, and its case stands open here. */
  async acknowledge(alert) {
    if (!alert) return this.tell(t("alert.none"));
    if (!this.alerts.mayAcknowledge) return this.tell(t("alert.not_permitted"), "warn");
    if (!this.form.isOpen) this.select(alert.id);
    try {
      await acknowledge(alert.id, this.live.state.rows.get(alert.id)?.version ?? 1, seat());
      this.tell(t("alert.done", { number: alert.number }));
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.tell(failure.passing ? t("error.unanswered") : failure.message || t("alert.gone"), "warn");
    }
    return true;
  }

  coverageChanged() {
    this.queue.tick();
    this.ways.again();
    if (this.panel.id) this.panel.reception.again(this.panel.row);
  }

  mute() {
    this.sound.toggleMute();
    this.top.setSound(this.sound.standing, this.sound.mutedUntil);
  }

  theme() {
    this.map.setTiles(this.boot.county.tiles, switchTheme());
  }

  heard(state, touched, whole) {
    if (whole || touched.rows.size) {
      this.top.setExercises(exercises(state.rows.values()).n);
      this.queue.setRows(state.rows, whole ? null : touched.rows);
      this.map.setRows(state.rows, whole ? null : touched.rows);
    }
    if (whole || touched.alerts.size) {
      this.alerts.set(state.alerts.values());
      this.sound.hear(state.alerts.values());
    }
    if (whole || touched.units.size) {
      this.map.setUnits(state.units, whole ? null : touched.units);
      this.unit.hear(whole ? state.units : touched.units);
    }
    this.panel.recommendation.follow({ roads: whole || touched.closures.size > 0, units: touched.units.size > 0 });
    if (whole || touched.closures.size) {
      this.closures.set(state.closures, whole ? null : touched.closures);
      this.closing.show();
      this.reach.again();
    }
    if (whole || touched.warnings.size) {
      this.warned.set(state.warnings);
      this.top.warnings.tick(state.warnings.values(), this.live.now());
      this.sheets.warnings.heard();
    }
    if (touched.shift || (whole && this.sheets.shift.list)) this.sheets.shift.look();
    if (touched.news.length) this.panel.onNews(touched.news);
    if (this.selected && (whole || touched.rows.has(this.selected))) this.panel.onRow(state.rows.get(this.selected) ?? null);
  }

  tick() {
    const now = this.live.now();
    this.top.tick(now);
    this.top.setStanding(this.live.standing, this.live.beat, performance.now() - this.live.heardAt);
    this.queue.tick();
    this.panel.tick();
    this.alerts.tick();
    this.taking.tick();
    this.sound.tick();
    this.top.setSound(this.sound.standing, this.sound.mutedUntil);
    this.seconds = (this.seconds ?? 0) + 1;
    if (this.seconds % 5 === 0) this.map.ageMarks();
    this.closures.age();
    this.warned.age();
    this.top.warnings.tick(this.live.state.warnings.values(), now);
    this.unit.age();
  }

  async run() {
    this.help = helpSheet();
    hearKeys(this.acts());
    onePress();
    this.live.onStanding(() => this.top.setStanding(this.live.standing, this.live.beat));
    this.live.subscribe((state, touched, whole) => this.heard(state, touched, whole));
    followCounty({ live: this.live, boot: this.boot, map: this.map, tell: this.tell });
    followSignal(this.live, { may: this.boot.viewer.permissions.includes("coverage.read"), changed: () => this.coverageChanged() });
    this.live.run();
    this.sheets.shift.look();
    this.tick();
    setInterval(() => this.tick(), 1000);
    if (!(await this.names.load())) this.tell(t("error.names"), "warn");
    this.queue.refresh();
    this.alerts.draw();
    // The first view is the open cases' extent, or the county's; afterwards the view is the officer's own.
    this.map.refit();
    this.takeUp();
  }

  /** A form that stood open when the page went is open again. */
  takeUp() {
    window.addEventListener("pagehide", () => this.panel.actions.drafts.leave(this.panel.actions.formOpen));
    const id = this.panel.actions.takeLeft();
    if (id) this.select(id);
  }
}

async function main() {
  const boot = readBoot();
  const ids = { top: "top", queue: "queue", panel: "panel", bar: "bar", over: "map-over", alerts: "alerts" };
  const [map, ...found] = await Promise.all([whenMap(), ...Object.values(ids).map((id) => whenPresent(id))]);
  const places = Object.fromEntries(Object.keys(ids).map((name, i) => [name, found[i]]));
  const desk = new Desk(boot, places, map);
  window.addEventListener("beforeunload", () => desk.live.close());
  await desk.run();
  document.body.append(h("span", { id: "desk-ready", hidden: true }));
}

if (typeof document !== "undefined") main();
