// Many cases at once: one command in parts, each part under a key of its own, with what became of every case.

import { GRAVE, argumentsOf, fieldsOf } from "./action_table.mjs";
import { Problem, newKey, postJson } from "./api.mjs";
import { BulkForm, resultList, tally } from "./bulk_form.mjs";
import { h, setText } from "./dom.mjs";
import { number } from "./format.mjs";
import { t } from "./words.mjs";

export const PART = 50;
/** What is offered for many at once, the first of them as buttons. */
export const BULK = ["merge", "file", "dispatch", "close", "reject", "acknowledge", "request_verification", "accept", "arrive", "resolve", "assign_check", "pass_check", "change_priority", "correct_category", "supervise", "add_note", "void"];

/** A list in parts of a length. */
export const parts = (list, length = PART) => Array.from({ length: Math.ceil(list.length / length) }, (_, i) => list.slice(i * length, (i + 1) * length));

/** Which cases a command goes to: a master is not merged into itself. */
export const targets = (ids, values) => ids.filter((id) => id !== values.master);

/** Do a command to many; `heard(results)` after each part. Resolves with what nobody answered: its parts keep their keys. */
export async function doParts(work, { post, heard, stopped = () => false }) {
  const left = [];
  for (const part of work) {
    if (stopped() || left.length) {
      left.push(part);
      continue;
    }
    try {
      heard((await post("/api/v1/cases/bulk", part.body, part.key)).results);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (failure.passing) left.push(part);
      else heard(part.body.ids.map((id) => ({ id, done: false, code: failure.code, detail: failure.message })));
    }
  }
  return left;
}

/** The dialog of one command for the cases that are picked. */
export class BulkDialog {
  constructor({ names, schemas, codes, now, onDone, post = postJson }) {
    Object.assign(this, { names, schemas, codes, now, onDone, post });
    this.dialog = h("dialog", { class: "sheet bulk", "aria-label": t("bulk.title") });
    this.dialog.addEventListener("cancel", (event) => this.running && event.preventDefault());
    document.body.append(this.dialog);
  }

  label(name) {
    return this.schemas[name]?.label ?? name;
  }

  open(name, rows) {
    Object.assign(this, { name, rows, results: [], left: [], stop: false, running: false });
    const fields = fieldsOf(name, this.schemas[name], this.codes);
    this.form = new BulkForm({ name, label: this.label(name), fields, rows, names: this.names, now: this.now(), grave: GRAVE.has(name), onSend: () => this.send(), onCancel: () => this.dialog.close() });
    this.dialog.replaceChildren(this.form.element);
    this.dialog.showModal();
    this.form.focus();
  }

  send() {
    const values = argumentsOf(this.form.values());
    const ids = targets(this.rows.map(({ id }) => id), values);
    const key = newKey();
    const work = parts(ids).map((part, i) => ({ key: `${key}:${i}`, body: { ids: part, command: this.name, arguments: values } }));
    this.total = ids.length;
    return this.run(work);
  }

  async run(work) {
    Object.assign(this, { running: true, stop: false });
    this.drawProgress();
    this.left = await doParts(work, { post: this.post, stopped: () => this.stop, heard: (results) => { this.results.push(...results); this.progress(); } });
    this.running = false;
    this.drawResults();
    this.onDone(this.name, this.results);
  }

  drawProgress() {
    this.bar = h("progress", { max: this.total, value: this.results.length });
    this.figure = h("p", { class: "num", role: "status" });
    const stop = h("button", { type: "button", class: "action", text: t("bulk.stop"), onclick: () => { this.stop = true; stop.disabled = true; } });
    this.dialog.replaceChildren(h("h2", { text: t("bulk.running", { action: this.label(this.name) }) }), this.bar, this.figure, h("div", { class: "form-foot" }, stop));
    this.progress();
  }

  progress() {
    this.bar.value = this.results.length;
    setText(this.figure, t("bulk.progress", { done: number(this.results.length), all: number(this.total) }));
  }

  drawResults() {
    const { done, refused } = tally(this.results);
    const waiting = this.left.reduce((sum, part) => sum + part.body.ids.length, 0);
    const again = h("button", { type: "button", class: "action main", text: t("bulk.again", { n: number(waiting) }), onclick: () => this.run(this.left) });
    const back = h("button", { type: "button", class: "action", text: t("bulk.unmerge", { n: number(done) }), onclick: () => this.unmerge() });
    const close = h("button", { type: "button", class: "action", text: t("form.close"), onclick: () => this.dialog.close() });
    this.dialog.replaceChildren(
      h("h2", { text: t("bulk.done", { action: this.label(this.name) }) }),
      h("p", { class: "bulk-tally num", role: "status" }, h("b", { class: "is-done", text: t("bulk.count_done", { n: number(done) }) }), refused > 0 && h("b", { class: "is-late", text: t("bulk.count_refused", { n: number(refused) }) }), waiting > 0 && h("b", { class: "is-waiting", text: t("bulk.count_waiting", { n: number(waiting) }) })),
      resultList(this.results, this.rows, this.names),
      h("div", { class: "form-foot" }, waiting > 0 && again, close, this.name === "merge" && done > 0 && back));
    (waiting > 0 ? again : close).focus();
  }

  /** Take a merge back: what was merged stands alone again. */
  unmerge() {
    const ids = this.results.filter(({ done }) => done).map(({ id }) => id);
    const key = newKey();
    Object.assign(this, { name: "unmerge", results: [], total: ids.length });
    return this.run(parts(ids).map((part, i) => ({ key: `${key}:${i}`, body: { ids: part, command: "unmerge", arguments: {} } })));
  }
}

/** The bar under the queue while something is picked. */
export class BulkBar {
  constructor({ may, label, onAct, onClear }) {
    this.acts = BULK.filter((name) => may.includes(name));
    this.onAct = onAct;
    this.count = h("b", { class: "num", role: "status" });
    const button = (name, i) => h("button", { type: "button", class: `action ${GRAVE.has(name) ? "grave" : ""}`, "data-bulk": name, onclick: () => this.act(name) }, h("span", { text: label(name) }), i < 9 && h("kbd", { text: String(i + 1) }));
    const buttons = this.acts.map(button);
    const rest = buttons.slice(4);
    this.element = h("div", { class: "bulk-bar", hidden: true, role: "toolbar", "aria-label": t("bulk.title") },
      h("div", { class: "bulk-head" }, this.count, h("button", { type: "button", class: "link", onclick: onClear }, t("bulk.clear"), h("kbd", { text: "Esc" }))),
      h("div", { class: "bulk-acts" }, buttons.slice(0, 4), rest.length > 0 && (this.more = h("details", { class: "more up" }, h("summary", { text: t("action.more", { n: rest.length }) }), h("div", { class: "more-list" }, rest)))));
  }

  show(picked) {
    this.element.hidden = !picked;
    setText(this.count, t("bulk.picked", { n: number(picked) }));
  }

  act(name) {
    if (this.more) this.more.open = false;
    this.onAct(name);
  }

  /** The key 1 to 9 was pressed. */
  press(digit) {
    const name = this.acts[digit - 1];
    if (name) this.act(name);
    return Boolean(name);
  }
}
