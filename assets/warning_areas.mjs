// The warned ground on a map: a quiet outline in the warning's colour, gone when the warning is.

import { isDrill, phase } from "./warnings.mjs";

/** A GeoJSON MultiPolygon's positions as Leaflet takes them, latitude first. */
export const pathsOf = ({ coordinates }) => coordinates.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => [lat, lon])));

/** Say whether its ground is drawn: in force, and not a test of the line. */
export const isDrawn = (row, now) => row.outline !== null && row.status !== "test" && phase(row, now) === "in_force";

/** The outlines of one map. */
export class WarningAreas {
  constructor(view, { now }) {
    Object.assign(this, { L: window.L, map: view.map, now });
    view.pane("warnings", 440);
    this.renderer = this.L.svg({ pane: "warnings" });
    this.rows = new Map();
    this.drawn = new Map();
  }

  /** Take the warnings as they stand. */
  set(rows) {
    this.rows = rows;
    this.age();
  }

  /** Once in a while: what was to come begins, what is over goes. */
  age() {
    const wanted = new Map([...this.rows].filter(([, row]) => isDrawn(row, this.now())));
    for (const [id, { row, shape }] of [...this.drawn]) {
      if (wanted.get(id) === row) continue;
      shape.remove();
      this.drawn.delete(id);
    }
    for (const [id, row] of wanted) if (!this.drawn.has(id)) this.drawn.set(id, { row, shape: this.shape(row) });
  }

  shape(row) {
    const className = `warning-area is-${row.colour} ${isDrill(row) ? "is-drill" : ""}`;
    return this.L.polygon(pathsOf(row.outline), { renderer: this.renderer, interactive: false, className }).addTo(this.map);
  }
}
