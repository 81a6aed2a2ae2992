// The wall's scene of sensing: every device as a point, and how many stand how; read only once the scene is asked for.

import { Problem, getJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { number } from "./format.mjs";
import { SensorLayer } from "./sensor_layer.mjs";
import { STATES, counted, devicesFrom, takeValues } from "./sensor_states.mjs";
import { t } from "./words.mjs";

const AGAIN_MS = 10_000;

/** The scene over the wall's map; it hides itself by the page's styles in other scenes. */
export class SensingScene {
  constructor(map, over) {
    this.map = map;
    this.devices = new Map();
    this.counts = new Map(STATES.map((state) => [state, h("b", { class: "num" })]));
    over.append(h("ul", { class: "sensing-counts" }, STATES.map((state) => h("li", {}, h("i", { class: `state-dot is-${state}` }), h("span", { text: t(`sensors.state.${state}`) }), this.counts.get(state)))));
  }

  /** Read the devices where that has not been done yet. */
  async enter() {
    if (this.layer || this.reading) return;
    this.reading = true;
    try {
      const told = await getJson("/api/v1/sensors");
      this.devices = devicesFrom(told.rows);
      takeValues(this.devices, told.latest);
      this.layer = new SensorLayer(this.map, { kinds: told.kinds });
      this.layer.set(this.devices);
      this.count();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      setTimeout(() => this.enter(), AGAIN_MS);
    } finally {
      this.reading = false;
    }
  }

  /** Take values from the live feed. */
  heard(values) {
    if (!this.layer || !values.length) return;
    const turned = takeValues(this.devices, values);
    this.layer.turn(turned, true);
    if (turned.length) this.count();
  }

  count() {
    const counts = counted(this.devices);
    for (const [state, place] of this.counts) setText(place, number(counts[state]));
  }
}
