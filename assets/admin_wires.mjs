// The wires' tab: what comes in by every wire, which of them is shut and why, and the frames that could not be read.

import { Said, Table, when } from "./admin_parts.mjs";
import { getJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { number } from "./format.mjs";
import { coded, t } from "./words.mjs";

const ASKED_EVERY_MS = 5000;
const COUNTS = ["frames", "readings", "accepted", "late", "duplicate", "refused", "unknown"];

/** Every wire as a row: its counts, its door, and what is wrong with it; a shut one without counts is there too. */
export function wireRows({ items, ports, problems, broker_connected: connected }) {
  const rows = new Map(items.map((one) => [one.wire, { ...one, door: "", problem: "" }]));
  const of = (wire) => {
    if (!rows.has(wire)) rows.set(wire, { wire, sources: 0, newest_at: null, ...Object.fromEntries(COUNTS.map((name) => [name, 0])), door: "", problem: "" });
    return rows.get(wire);
  };
  for (const { wire, port, open, callers } of ports) Object.assign(of(wire), { door: open ? "open" : "shut", port, callers });
  if (connected !== null) Object.assign(of("mqtt"), { door: connected ? "connected" : "cut" });
  for (const { wire, problem } of problems) Object.assign(of(wire), { problem });
  return [...rows.values()].sort((a, b) => (a.wire < b.wire ? -1 : 1));
}

/** How a wire's door stands, as its cell says it. */
export function doorText({ door, port, callers, problem }) {
  if (problem) return t("admin.wire.problem", { problem });
  if (door === "open") return t("admin.wire.open", { port, callers });
  if (door === "shut") return t("admin.wire.shut", { port });
  return door ? t(`admin.wire.${door}`) : "";
}

export class WiresTab {
  constructor(root) {
    this.said = new Said();
    this.wire = "";
    const num = (value, late = false) => h("span", { class: `num${late && value ? " is-late" : ""}`, text: number(value) });
    this.wires = new Table(["wire", "door", "sources", ...COUNTS, "newest"].map((name) => t(`admin.wire.${name}`)), (row) => [
      h("button", { type: "button", class: "link", text: coded("admin.wire_of", row.wire), "aria-pressed": String(row.wire === this.wire), onclick: () => this.only(row.wire) }),
      h("span", { class: row.problem || row.door === "shut" || row.door === "cut" ? "is-late" : "", text: doorText(row) }), num(row.sources),
      ...COUNTS.map((name) => num(row[name], name === "refused" || name === "unknown")), when(row.newest_at)], t("admin.wire.none"));
    this.notes = h("p", { class: "dim num", role: "status" });
    this.which = h("span", { class: "dim" });
    this.every = h("button", { type: "button", class: "action", hidden: true, text: t("admin.wire.every"), onclick: () => this.only("") });
    this.frames = new Table(["at", "wire", "source", "why", "size", "raw"].map((name) => t(`admin.frame.${name}`)), (row) => [
      when(row.at), coded("admin.wire_of", row.wire), h("span", { class: "mono", text: row.source }), row.detail,
      h("span", { class: "num", text: number(row.size) }), this.raw(row)], t("admin.frame.none"));
    root.append(h("div", { class: "table-head" }, h("h2", { text: t("admin.wires") }), this.notes), this.said.element, this.wires.element,
      h("div", { class: "table-head" }, h("h2", { text: t("admin.frames") }), this.which, this.every), this.frames.element);
    this.wires.element.classList.add("wires");
  }

  /** A frame's beginning as it came; its bytes are shown when somebody opens it. */
  raw({ raw, text }) {
    return h("details", { class: "frame" }, h("summary", { class: "mono", text: text.slice(0, 60) || raw.slice(0, 60) }), h("pre", { class: "mono", tabindex: "0", text }), h("pre", { class: "mono dim", tabindex: "0", text: raw }));
  }

  only(wire) {
    this.wire = wire === this.wire ? "" : wire;
    return this.said.guard(() => this.load());
  }

  async load() {
    clearTimeout(this.timer);
    const asked = new URLSearchParams({ limit: 100, ...(this.wire ? { wire: this.wire } : {}) });
    const [told, frames] = await Promise.all([getJson("/api/v1/wires"), getJson(`/api/v1/refused-frames?${asked}`)]);
    this.wires.show(wireRows(told));
    this.notes.textContent = t("admin.wire.notes", { waiting: number(told.waiting), dropped: number(told.broker_dropped), offline: number(told.offline_devices) });
    this.which.textContent = this.wire && coded("admin.wire_of", this.wire);
    this.every.hidden = !this.wire;
    if (!this.frames.element.querySelector("details[open]")) this.frames.show(frames.items); // somebody is reading
    this.timer = setTimeout(() => this.said.guard(() => this.load()), ASKED_EVERY_MS);
  }

  leave() {
    clearTimeout(this.timer);
  }
}
