// The wall's scene of sensing: every device as a point, and how many stand how; read only once the scene is asked for.

import { Problem, getJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { number } from "./format.mjs";
import { SensorLayer } from "./sensor_layer.mjs";
import { STATES, counted, devicesFrom, takeValues } from "./sensor_states.mjs";
import { t } from "./words.mjs";

const AGAIN_MS = 10_000;
const LEAST_LETTER = 0.017; // of the screen's height

/** Every device, on as many maps as show them; the page's styles hide them in other scenes. */
export class SensingScene {
  constructor(over) {
    this.layers = new Map();
    this.counts = new Map(STATES.map((state) => [state, h("b", { class: "num" })]));
    this.told = h("ul", { class: "sensing-counts" }, STATES.map((state) => h("li", {}, h("i", { class: `state-dot is-${state}` }), h("span", { text: t(`sensors.state.${state}`) }), this.counts.get(state))));
    over.append(this.told);
  }

  /** Say on which half how many stand how, and show the devices on a map where one is given. */
  show({ on, read }) {
    if (this.told.parentElement !== on) on.append(this.told);
    if (read) this.enter(read);
  }

  /** Show the devices on a map; they are read once. */
  async enter(map) {
    if (this.layers.has(map)) return;
    this.layers.set(map, null);
    try {
      const { kinds } = await (this.reading ??= this.read());
      const layer = new SensorLayer(map, { kinds, letters: Math.max(12, window.innerHeight * LEAST_LETTER) });
      layer.set(this.devices);
      this.layers.set(map, layer);
      this.count();
    } catch (failure) {
      this.layers.delete(map);
      this.reading = null;
      if (!(failure instanceof Problem)) throw failure;
      setTimeout(() => this.enter(map), AGAIN_MS);
    }
  }

  async read() {
    const told = await getJson("/api/v1/sensors");
    this.devices = devicesFrom(told.rows);
    takeValues(this.devices, told.latest);
    return told;
  }

  /** Take values from the live feed. */
  heard(values) {
    if (!this.devices || !values.length) return;
    if (values.some(([id]) => !this.devices.has(id))) this.again();
    const turned = takeValues(this.devices, values);
    for (const layer of this.layers.values()) layer?.turn(turned, true);
    if (turned.length) this.count();
  }

  /** Devices were registered meanwhile: a wall stands for weeks and is not loaded anew. */
  again() {
    this.timer ??= setTimeout(async () => {
      try {
        await this.read();
        for (const layer of this.layers.values()) layer?.set(this.devices);
        this.count();
      } catch (failure) {
        if (!(failure instanceof Problem)) throw failure;
      } finally {
        this.timer = null;
      }
    }, AGAIN_MS);
  }

  count() {
    const counts = counted(this.devices);
    for (const [state, place] of this.counts) setText(place, number(counts[state]));
  }
}
