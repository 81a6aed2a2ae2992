// The ways of those who are chosen to go, drawn on the map; asked anew whenever roads or units change.

import { Problem, getJson } from "./api.mjs";
import { weakStretches } from "./signal.mjs";
import { t } from "./words.mjs";

const TOLD_FROM_M = 100; // shorter gaps are driven through before anybody notices

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
    this.rows = rows;
    this.layer = this.L.featureGroup(rows.flatMap(({ path }) => [this.line(path.coordinates, "way"), ...this.gaps(path.coordinates)])).addTo(this.map);
  }

  line(coordinates, className) {
    return this.L.polyline(coordinates.map(([lon, lat]) => [lat, lon]), { renderer: this.renderer, className, interactive: false });
  }

  /** Where on a way nobody can be called, or hardly: drawn over it, and told once at the longest of them. */
  gaps(coordinates) {
    const found = weakStretches(coordinates).filter(({ metres }) => metres >= TOLD_FROM_M);
    const lines = found.map(({ signal, line }) => this.line(line, `way is-${signal}`));
    const longest = found.reduce((most, one, n) => (one.metres > (found[most]?.metres ?? 0) ? n : most), -1);
    const km = found.reduce((sum, one) => sum + one.metres, 0) / 1000;
    lines[longest]?.bindTooltip(t("signal.way", { km: km.toFixed(1) }), { permanent: true, direction: "top", className: "way-told" });
    return lines;
  }

  /** The coverage is another one: the same ways, told anew. */
  again() {
    if (this.layer) this.put(this.rows);
  }

  clear() {
    this.asking?.abort();
    this.layer?.remove();
    this.layer = null;
  }
}
