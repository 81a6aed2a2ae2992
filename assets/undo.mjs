// Taking a command back: the server says which command does it; it is offered for some seconds and given like any other.

import { conflictValues } from "./case_actions.mjs";
import { Problem, newKey, postJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { t } from "./words.mjs";

export const OFFERED_MS = 20_000;

/** The body of the command that takes another back. */
export const undoBody = (undo, version, reason) => ({ name: undo.name, version, arguments: undo.reason ? { ...undo.arguments, reason } : undo.arguments });

/** The bar that offers it. `u` or its button does it; time, or another command, takes it away. */
export class UndoBar {
  constructor({ tell, onDone, now = () => performance.now(), post = postJson, root = document.body }) {
    Object.assign(this, { tell, onDone, now, post });
    this.text = h("span");
    this.left = h("span", { class: "num dim" });
    this.button = h("button", { type: "button", class: "action", onclick: () => this.act() }, h("span", { text: t("undo.do") }), h("kbd", { text: "u" }));
    this.element = h("div", { class: "undo-bar", role: "status", hidden: true }, this.text, this.button, this.left);
    root.append(this.element);
  }

  /** Offer to take back what was just done to a case; nothing is offered where it is not safe. */
  offer(label, row, undo) {
    this.pending = undo ? { label, row, undo, key: newKey(), until: this.now() + OFFERED_MS } : null;
    this.draw();
  }

  draw() {
    this.element.hidden = !this.pending;
    if (!this.pending) return;
    setText(this.text, t("action.done", { action: this.pending.label, number: this.pending.row.number }));
    setText(this.left, t("format.seconds", { s: Math.max(0, Math.ceil((this.pending.until - this.now()) / 1000)) }));
  }

  /** A second went by. */
  tick() {
    if (this.pending && this.now() >= this.pending.until && !this.busy) this.pending = null;
    this.draw();
  }

  /** Take it back; returns false where nothing is offered. */
  async act() {
    const { pending } = this;
    if (!pending || this.busy) return false;
    this.busy = true;
    this.button.disabled = true;
    try {
      const body = undoBody(pending.undo, pending.row.version, t("undo.reason"));
      const answer = await this.post(`/api/v1/cases/${pending.row.id}/commands`, body, pending.key);
      this.pending = null;
      this.tell(t("undo.done", { action: pending.label, number: pending.row.number }));
      this.onDone(answer.case);
    } catch (failure) {
      this.fail(failure);
    } finally {
      this.busy = false;
      this.button.disabled = false;
      this.draw();
    }
    return true;
  }

  // Somebody was faster: what they did stands, and nothing is taken back. Silence is no answer: the same key may be pressed again.
  fail(failure) {
    if (!(failure instanceof Problem)) throw failure;
    if (failure.passing) {
      this.pending.until = this.now() + OFFERED_MS;
      return this.tell(t("error.unanswered"), "warn");
    }
    this.pending = null;
    const stale = failure.status === 409 && failure.body.current_version !== undefined;
    return this.tell(stale ? t("undo.overtaken", conflictValues(failure.body)) : failure.message || t("error.unknown"), "warn");
  }
}
