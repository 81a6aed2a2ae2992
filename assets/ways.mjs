// The ways of those who are chosen to go, drawn on the map; asked anew whenever roads or units change.

import { Problem, getJson } from "./api.mjs";

/** The ways of those who are chosen, drawn on the map. */
export class Ways {
  constructor(view) {
    Object.assign(this, { L: window.L, map: view.map });
    view.pane("ways", 430);
    this.renderer = this.L.svg({ pane: "ways" });
  }

  async draw(id, units) {
    this.asking?.abort();
    if (!units.length) return this.clear();
    const { signal } = (this.asking = new AbortController());
    try {
      const { units: rows } = await getJson(`/api/v1/travel?${new URLSearchParams({ case: id, paths: units.join(",") })}`, signal);
      if (!signal.aborted) this.put(rows.filter((row) => row.path));
    } catch (failure) {
      if (!signal.aborted) this.clear();
      if (failure.name !== "AbortError" && !(failure instanceof Problem)) throw failure;
    }
    return undefined;
  }

  put(rows) {
    this.clear();
    const lines = rows.map(({ path }) => this.L.polyline(path.coordinates.map(([lon, lat]) => [lat, lon]), { renderer: this.renderer, className: "way", interactive: false }));
    this.layer = this.L.featureGroup(lines).addTo(this.map);
  }

  clear() {
    this.asking?.abort();
    this.layer?.remove();
    this.layer = null;
  }
}
