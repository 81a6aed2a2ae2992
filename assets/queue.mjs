// The queue: what is open, most urgent first, as a virtual list with its filters.

import { h, setAttr, setText } from "./dom.mjs";
import { clockLevel, countdown, instant, number, toMs } from "./format.mjs";
import { phase } from "./marks.mjs";
import { filterOf, keepInAddress } from "./queue_address.mjs";
import { QueueFilters } from "./queue_filters.mjs";
import { SORTS, holdsBack, noFilter, realOnes, step } from "./queue_order.mjs";
import { OrderedRows } from "./queue_rows.mjs";
import { Selection } from "./selection.mjs";
import { signalAt } from "./signal.mjs";
import { VirtualList } from "./virtual_list.mjs";
import { coded, t } from "./words.mjs";

const ROW_HEIGHT = 40;
const NEW_FOR_MS = 60_000;
// Under a flood of events on ten thousand rows a few times a second is enough, and less often where a machine is slow at it:
// bringing the queue up to date takes a tenth of the page's time at most, so that scrolling and typing go on.
const CALM_EVERY_MS = 500;
const SHARE = 10;
const CALM_FROM = 2000;

/** The time shown in a row: what is left of the running clock and of which stage, or until when it stands still. */
export function rowTime(row, now) {
  if (row.suspended) return { text: t("queue.suspended"), under: t("queue.until", { at: instant(toMs(row.resumes_at), now).slice(0, 5) }), level: "held" };
  const due = toMs(row.due_at);
  const under = coded("stage", row.stage);
  if (!Number.isFinite(due)) return { text: t("format.none"), under, level: "none" };
  return { text: countdown(due - now), under, level: clockLevel(toMs(row.started_at), due, now, toMs(row.warn_at)) };
}

/** "weak" or "hole" where people can hardly talk at the scene, else nothing. */
const poorSignal = ({ lon, lat }) => ["weak", "hole"].find((one) => one === signalAt(lon, lat));

/** The signs in words, for who points at a row. */
export function signWords(row) {
  return [row.alert && t("alert.title"), row.approval && t("case.approval"), row.supervised && t("case.supervised"), row.returned_n > 0 && t("case.returned", { n: row.returned_n }),
    row.rework_n > 0 && t("case.rework", { n: row.rework_n }), poorSignal(row) && t("signal.at_scene", { signal: t(`coverage.verdict.${poorSignal(row)}`) }), row.exercise && t("case.exercise")].filter(Boolean);
}

/** What must be known of a row besides its state, as single signs: nobody has seen it, a wish waits, supervised, sent back, done again, hard to reach. */
export function rowSigns(row) {
  return [row.alert && t("queue.sign.alert"), row.approval && t("queue.sign.approval"), row.closes_at && t("queue.sign.closing"),
    row.supervised && t("queue.sign.supervised"), row.returned_n > 0 && t("queue.sign.returned", { n: row.returned_n }),
    row.rework_n > 0 && t("queue.sign.rework", { n: row.rework_n }), poorSignal(row) && t(`queue.sign.${poorSignal(row)}`), row.exercise && t("queue.sign.exercise")].filter(Boolean).join(" ");
}

/** Where a row says it is: town and address without saying either twice. */
export function rowPlace(row) {
  return row.address && row.town && !row.address.startsWith(row.town) ? `${row.town} ${row.address}` : row.address || row.town;
}

const TAIL = 14;

/** A place as its beginning and its end: where a line is too short for both the beginning gives way, because the landmark or number stands last. */
export function placeParts(place) {
  const near = place.lastIndexOf(" 近 ");
  const cut = near >= 0 ? near : Math.max(0, place.length - TAIL);
  return [place.slice(0, cut), place.slice(cut)];
}

/** The queue in its place on the page. */
export class Queue {
  constructor(root, { names, now, onSelect, layout, onPicked = () => {}, isMine = () => true, empty = "queue.empty" }) {
    Object.assign(this, { root, names, now, onSelect, layout, onPicked, isMine, empty });
    this.filter = filterOf(window.location.search);
    // The order is a person's own; a filter of last night would hide what is open now, so it lives in the address alone.
    if (!new URLSearchParams(window.location.search).has("sort") && SORTS.includes(layout.sort)) this.filter.sort = layout.sort;
    this.picked = new Selection(() => this.patchPicked());
    this.order = new OrderedRows({ names, isMine });
    this.changed = null;
    this.cost = 0;
    this.before = [];
    this.rows = new Map();
    this.shown = [];
    this.selected = null;
    this.sortedAt = 0;
    this.build();
  }

  build() {
    this.filters = new QueueFilters({ names: this.names, change: (part) => this.change(part) });
    this.count = h("span", { class: "count", role: "status" });
    this.clear = h("button", { type: "button", class: "link", hidden: true, onclick: () => this.reset(), text: t("queue.clear") });
    this.note = h("div", { class: "empty", hidden: true });
    this.list = h("div", { class: "rows", role: "listbox", tabindex: "0", "aria-multiselectable": "true", "aria-label": t("queue.title") });
    this.foot = h("div", { class: "queue-foot" });
    this.allTick = h("button", { type: "button", class: "tick", role: "checkbox", "aria-checked": "false", title: t("queue.pick_all"), "aria-label": t("queue.pick_all"), onclick: () => this.pickAll() });
    this.root.append(
      h("div", { class: "queue-head" }, h("h2", { text: t("queue.title") }), this.count, this.clear),
      ...this.filters.elements,
      h("div", { class: "columns" }, this.allTick, ...["priority", "left", "category", "state"].map((c) => h("span", { "aria-hidden": "true", text: c === "category" ? `${t("queue.column.category")} · ${t("queue.column.place")}` : t(`queue.column.${c}`) }))),
      this.note, this.list, this.foot);
    this.virtual = new VirtualList(this.list, { rowHeight: ROW_HEIGHT, make: () => this.makeRow(), patch: (e, row) => this.patchRow(e, row) });
  }

  makeRow() {
    const element = h("div", { class: "row", role: "option" },
      h("span", { class: "tick" }), h("span", { class: "chip" }), h("span", { class: "left" }, h("b"), h("small")), h("span", { class: "about" }, h("b", { class: "what" }), h("span", { class: "where" }, h("span"), h("span"))), h("span", { class: "state" }, h("span"), h("small")));
    element.addEventListener("click", (event) => this.clicked(event, element.dataset.id));
    // Made only when somebody points at it: writing times in words is what scrolling would spend most on.
    element.addEventListener("pointerenter", () => setAttr(element, "title", this.title(this.rows.get(element.dataset.id))));
    return element;
  }

  /** A click opens a case; on its tick, or with Ctrl or Shift, it picks. */
  clicked(event, id) {
    if (event.shiftKey) this.picked.extend(this.ids, id);
    else if (event.ctrlKey || event.metaKey || event.target.matches(".tick")) this.picked.toggle(id);
    else this.onSelect(id);
  }

  get ids() {
    return this.shown.map((row) => row.id);
  }

  /** The rows that are picked, as they stand now. */
  get pickedRows() {
    return [...this.picked.ids].map((id) => this.rows.get(id)).filter(Boolean);
  }

  pickAll() {
    this.picked.all(this.ids);
  }

  /** Pick on, up or down from the row where one is; returns the row that is reached. */
  extend(by) {
    this.picked.anchor ??= this.selected ?? this.ids[0];
    const reached = step(this.ids, this.selected ?? this.picked.anchor, by);
    this.picked.extend(this.ids, reached);
    return reached;
  }

  patchPicked() {
    const n = this.picked.size;
    setAttr(this.allTick, "aria-checked", n === 0 ? "false" : n >= this.shown.length ? "true" : "mixed");
    this.virtual.draw();
    this.onPicked(n);
  }

  title(row) {
    return row ? [row.number, instant(toMs(row.reported_at), this.now()), rowPlace(row), ...signWords(row), row.text].filter(Boolean).join(" · ") : "";
  }

  patchRow(element, row) {
    const now = this.now();
    const [, chip, left, about, state] = element.children;
    const [what, where] = about.children;
    const time = rowTime(row, now);
    const fresh = now - toMs(row.reported_at) < NEW_FOR_MS ? " is-new" : "";
    if (element.dataset.id !== row.id) element.dataset.id = row.id;
    setAttr(element, "class", `row virtual p-${row.priority} is-${phase(row.state)}${fresh}${row.supervised ? " is-supervised" : ""}`);
    setAttr(element, "aria-selected", String(row.id === this.selected));
    setAttr(element, "aria-checked", String(this.picked.has(row.id)));
    setAttr(chip, "class", `chip p-${row.priority}`);
    setText(chip, row.priority);
    setAttr(left, "class", `left is-${time.level}`);
    setText(left.firstChild, time.text);
    setText(left.lastChild, time.under ?? "");
    setText(what, this.names.category(row.category));
    const [head, tail] = placeParts(rowPlace(row));
    setText(where.firstChild, head);
    setText(where.lastChild, tail);
    setText(state.firstChild, coded("state", row.state));
    setText(state.lastChild, rowSigns(row));
  }

  /** Take the live rows, `changed` are the ids of those that are other than before (null: all); drawing is put off where the flood is high. */
  setRows(rows, changed = null) {
    this.rows = rows;
    this.changed = changed && this.changed ? new Set([...this.changed, ...changed]) : null;
    const wait = rows.size > CALM_FROM ? Math.max(CALM_EVERY_MS, SHARE * this.cost) - (performance.now() - this.sortedAt) : 0;
    if (wait <= 0) return this.bring();
    this.pending ??= setTimeout(() => this.bring(), wait);
  }

  /** Everything anew: the filter, the names or what is mine changed. */
  refresh() {
    this.changed = null;
    this.bring();
  }

  bring() {
    clearTimeout(this.pending);
    this.pending = undefined;
    const began = performance.now();
    this.shown = this.order.bring(this.rows, this.filter, this.now(), this.changed);
    this.changed = new Set();
    this.virtual.set(this.shown);
    this.picked.prune(this.rows);
    this.patchHead();
    this.sortedAt = performance.now();
    this.cost = this.sortedAt - began;
  }

  patchHead() {
    this.filters.show(this.filter, this.rows);
    const held = holdsBack(this.filter);
    const all = number(realOnes(this.rows.values()));
    setText(this.count, held ? t("queue.count_of", { n: number(realOnes(this.shown)), all }) : t("queue.count", { n: all }));
    this.clear.hidden = !held;
    this.note.hidden = this.shown.length > 0;
    setText(this.note, held ? t("queue.none_pass") : t(this.empty));
  }

  /** Only the times move: patch what is in sight. */
  tick() {
    this.virtual.draw();
  }

  change(part) {
    this.before.push(this.filter);
    this.filter = { ...this.filter, ...part };
    this.settle();
  }

  /** Take the last change of the filter back. */
  undo() {
    if (this.before.length) this.filter = this.before.pop();
    this.settle();
  }

  settle() {
    keepInAddress(this.filter);
    this.layout.keepSort(this.filter.sort);
    this.list.scrollTop = 0;
    this.refresh();
  }

  reset() {
    this.change({ ...noFilter(), sort: this.filter.sort });
    this.onCleared?.();
  }

  /** Mark a row as the selected one. */
  select(id) {
    this.selected = id;
    this.virtual.draw();
    this.virtual.reveal(this.shown.findIndex((row) => row.id === id));
  }

  /** The id `by` steps away. */
  stepFrom(by) {
    return step(this.shown.map((row) => row.id), this.selected, by);
  }
}
