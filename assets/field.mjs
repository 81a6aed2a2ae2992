// The responders' page: a unit's tasks, what its crew does, and the way to the centre and back with or without a network.

import { Problem, getJson, newKey } from "./api.mjs";
import { h } from "./dom.mjs";
import { age, clockTime, toMs } from "./format.mjs";
import { TaskCard } from "./field_card.mjs";
import { shrunk } from "./field_photo.mjs";
import { Sharing } from "./field_position.mjs";
import { pagesFor } from "./navigation.mjs";
import { menuSheet, nameOf, queueSheet, sheet, unitSheet } from "./field_sheets.mjs";
import { FieldQueue, entryOf, overlay, sendEntry } from "./field_queue.mjs";
import { openStore } from "./field_store.mjs";
import { Live } from "./live_connection.mjs";
import { signOut, switchLanguage, switchTheme } from "./preferences.mjs";
import { onePress } from "./presses.mjs";
import { Sound } from "./sound.mjs";
import { t, readBoot } from "./words.mjs";

const UNIT = "onenet.field.unit";
const ON_DUTY = "onenet.field.sharing";
const SETTLE_MS = 250;
const FRESH_MS = 60_000;

/** The page. */
class Field {
  constructor(boot, store) {
    this.boot = boot;
    this.store = store;
    this.who = boot.viewer.name;
    this.cards = new Map();
    this.items = [];
    this.unit = localStorage.getItem(`${UNIT}.${this.who}`);
    this.online = navigator.onLine;
    this.seenAt = 0;
    this.live = new Live();
    this.sound = new Sound(() => this.live.now());
    this.map = { center: boot.county.center, zoom: 14, attribution: boot.attribution, tiles: boot.county.tiles.replace("{theme}", document.documentElement.dataset.theme), words: { zoom_in: t("field.zoom_in"), zoom_out: t("field.zoom_out") } };
    this.queue = new FieldQueue({ store, who: this.who, send: sendEntry, onChange: () => this.draw(), onSent: (_entry, answer) => this.taken(answer) });
    this.act = {
      step: (assignment, step, text) => this.keep("step", assignment, { step, text, label: t(`unit_step.${step}`) }),
      note: (assignment, text) => this.keep("note", assignment, { text, label: `${t("field.note")}: ${text.slice(0, 20)}` }),
      photo: async (assignment, file) => this.keep("photo", assignment, { blob: await shrunk(file), label: t("field.photo") }),
    };
  }

  async start() {
    this.top = document.getElementById("top");
    this.main = document.getElementById("tasks");
    this.notices = document.getElementById("notices");
    this.duty = document.getElementById("duty");
    const kept = await this.store.get("kept", "tasks");
    // Another's tasks on a phone that went from hand to hand are nobody's business.
    if (kept && kept.who !== this.who) await this.store.clear("kept");
    else if (kept && kept.unit === this.unit) this.take(kept.told, kept.at);
    await this.queue.load();
    this.share();
    this.draw();
    this.live.subscribe((state, touched, whole) => this.hear(state, touched, whole));
    this.live.onStanding((standing, beat) => this.standing(standing, beat));
    this.live.run();
    addEventListener("online", () => { this.online = true; this.draw(); this.queue.flush(); this.look(); });
    addEventListener("offline", () => { this.online = false; this.draw(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { this.queue.flush(); this.look(); } });
    setInterval(() => this.tick(), 1000);
    if (this.unit) await this.look(); else await this.choose();
    this.queue.flush();
    this.install();
    document.body.append(h("div", { id: "field-ready", hidden: true }));
  }

  /** Where this browser can, the shell is kept, so that the page opens without a network. */
  install() {
    addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); this.invitation = event; });
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker.register(this.boot.worker, { scope: "/field" }).catch(() => {});
    const made = () => ["/field", ...performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => name.startsWith(location.origin))];
    navigator.serviceWorker.ready.then((registration) => registration.active?.postMessage({ keep: [...new Set(made())] }));
  }

  async keep(kind, assignment, what) {
    if (!what.blob && kind === "photo") return;
    await this.queue.add(entryOf(kind, assignment.id, what, { who: this.who, key: newKey(), at: this.live.now() }));
  }

  hear(_state, touched, whole) {
    const mine = new Set(this.items.map((item) => item.case.id));
    const ours = whole || [...touched.rows].some((id) => mine.has(id) || this.live.state.rows.get(id)?.units?.includes(this.unit)) || touched.units.has(this.unit);
    if (ours) this.look();
  }

  standing(standing, beat) {
    const live = standing === "live";
    if (live && !this.liveNow) this.queue.flush();
    this.liveNow = live;
    // What is no case's row (an offer that lapsed) still moves the journal's number: ask again where it moved.
    if (beat && beat.seq !== this.askedSeq) { this.askedSeq = beat.seq; this.look(); }
    this.drawTop();
  }

  /** Ask for the tasks soon; many reasons at once are one question. */
  look() {
    clearTimeout(this.soon);
    return new Promise((resolve) => { this.soon = setTimeout(() => this.ask().then(resolve), SETTLE_MS); });
  }

  async ask() {
    if (!this.unit || this.left) return;
    this.asking = new AbortController();
    try {
      const told = await getJson(`/api/v1/field/tasks?unit=${encodeURIComponent(this.unit)}`, this.asking.signal);
      this.trouble = null;
      this.take(told, Date.now());
      await this.remember(this.seenAt);
    } catch (failure) {
      if (this.left) return;
      if (!(failure instanceof Problem)) throw failure;
      if (!failure.passing && failure.status !== 401) this.trouble = failure.message;
    }
    this.draw();
  }

  /** What the centre answered to a step is how the assignment stands, until the tasks are read anew. */
  async taken(answer) {
    const now = answer?.assignment;
    if (now && this.told) {
      this.items = this.items.map((item) => (item.assignment.id === now.id ? { ...item, assignment: now } : item));
      this.told = { ...this.told, items: this.items };
      await this.remember(this.seenAt);
    }
    this.look();
  }

  remember(at) {
    if (this.left) return Promise.resolve(); // an answer that comes after the person has gone is not kept
    return this.store.put("kept", { name: "tasks", who: this.who, unit: this.unit, told: this.told, at });
  }

  take(told, at) {
    this.told = told;
    this.items = told.items;
    this.seenAt = at;
    const asked = this.items.filter(({ assignment }) => assignment.state === "OFFERED" && assignment.open);
    const fresh = asked.some(({ assignment }) => !this.alerted?.has(assignment.id));
    this.alerted = new Set(asked.map(({ assignment }) => assignment.id));
    if (fresh && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([400, 150, 400]);
    this.sound.hear(asked.map(({ assignment, case: kase }) => ({ id: assignment.id, step: 0, priority: kase.priority, exercise: kase.exercise })));
  }

  get here() {
    if (this.sharing?.here) return [this.sharing.here.lon, this.sharing.here.lat];
    const seen = this.told?.unit.position;
    return seen ? [seen.lon, seen.lat] : null;
  }

  draw() {
    if (!this.main) return;
    this.drawTop();
    this.drawDuty();
    this.drawNotices();
    if (this.choosing) return;
    const waits = this.queue.waiting;
    const shown = this.items.map((item) => ({ ...item, assignment: overlay(item.assignment, waits) }))
      .sort((a, b) => Number(b.assignment.open) - Number(a.assignment.open) || a.case.priority.localeCompare(b.case.priority));
    const kept = new Set(shown.map(({ assignment }) => assignment.id));
    for (const id of this.cards.keys()) if (!kept.has(id)) this.cards.delete(id);
    const elements = shown.map((item) => {
      if (!this.cards.has(item.assignment.id)) this.cards.set(item.assignment.id, new TaskCard(this.act, this.map));
      const card = this.cards.get(item.assignment.id);
      card.show(item, { now: this.live.now(), here: this.here });
      return card.element;
    });
    if (!elements.length) elements.push(this.told ? h("div", { class: "empty" }, h("h2", { text: t("field.none") }), h("p", { text: t("field.none_hint") })) : h("p", { class: "empty", text: t(this.unit ? "field.loading" : "field.no_unit") }));
    // Placed only where the order changed: a form that somebody writes in must not lose its cursor.
    if (elements.length !== this.main.children.length || elements.some((element, at) => this.main.children[at] !== element)) this.main.replaceChildren(...elements);
  }

  drawTop() {
    if (!this.top) return;
    const n = this.queue.waiting.length;
    const bad = this.queue.refused.length;
    const link = !this.online ? "offline" : this.liveNow ? "live" : "connecting";
    const drawn = JSON.stringify([this.told?.unit.name, this.unit, n, bad, link, this.store.lasting]);
    if (drawn === this.topDrawn) return;
    this.topDrawn = drawn;
    this.top.replaceChildren(
      h("button", { type: "button", class: "unit", "data-unit": this.unit ?? "", onclick: () => this.choose() }, h("b", { text: this.unitName() }), h("span", { text: "▾", "aria-hidden": "true" })),
      h("span", { class: `link is-${link}`, "data-link": link }, t(`field.link.${link}`)),
      n || bad ? h("button", { type: "button", class: `count ${bad ? "is-bad" : ""}`, "data-waiting": String(n), onclick: () => this.showQueue() }, n ? t("field.waiting", { n }) : t("field.refused_n", { n: bad })) : h("span", { class: "count is-none", "data-waiting": "0" }),
      h("button", { type: "button", class: "menu", "aria-label": t("field.menu"), text: "☰", onclick: () => this.menu() }));
  }

  unitName() {
    const unit = this.told?.unit;
    return unit ? nameOf(unit) : (this.unit ?? t("field.choose"));
  }

  drawDuty() {
    const on = ["on", "asking", "failed"].includes(this.sharing?.standing);
    const standing = this.sharing?.standing ?? "off";
    const passed = this.sharing?.toldAt ? t("field.told_ago", { age: age(Date.now() - this.sharing.toldAt) }) : "";
    const buffered = this.sharing?.buffer.length ? t("field.fixes_wait", { n: this.sharing.buffer.length }) : "";
    const drawn = JSON.stringify([this.unit, on, standing, passed, buffered, this.seenText()]);
    if (drawn === this.dutyDrawn) return;
    this.dutyDrawn = drawn;
    this.duty.replaceChildren(
      h("button", { type: "button", role: "switch", class: "switch", "aria-checked": String(on), "data-sharing": standing, disabled: !this.unit, onclick: () => this.toggle() }, h("i", {}), h("span", { text: t("field.share") })),
      h("span", { class: `share-word is-${standing}`, text: [t(`field.sharing.${standing}`), passed, buffered].filter(Boolean).join(" · ") }),
      h("span", { class: "seen-at num", text: this.seenText() }));
  }

  seenText() {
    const old = this.seenAt && Date.now() - this.seenAt > FRESH_MS && (!this.online || !this.liveNow);
    return old ? t("field.as_of", { time: clockTime(this.seenAt).slice(0, 5) }) : "";
  }

  drawNotices() {
    const notes = this.queue.refused.map((entry) => h("div", { class: "notice is-bad", "data-refused": entry.key }, h("p", {}, h("b", { text: t("field.refused", { what: entry.label }) }), ` ${entry.refused.detail || entry.refused.code}`), h("button", { type: "button", class: "small", text: t("field.dismiss"), onclick: () => this.queue.dismiss(entry.n) })));
    if (this.trouble) notes.push(h("div", { class: "notice is-bad" }, h("p", { text: this.trouble })));
    if (!this.online || this.queue.waiting.length) notes.push(h("div", { class: "notice", "data-offline": String(!this.online) }, h("p", { text: this.queue.waiting.length ? t("field.kept", { n: this.queue.waiting.length }) : t("field.offline") })));
    if (!this.store.lasting) notes.push(h("div", { class: "notice" }, h("p", { text: t("field.not_lasting") })));
    const drawn = notes.map((note) => note.textContent).join("\n");
    if (drawn === this.notesDrawn) return;
    this.notesDrawn = drawn;
    this.notices.replaceChildren(...notes);
  }

  showQueue() {
    queueSheet([...this.queue.waiting, ...this.queue.refused], () => this.queue.flush());
  }

  tick() {
    for (const item of this.items) this.cards.get(item.assignment.id)?.tick({ now: this.live.now(), here: this.here });
    this.drawDuty();
    this.sound.tick();
  }

  /** Which unit this phone goes with: one of the person's own department. */
  async choose() {
    let units;
    try {
      units = (await getJson("/api/v1/units")).items.filter((unit) => !this.boot.viewer.department || unit.department === this.boot.viewer.department);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      sheet(t("field.choose"), h("p", { text: failure.message || t("field.no_units_now") }));
      return;
    }
    unitSheet(units, this.unit, (unit) => this.use(unit));
  }

  async use(unit) {
    if (unit === this.unit) return;
    this.sharing?.off();
    localStorage.setItem(`${UNIT}.${this.who}`, unit);
    Object.assign(this, { unit, told: null, items: [], seenAt: 0, topDrawn: "" });
    this.share();
    this.draw();
    await this.ask();
  }

  share() {
    if (!this.unit) return;
    this.sharing = new Sharing({ store: this.store, unit: this.unit, onChange: () => this.drawDuty() });
    if (localStorage.getItem(`${ON_DUTY}.${this.who}`) === this.unit) this.sharing.on();
  }

  toggle() {
    const on = ["on", "asking", "failed"].includes(this.sharing.standing);
    if (on) localStorage.removeItem(`${ON_DUTY}.${this.who}`);
    else localStorage.setItem(`${ON_DUTY}.${this.who}`, this.unit);
    if (on) this.sharing.off();
    else this.sharing.on();
  }

  menu() {
    const theme = () => {
      switchTheme();
      this.map.tiles = this.boot.county.tiles.replace("{theme}", document.documentElement.dataset.theme);
    };
    menuSheet(this.who, [["choose", () => this.choose()], ["install", this.invitation && (() => this.invitation.prompt())],
      ["language", () => switchLanguage(this.boot.language)], ["theme", theme], ["sign_out", () => this.leave()]], pagesFor(this.boot.viewer.permissions).filter(({ path }) => path !== "/field"));
  }

  /** Leave: what this phone kept of the tasks goes; deeds not sent stay for whoever did them, which is said first. */
  leave() {
    const n = this.queue.waiting.length;
    if (!n) { this.wipe(); return; }
    sheet(t("field.sign_out"), h("p", { text: t("field.leave_waiting", { n }) }), h("button", { type: "button", class: "big danger", "data-leave": true, text: t("field.leave"), onclick: () => this.wipe() }));
  }

  async wipe() {
    this.left = true;
    clearTimeout(this.soon);
    this.live.stop();
    this.asking?.abort();
    await this.sharing?.leave();
    await this.store.clear("kept");
    for (const key of Object.keys(localStorage)) if (key.startsWith("onenet.field.")) localStorage.removeItem(key);
    if (globalThis.caches) await Promise.all((await caches.keys()).filter((name) => name.startsWith("onenet-field-")).map((name) => caches.delete(name)));
    const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    await Promise.all(workers.map((worker) => worker.unregister()));
    await signOut();
  }
}

if (globalThis.document?.getElementById("boot") && document.documentElement.dataset.page === "field") {
  const boot = readBoot();
  onePress();
  openStore().then((store) => { globalThis.field = new Field(boot, store); return globalThis.field.start(); });
}
