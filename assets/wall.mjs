// The wall: figures, map and newest events from the live feed; it runs for weeks and nobody touches it.

import { acknowledge, alertLine } from "./alerts.mjs";
import { ClosureMarks } from "./closure_marks.mjs";
import { followCounty } from "./county.mjs";
import { h, whenPresent } from "./dom.mjs";
import { realFirst } from "./exercise.mjs";
import { Live } from "./live_connection.mjs";
import { MapView, whenMap } from "./map.mjs";
import { legend, lockButton } from "./map_over.mjs";
import { setStaleLimits } from "./marks.mjs";
import { Names } from "./names.mjs";
import { kindWord } from "./case_steps.mjs";
import { noFilter, ordered } from "./queue_order.mjs";
import { Sound } from "./sound.mjs";
import { acknowledgedCard } from "./wall_acknowledged.mjs";
import { heardBy, promisesOf, takesOver, tally, unitTally, worthTelling } from "./wall_figures.mjs";
import * as parts from "./wall_parts.mjs";
import { CoverageScene } from "./wall_coverage.mjs";
import { runningCards } from "./wall_running.mjs";
import { Scenes } from "./wall_scenes.mjs";
import { SensingScene } from "./wall_sensing.mjs";
import { WarningAreas } from "./warning_areas.mjs";
import { WarningStrip } from "./warnings.mjs";
import { SplitScene } from "./wall_split.mjs";
import { readBoot, t } from "./words.mjs";

const DRAWN_EVERY_MS = 500;
const TAKEOVER_ZOOM = 15;

/** The wall as one object. */
class Wall {
  constructor(boot, places, map) {
    const now = () => this.live.now();
    this.boot = boot;
    setStaleLimits(boot.units.stale_ms);
    this.live = new Live();
    this.names = new Names(() => this.live.state.units);
    this.map = new MapView(map, { now, bbox: boot.county.bbox, onSelect: () => {}, fit: true, wall: true });
    this.closures = new ClosureMarks(this.map, { now });
    this.warned = new WarningAreas(this.map, { now });
    this.sound = new Sound(now);
    this.places = places;
    this.drawTop = parts.top(places.top, boot.county, boot.viewer);
    this.warnings = new WarningStrip(places.top.querySelector(".warned"));
    this.drawFigures = parts.figures(places.figures, this.names);
    this.drawNewest = parts.newest(places.newest, this.names);
    const counts = boot.viewer.permissions.includes("figures.read");
    this.acknowledged = counts ? acknowledgedCard(places.newest) : null;
    this.asked = counts ? [this.acknowledged, ...runningCards(places.figures, boot.viewer)] : [];
    this.drawFoot = parts.foot(places.foot, lockButton(this.map), promisesOf(boot.units.stale_ms));
    places.over.append(legend());
    this.sensing = boot.viewer.permissions.includes("sensors.read") ? new SensingScene(places.over) : null;
    this.coverage = new CoverageScene(this.map, { live: this.live, root: places.over });
    this.split = new SplitScene(this.map, { live: this.live, root: places.over.parentElement, sensing: this.sensing });
    this.map.covered = () => Math.max(places.over.offsetHeight, this.split.over.offsetHeight);
    // What lies over a map grows and goes with the scenes: the view makes room for it.
    const room = new ResizeObserver(() => this.map.fit && !this.map.lock.locked && this.map.refit());
    for (const over of [places.over, this.split.over]) room.observe(over);
    this.scenes = new Scenes({ search: window.location.search, show: (now) => this.setScene(now), remember: (address) => window.history.replaceState(null, "", address) });
    this.setScene(this.scenes);
    places.foot.addEventListener("click", (event) => {
      const scene = event.target.closest("[data-scene]")?.dataset.scene;
      if (scene) this.scenes.pin(scene);
      if (event.target.closest(".cycle")) this.scenes.toggleCycle();
    });
    const acts = { r: () => this.map.release(), m: () => this.sound.toggleMute(), a: () => this.acknowledge(), c: () => this.scenes.toggleCycle() };
    document.addEventListener("keydown", (event) => acts[event.key]?.());
  }

  /** Overview shows the county and its units; incidents gives the map to the cases alone; split shows two maps. */
  setScene({ scene, every_s }) {
    document.querySelector(".wall").dataset.scene = scene;
    this.coverage.show(scene === "coverage");
    this.sensing?.show({ on: scene === "split" ? this.split.over : this.places.over, read: scene === "sensing" ? this.map.map : null });
    this.split.show(scene === "split");
    for (const button of this.places.foot.querySelectorAll("[data-scene]")) button.setAttribute("aria-pressed", String(button.dataset.scene === scene));
    const cycle = this.places.foot.querySelector(".cycle");
    cycle.setAttribute("aria-pressed", String(every_s > 0));
    cycle.lastChild.textContent = every_s ? t("wall.cycling", { s: every_s }) : t("wall.cycle");
  }

  heard(state, touched, whole) {
    if (whole || touched.rows.size) {
      this.map.setRows(state.rows, whole ? null : touched.rows);
      this.later();
    }
    if (whole || touched.rows.size || touched.alerts.size) {
      const found = takesOver(state.rows.values());
      this.sound.hear(heardBy(found.alerts, state.alerts.values()));
      this.takeOver(found);
    }
    if (whole || touched.units.size) this.map.setUnits(state.units, whole ? null : touched.units);
    if (whole || touched.closures.size) this.closures.set(state.closures, whole ? null : touched.closures);
    if (whole || touched.warnings.size) {
      this.warned.set(state.warnings);
      this.warnings.tick(state.warnings.values(), this.live.now());
    }
    if (touched.news.length) this.later();
    this.sensing?.heard(touched.values);
  }

  // Lists and figures are read by people across a room: twice a second is as often as anybody can.
  later() {
    this.waiting ??= setTimeout(() => {
      this.waiting = undefined;
      this.draw();
    }, DRAWN_EVERY_MS);
  }

  draw() {
    const now = this.live.now();
    const { rows, units, news } = this.live.state;
    this.cases = tally(rows.values(), now);
    this.drawFigures(this.cases, now);
    this.drawNewest(realFirst(ordered(rows.values(), noFilter(), this.names, now)), worthTelling(news, kindWord), unitTally(units.values(), now), now);
  }

  /** A P0 nobody has acknowledged takes the wall until a person does. */
  takeOver({ alert, n }) {
    const banner = this.places.takeover;
    // While a P0 has the wall, the view does not follow the others.
    this.map.fit = !alert;
    if (!alert) {
      if (this.taken) {
        this.map.select(null);
        this.map.release();
      }
      if (this.taken) this.acknowledged?.again();
      this.taken = null;
      banner.hidden = true;
      return;
    }
    const other = this.taken?.id !== alert.id;
    this.taken = alert;
    this.takenN = n;
    this.drawBanner();
    banner.hidden = false;
    if (other) {
      this.acknowledged?.again();
      this.map.select(alert.id, { fly: false });
      this.map.goTo(alert, TAKEOVER_ZOOM);
    }
  }

  drawBanner() {
    const more = this.takenN > 1 && h("p", { class: "alert-rest", text: t("wall.more_p0", { n: this.takenN - 1 }) });
    const button = this.mayAcknowledge && h("button", { type: "button", class: "action acknowledge", onclick: () => this.acknowledge() }, h("span", { text: t("alert.acknowledge") }), h("kbd", { text: "a" }));
    this.line = alertLine(this.taken, { names: this.names, button });
    this.places.takeover.replaceChildren(h("ul", { class: "alerts" }, this.line.element), more || "");
    this.line.tick(this.live.now());
  }

  get mayAcknowledge() {
    return this.boot.viewer.permissions.includes("case.acknowledge");
  }

  /** Whoever may do so at a desk may do so at the wall. */
  async acknowledge() {
    if (!this.taken || !this.mayAcknowledge) return;
    // Refused is acknowledged by another, unanswered stands there until somebody does: the banner tells both by itself.
    await acknowledge(this.taken.id, this.live.state.rows.get(this.taken.id)?.version ?? 1, t("wall.page_title")).catch(() => {});
  }

  tick() {
    const now = this.live.now();
    this.drawTop(now, this.cases?.exercise ?? 0);
    this.drawFoot(this.live.standing, this.live.beat, performance.now() - this.live.heardAt, this.sound);
    this.scenes.tick(Boolean(this.taken) || this.map.lock.locked);
    for (const card of this.asked) card.tick(now);
    document.querySelector(".wall").classList.toggle("is-stale", this.live.standing === "stale");
    if (this.taken) this.line.tick(now);
    this.sound.tick();
    this.seconds = (this.seconds ?? 0) + 1;
    if (this.seconds % 5 === 0) this.map.ageMarks();
    this.closures.age();
    this.warned.age();
    this.warnings.tick(this.live.state.warnings.values(), now);
    this.draw();
  }

  async run() {
    this.live.subscribe((state, touched, whole) => this.heard(state, touched, whole));
    followCounty({ live: this.live, boot: this.boot, map: this.map });
    this.live.run();
    await this.names.load();
    if (this.taken) this.drawBanner();
    this.tick();
    if (!this.taken) this.map.refit();
    setInterval(() => this.tick(), 1000);
  }
}

async function main() {
  const ids = { top: "wall-top", figures: "figures", newest: "newest", foot: "wall-foot", over: "map-over", takeover: "takeover" };
  const [map, ...found] = await Promise.all([whenMap(), ...Object.values(ids).map((id) => whenPresent(id))]);
  const wall = new Wall(readBoot(), Object.fromEntries(Object.keys(ids).map((name, i) => [name, found[i]])), map);
  window.addEventListener("beforeunload", () => wall.live.close());
  await wall.run();
  document.body.append(h("span", { id: "wall-ready", hidden: true }));
}

if (typeof document !== "undefined") main();
