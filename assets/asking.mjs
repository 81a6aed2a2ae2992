// Questions asked while somebody types: a moment after the last key, and only the answer to the newest one counts.

/** Asks `ask(question, signal)` once the typing rests; `show(answer)` gets the answer, or null where there is none. */
export class Asking {
  constructor({ ask, show, restMs = 250 }) {
    Object.assign(this, { ask, show, restMs, asked: "" });
  }

  /** Take a question (JSON-ready), or null to stop asking; the one that was asked already is not asked again. */
  put(question) {
    const text = question === null ? "" : JSON.stringify(question);
    if (text === this.asked) return;
    this.asked = text;
    this.stop();
    if (question === null) return this.show(null);
    this.timer = setTimeout(() => this.now(question), this.restMs);
  }

  async now(question) {
    this.flying = new AbortController();
    const { signal } = this.flying;
    try {
      const answer = await this.ask(question, signal);
      if (!signal.aborted) this.show(answer);
    } catch {
      // Advice only: without it the form works as well, and the next key asks again.
      if (!signal.aborted) this.forget();
    }
  }

  forget() {
    this.asked = "";
    this.show(null);
  }

  stop() {
    clearTimeout(this.timer);
    this.flying?.abort();
  }
}
