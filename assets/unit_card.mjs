// A unit on the desk, by mouse or by keys: what it does, what its crew says, how old its position is, and its track with what is missing.

import { Problem, getJson, newKey, postJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { age, clockTime, duration, instant } from "./format.mjs";
import { isStale, staleAfter } from "./marks.mjs";
import { coded, t } from "./words.mjs";

/** The spans to choose from, in hours. */
export const SPANS_H = [1, 4, 12];
/** What a crew may say of itself by radio. */
export const SAYINGS = ["available", "break", "out_of_service"];
const LATE_MS = 60_000; // told so long after it was seen, a position came too late to help anybody
const AGAIN_MS = 5000;
const NEAR = 14;

/** A track in points, the runs without a gap (longer than `gapMs`), the gaps between them, and the points that came late. */
export function readTrack({ geometry, properties }, gapMs) {
  const places = !geometry ? [] : geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates;
  const points = places.map(([lon, lat], n) => ({ lon, lat, seen: Date.parse(properties.times[n]), received: Date.parse(properties.received[n]) }));
  const runs = points.length ? [[points[0]]] : [];
  const gaps = [];
  for (let n = 1; n < points.length; n += 1) {
    const [from, to] = [points[n - 1], points[n]];
    if (to.seen - from.seen > gapMs) {
      gaps.push({ from, to });
      runs.push([to]);
    } else runs.at(-1).push(to);
  }
  return { points, runs, gaps, late: points.filter(({ seen, received }) => received - seen > LATE_MS) };
}

/** The track in words: how many positions, gaps with the longest, and how many came late. */
export function trackText({ points, gaps, late }) {
  if (!points.length) return t("unit_card.no_track");
  const longest = Math.max(0, ...gaps.map(({ from, to }) => to.seen - from.seen));
  return [t("unit_card.points", { n: points.length }), gaps.length ? t("unit_card.gaps", { n: gaps.length, long: duration(longest) }) : t("unit_card.no_gaps"), late.length && t("unit_card.late", { n: late.length })].filter(Boolean).join(" · ");
}

/** Units in the order in which they are gone through: the nearest to a place first, those nobody has seen last, by name. */
export function orderOf(units, { lon, lat }) {
  const wide = Math.cos((lat * Math.PI) / 180);
  const away = (unit) => (Number.isFinite(unit.lon) && Number.isFinite(unit.lat) ? Math.hypot((unit.lon - lon) * wide, unit.lat - lat) : Infinity);
  const ranked = [...units].map(([id, unit]) => ({ id, far: away(unit), name: unit.name || id }));
  ranked.sort((a, b) => (a.far === b.far ? a.name.localeCompare(b.name) : a.far - b.far));
  return ranked.map(({ id }) => id);
}

/** The card over the map and the track under the marks. */
export class UnitCard {
  constructor(root, { view, now, names, units, onCase, permissions, where, ask = getJson, post = postJson }) {
    Object.assign(this, { L: window.L, map: view.map, now, names, units, onCase, where, ask, post, id: null, hours: 0, order: [] });
    this.may = { read: permissions.includes("units.read"), say: permissions.includes("units.position") };
    view.pane("track", 425);
    this.renderer = this.L.svg({ pane: "track" });
    this.card = h("section", { class: "cover-card unit-card", hidden: true, tabindex: "-1" });
    this.card.addEventListener("keydown", (event) => this.key(event));
    root.append(this.card);
    if (this.may.read) view.onUnit = (id) => this.open(id);
  }

  /** By a key: the card of the unit nearest to the case that is open, with the keyboard in it; once more shuts it. */
  toggle() {
    if (!this.may.read) return false;
    if (this.close()) return true;
    const [first] = orderOf(this.units(), this.where());
    if (first) this.enter(first);
    return Boolean(first);
  }

  /** Open a unit's card and take the keyboard there; closing gives it back. */
  enter(id) {
    if (!this.may.read || !this.units().has(id)) return;
    this.from ??= document.activeElement;
    this.open(id);
    this.card.focus();
  }

  open(id) {
    if (!this.units().has(id)) return;
    if (!this.id) this.order = orderOf(this.units(), this.where());
    if (id !== this.id) Object.assign(this, { id, hours: 0, more: null, heard: "" });
    this.clear();
    this.draw();
    this.learn();
  }

  close() {
    if (!this.id) return false;
    const held = this.card.contains(document.activeElement);
    this.id = null;
    this.card.hidden = true;
    this.clear();
    if (held && this.from?.isConnected) this.from.focus();
    this.from = null;
    return true;
  }

  key(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.step(by);
  }

  /** The next unit, or the one before, from near to far; round at the end. */
  step(by) {
    const ids = this.order.filter((id) => this.units().has(id));
    const at = ids.indexOf(this.id);
    if (ids.length > 1) this.open(ids[(at + by + ids.length) % ids.length]);
  }

  /** Show on the map where it is. */
  find() {
    const { lon, lat } = this.units().get(this.id);
    this.map.setView([lat, lon], Math.max(this.map.getZoom(), NEAR));
  }

  /** Take down what the crew said by radio: it is never refused, what speaks against it is told. */
  async say(status) {
    const { id } = this;
    try {
      const told = await this.post(`/api/v1/units/${encodeURIComponent(id)}/status`, { status }, newKey());
      if (this.id !== id) return;
      this.more = told.unit;
      this.heard = [t("unit_card.taken"), ...told.warnings.map(({ text }) => text)].join(" · ");
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (this.id !== id) return;
      this.heard = failure.passing ? t("error.unanswered") : failure.message;
    }
    this.draw();
  }

  /** What the map does not carry: department, crew, radio, and what the crew said. */
  async learn() {
    const { id } = this;
    try {
      const more = await this.ask(`/api/v1/units/${encodeURIComponent(id)}`);
      if (this.id !== id) return;
      this.more = more;
      this.draw();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure; // the card stands without it
    }
  }

  draw() {
    const unit = this.units().get(this.id);
    if (!unit) return this.close();
    const held = this.card.contains(document.activeElement) ? (document.activeElement.dataset.act ?? "") : null;
    this.seen = h("p", { class: "unit-seen" });
    this.told = h("p", { class: "dim unit-told-track", role: "status", hidden: !this.hours });
    this.card.setAttribute("aria-label", unit.name || unit.id);
    this.card.replaceChildren(...[this.head(unit), ...this.parts(unit), this.foot(unit)].flat().filter(Boolean));
    this.card.hidden = false;
    // Drawn anew, the keyboard stays where it was.
    if (held !== null) (this.card.querySelector(`[data-act="${held}"]`) ?? this.card).focus();
    this.age();
    if (this.track) setText(this.told, trackText(this.track));
    return undefined;
  }

  head(unit) {
    return h("h2", {}, h("span", { text: unit.name || unit.id }), h("span", { class: "dim", text: t(`unit_status.${unit.status}`) }),
      h("span", { class: "unit-steps" }, this.button("previous", "‹", () => this.step(-1), { "aria-label": t("unit_card.previous"), title: t("unit_card.previous") }), this.button("next", "›", () => this.step(1), { "aria-label": t("unit_card.next"), title: t("unit_card.next") }),
        this.button("close", "×", () => this.close(), { "aria-label": t("form.close"), title: t("form.close") })));
  }

  parts(unit) {
    const { more } = this;
    return [
      h("p", { class: "dim", text: [coded("unit_kind", unit.kind), more && this.names.department(more.department), more?.crew > 0 && t("unit_card.crew", { n: more.crew }), more?.radio && t("unit_card.radio", { name: more.radio })].filter(Boolean).join(" · ") }),
      this.seen,
      more?.said && h("p", { class: "dim", text: t("unit_card.said", { what: t(`unit_status.${more.said.status}`), at: instant(Date.parse(more.said.said_at), this.now()), note: more.said.note }) }),
      this.line("track", SPANS_H.map((n) => this.button(`span-${n}`, t("unit_card.hours", { n }), () => this.span(n), { class: "filter", "data-hours": String(n), "aria-pressed": String(this.hours === n) }))),
      this.told,
    ];
  }

  foot(unit) {
    const seen = Number.isFinite(unit.lon) && Number.isFinite(unit.lat);
    return [
      this.may.say && this.line("say", SAYINGS.map((status) => this.button(`say-${status}`, t(`unit_status.${status}`), () => this.say(status), { class: "filter" }))),
      this.may.say && this.heard && h("p", { class: "unit-heard", role: "status", text: this.heard }),
      h("p", { class: "unit-ways" }, seen && this.button("find", t("unit_card.find"), () => this.find(), { class: "link" }), (this.more?.cases ?? []).map((id, n) => this.button(`case-${n}`, t("unit_card.case"), () => this.onCase(id), { class: "link" }))),
    ];
  }

  line(name, buttons) {
    return h("div", { class: "unit-spans", role: "group", "aria-label": t(`unit_card.${name}`) }, h("span", { text: t(`unit_card.${name}`) }), buttons);
  }

  button(act, text, onclick, more = {}) {
    return h("button", { type: "button", class: "unit-step", "data-act": act, text, onclick, ...more });
  }

  /** The age of its position, and that it is too old for its kind. */
  age() {
    const unit = this.id && this.units().get(this.id);
    if (!unit) return;
    const stale = isStale(unit, this.now());
    const past = { age: age(this.now() - unit.at), limit: duration(staleAfter(unit.kind)) };
    setText(this.seen, Number.isFinite(unit.at) && unit.at > 0 ? t(stale ? "unit_card.stale" : "unit_card.seen", past) : t("unit_card.never"));
    this.seen.classList.toggle("is-stale", stale);
  }

  /** Show the last `hours`; the same once more takes the track away. */
  span(hours) {
    this.hours = this.hours === hours ? 0 : hours;
    this.clear();
    this.draw();
    this.card.querySelector(`[data-hours="${hours}"]`).focus();
    return this.hours ? this.follow() : undefined;
  }

  /** Units changed: where ours is among them, its card and its track follow. */
  hear(touched) {
    if (!this.id || !touched.has(this.id)) return;
    this.draw();
    if (this.hours) this.timer ??= setTimeout(() => this.follow(), AGAIN_MS);
  }

  async follow() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { id, hours } = this;
    if (!id || !hours) return;
    const window = new URLSearchParams({ from: new Date(this.now() - hours * 3_600_000).toISOString() });
    try {
      const told = await this.ask(`/api/v1/units/${encodeURIComponent(id)}/track?${window}`);
      if (this.id !== id || this.hours !== hours) return;
      this.track = readTrack(told, staleAfter(this.units().get(id)?.kind));
      this.put(this.track);
      setText(this.told, trackText(this.track));
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (this.id === id) setText(this.told, failure.message || t("error.unanswered"));
    }
  }

  put({ runs, gaps, late, points }) {
    this.layer?.remove();
    const { renderer } = this;
    const at = ({ lon, lat }) => [lat, lon];
    const said = (text, mark) => mark.bindTooltip(text, { sticky: true });
    const line = (those, className) => this.L.polyline(those.map(at), { renderer, className });
    const dot = (point, className, radius) => this.L.circleMarker(at(point), { renderer, className, radius });
    this.layer = this.L.featureGroup([
      ...runs.filter((run) => run.length > 1).flatMap((run) => [line(run, "track is-under"), said(t("unit_card.run", { from: clockTime(run[0].seen), to: clockTime(run.at(-1).seen) }), line(run, "track"))]),
      ...gaps.map(({ from, to }) => said(t("unit_card.gap", { from: clockTime(from.seen), to: clockTime(to.seen), long: duration(to.seen - from.seen) }), line([from, to], "track is-gap"))),
      ...late.map((point) => said(t("unit_card.late_at", { at: clockTime(point.seen), by: duration(point.received - point.seen) }), dot(point, "track-dot is-late", 4))),
      ...points.slice(0, 1).map((point) => dot(point, "track-dot is-start", 5).bindTooltip(t("unit_card.start", { at: clockTime(point.seen) }), { permanent: true, direction: "right", className: "way-told" })),
    ]).addTo(this.map);
  }

  clear() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.track = null;
    this.layer?.remove();
    this.layer = null;
  }
}
