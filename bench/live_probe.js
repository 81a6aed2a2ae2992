// Runs before the page: notes for every event frame when a task could run after the animation frame that painted it.
(() => {
  const painted = (window.onenetPainted = []);
  const now = () => performance.timeOrigin + performance.now();
  const Native = window.EventSource;
  const note = (message) => {
    const { seq, from, at, recorded } = JSON.parse(message.data);
    const heard = now();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        painted.push({ seq, from: from ?? seq, at, recorded, heard, painted: now() });
      };
      port2.postMessage(null);
    });
  };
  window.EventSource = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener("e", note);
      this.addEventListener("hb", () => (window.onenetStreams = (window.onenetStreams ?? 0) + 1), { once: true });
    }
  };
})();

// The same for the baseline: dash-leaflet hands every new GeoJSON to Leaflet's addData.
(() => {
  window.onenetPolled = 0;
  const seen = new Set();
  const now = () => performance.timeOrigin + performance.now();
  const wrap = (L) => {
    const native = L.GeoJSON.prototype.addData;
    L.GeoJSON.prototype.addData = function (data) {
      const answer = native.call(this, data);
      if (!data?.features) return answer;
      window.onenetPolled += 1;
      const fresh = data.features.map((one) => one.properties).filter(({ seq }) => seq && !seen.has(seq));
      for (const { seq } of fresh) seen.add(seq);
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close();
          for (const { seq, at } of fresh) window.onenetPainted.push({ seq, at, painted: now() });
        };
        port2.postMessage(null);
      });
      return answer;
    };
  };
  const timer = setInterval(() => {
    if (!window.L?.GeoJSON) return;
    clearInterval(timer);
    wrap(window.L);
  }, 5);
})();
