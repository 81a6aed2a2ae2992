// Runs before the wall's page: makes its timers as many as in the time that is compressed, and counts what it hears.
(() => {
  const faster = window.onenetFaster ?? 1;
  const nativeInterval = window.setInterval;
  // What the page does once a second or more seldom; what runs oftener already is left as it is.
  window.setInterval = (act, ms, ...rest) => nativeInterval(act, ms >= 1000 ? ms / faster : ms, ...rest);
  const heard = (window.onenetHeard = { covered: 0, jumped: 0, snapshots: 0, opened: 0, frames: { e: 0, u: 0, s: 0, hb: 0 }, values: 0 });
  const nativeFetch = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await nativeFetch(...asked);
    if (String(asked[0]).startsWith("/live/snapshot") && answer.ok) {
      const { seq } = await answer.clone().json();
      // What a snapshot tells of that no frame told is not lost to the screen, but it was not heard one by one.
      if (heard.covered) heard.jumped += Math.max(0, seq - heard.covered);
      heard.covered = Math.max(heard.covered, seq);
      heard.snapshots += 1;
    }
    return answer;
  };
  const Native = window.EventSource;
  const take = (name, message) => {
    heard.frames[name] += 1;
    const data = JSON.parse(message.data);
    if (name === "s") heard.values += data.v?.length ?? 0;
    if (name !== "e") return;
    const from = data.from ?? data.seq;
    if (from > heard.covered + 1) heard.jumped += from - heard.covered - 1;
    heard.covered = Math.max(heard.covered, data.seq);
  };
  window.EventSource = class extends Native {
    constructor(...args) {
      super(...args);
      heard.opened += 1;
      for (const name of Object.keys(heard.frames)) this.addEventListener(name, (message) => take(name, message));
    }
  };
})();
