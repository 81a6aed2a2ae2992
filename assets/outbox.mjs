// The outbox: what was to be posted and was not answered stays here, under its key, until it is.

import { Problem, postJson } from "./api.mjs";
import { backoff } from "./live.mjs";

const SHELF = "onenet.outbox";

/** A list with a post put in, or its tries counted where it was in. */
export const kept = (list, post) => [...list.filter((other) => other.key !== post.key), post];

/** A list without a post. */
export const without = (list, key) => list.filter((other) => other.key !== key);

/** The posts that one person made. */
export const ofPerson = (list, who) => list.filter((post) => post.who === who);

/** Say what a failed post becomes: kept to be sent again, or given back because it was refused. */
export const verdict = (problem) => (problem.passing || problem.status === 401 ? "keep" : "refused");

/** Read a stored list; what cannot be read is an empty one. */
export function parsed(text) {
  try {
    const list = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list.filter((post) => post && post.key && post.path && post.body) : [];
  } catch {
    return [];
  }
}

/** Pending posts, kept over a reload. */
export class Outbox {
  constructor({ who = "", storage = window.localStorage, post = postJson, onChange = () => {}, onSent = () => {}, onRefused = () => {} } = {}) {
    Object.assign(this, { who, storage, post, onChange, onSent, onRefused });
    this.tries = 0;
    this.flying = new Set();
    window.addEventListener("online", () => this.flush());
    if (this.list.length) this.later();
  }

  /** What waits and is this person's: nobody sends another's words under their own name. */
  get list() {
    return ofPerson(parsed(this.storage.getItem(SHELF)), this.who);
  }

  change(turn) {
    const posts = turn(parsed(this.storage.getItem(SHELF)));
    if (posts.length) this.storage.setItem(SHELF, JSON.stringify(posts));
    else this.storage.removeItem(SHELF);
    this.onChange(this.list);
  }

  /** Post now; resolves {sent} with the answer, {kept} where nobody answered, {refused} with the problem. */
  async submit(post) {
    this.change((posts) => kept(posts, { ...post, who: this.who }));
    return this.attempt(post);
  }

  async attempt(post) {
    this.flying.add(post.key);
    try {
      const answer = await this.post(post.path, post.body, post.key);
      this.tries = 0;
      this.change((posts) => without(posts, post.key));
      return { sent: answer };
    } catch (failure) {
      const problem = failure instanceof Problem ? failure : new Problem(0);
      if (verdict(problem) === "keep") {
        this.later();
        return { kept: problem };
      }
      this.change((posts) => without(posts, post.key));
      return { refused: problem };
    } finally {
      this.flying.delete(post.key);
    }
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), backoff(this.tries) * 2);
    this.tries += 1;
    this.onChange(this.list);
  }

  /** Send everything that waits, in the order in which it was made. */
  async flush() {
    for (const post of this.list) {
      if (this.flying.has(post.key)) continue;
      const outcome = await this.attempt(post);
      if (outcome.kept) return;
      if (outcome.sent) this.onSent(post, outcome.sent);
      else this.onRefused(post, outcome.refused);
    }
  }
}
