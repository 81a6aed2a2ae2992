// The queue of a crew's deeds: each under its own key, sent in the order in which it was done, once; refused ones stay until they are seen.

import { Problem, postJson } from "./api.mjs";
import { backoff } from "./live.mjs";
import { verdict } from "./outbox.mjs";

const ONWARD = { ack: "ACKED", enroute: "ENROUTE", on_scene: "ON_SCENE", clear: "CLEARED", decline: "DECLINED" };

/** The entries of one person that wait, in their order. */
export const waiting = (entries, who) => entries.filter((entry) => entry.who === who && !entry.refused).sort((a, b) => a.n - b.n);

/** The entries of one person that were refused and not yet seen away. */
export const refused = (entries, who) => entries.filter((entry) => entry.who === who && entry.refused).sort((a, b) => a.n - b.n);

/** An assignment as it will stand once what waits is sent, and whether anything of it waits. */
export function overlay(assignment, entries) {
  const steps = entries.filter((entry) => entry.assignment === assignment.id && entry.kind === "step");
  if (!steps.length) return { ...assignment, pending: false };
  const state = ONWARD[steps.at(-1).step] ?? assignment.state;
  return { ...assignment, state, open: !["CLEARED", "DECLINED"].includes(state), pending: true };
}

/** What a step, a note or a photo becomes in the queue; `at` is the crew's own clock. */
export function entryOf(kind, assignment, { step = "", text = "", blob = null, label = "" }, { who, key, at }) {
  const occurred = new Date(at).toISOString();
  const entry = { kind, step, assignment, who, key, at, label, blob };
  if (kind === "step") {
    const body = { occurred_at: occurred, ...(text ? { reason: text } : {}) };
    return { ...entry, path: `/api/v1/assignments/${assignment}/${step}`, body };
  }
  if (kind === "note") return { ...entry, path: `/api/v1/field/assignments/${assignment}/note`, body: { text, occurred_at: occurred } };
  const asked = new URLSearchParams({ occurred_at: occurred, ...(text ? { text } : {}) });
  return { ...entry, path: `/api/v1/field/assignments/${assignment}/photo?${asked}`, body: null };
}

/** Put a picture or a deed on the wire. */
export async function sendEntry(entry) {
  if (entry.kind !== "photo") return postJson(entry.path, entry.body, entry.key);
  let answer;
  try {
    answer = await fetch(entry.path, { method: "POST", body: entry.blob, credentials: "same-origin", headers: { "Content-Type": entry.blob.type || "image/jpeg", "Idempotency-Key": entry.key } });
  } catch {
    throw new Problem(0);
  }
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Problem(answer.status, body ?? {});
  return body;
}

/** The queue over a store. `send(entry)` resolves with the answer or throws a Problem. */
export class FieldQueue {
  constructor({ store, who, send, onChange = () => {}, onSent = () => {}, later = (work, ms) => setTimeout(work, ms) }) {
    Object.assign(this, { store, who, send, onChange, onSent, later });
    this.entries = [];
    this.tries = 0;
    this.busy = null;
  }

  get waiting() { return waiting(this.entries, this.who); }
  get refused() { return refused(this.entries, this.who); }

  /** Read what was kept from before. */
  async load() {
    this.entries = await this.store.all("queue");
    this.onChange();
  }

  /** Keep a deed, then try to send what waits; resolves as soon as it is kept. */
  async add(entry) {
    const n = await this.store.put("queue", entry);
    this.entries = [...this.entries, { ...entry, n }];
    this.onChange();
    this.flush();
  }

  /** Take a refused entry away, because its person has read why. */
  async dismiss(n) {
    await this.store.remove("queue", n);
    this.entries = this.entries.filter((entry) => entry.n !== n);
    this.onChange();
  }

  /** Send what waits, one after the other; two at once are one. */
  flush() {
    this.busy ??= this.alone().finally(() => { this.busy = null; });
    return this.busy;
  }

  /** Only one window of the browser sends at a time; the others' turn comes with their own next try. */
  alone() {
    if (!globalThis.navigator?.locks) return this.sendAll();
    return navigator.locks.request("onenet-field-queue", { ifAvailable: true }, (lock) => lock && this.sendAll());
  }

  async sendAll() {
    this.entries = await this.store.all("queue");
    for (let entry = this.waiting[0]; entry; entry = this.waiting[0]) {
      if (!(await this.sendOne(entry))) return this.again();
    }
    this.tries = 0;
    return undefined;
  }

  /** Send one; false where nobody answered, and then what follows it waits too. */
  async sendOne(entry) {
    try {
      const answer = await this.send(entry);
      // The answer first: the network may be gone again before anything else is asked.
      await this.onSent(entry, answer);
      await this.dismiss(entry.n);
      this.tries = 0;
    } catch (failure) {
      const problem = failure instanceof Problem ? failure : new Problem(0);
      if (verdict(problem) === "keep") return false;
      const told = { ...entry, refused: { code: problem.code, detail: problem.message, at: Date.now() } };
      await this.store.put("queue", told);
      this.entries = this.entries.map((other) => (other.n === entry.n ? told : other));
      this.onChange();
    }
    return true;
  }

  again() {
    clearTimeout(this.timer);
    this.timer = this.later(() => this.flush(), backoff(this.tries));
    this.tries += 1;
  }
}
