// One device: its channels as they stand, their history, its alarms, its neighbours and its health.

import { Problem, getJson, postJson } from "./api.mjs";
import { h, setText } from "./dom.mjs";
import { age, distance, instant, toMs } from "./format.mjs";
import { endAfter, qualityText } from "./sensor_alarms.mjs";
import { SensorChart } from "./sensor_chart.mjs";
import { signalFlag } from "./signal.mjs";
import { STATES, valueText } from "./sensor_states.mjs";
import { language, t } from "./words.mjs";

export const SPANS = { hour6: 6, day: 24, week: 168, month: 720, year: 8760 };
const POINTS = 700;

/** The name of a channel in the page's language. */
export const channelName = (channel) => (language() === "en" ? channel.en : channel.zh);

/** The drawer of one device. */
export class SensorDrawer {
  constructor(root, { now, kinds, names, deeds, permitted, onDevice, onClose }) {
    Object.assign(this, { root, now, kinds, names, deeds, permitted, onDevice, onClose, span: "day", channel: null });
  }

  /** Show a device; asked again for the same one, it is only read anew. */
  async show(id) {
    const other = id !== this.id;
    this.id = id;
    if (other) this.channel = null;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const waits = setTimeout(() => other && this.root.replaceChildren(h("div", { class: "empty", text: t("sensors.loading") })), 300);
    try {
      const told = await getJson(`/api/v1/sensors/${encodeURIComponent(id)}`);
      if (turn === this.turn) this.draw(told);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (turn === this.turn) this.root.replaceChildren(h("div", { class: "empty is-late", text: failure.passing ? t("error.unanswered") : failure.message }));
    } finally {
      clearTimeout(waits);
    }
  }

  draw(told) {
    const { device, channels, alarms, neighbours, suppressions } = told;
    const now = this.now();
    this.told = told;
    this.channel = channels.find(({ name }) => name === this.channel)?.name ?? channels[0]?.name ?? null;
    const kind = this.kinds[device.kind];
    this.root.replaceChildren(
      h("div", { class: "drawer-head" }, h("h2", { text: device.name }), h("button", { type: "button", class: "icon-button", text: "×", "aria-label": t("sensors.close"), onclick: this.onClose })),
      h("p", { class: "dim", text: [kind ? kind[language()] : device.kind, device.id, this.names.department(device.department), device.gateway && t("sensors.behind_gateway", { name: device.gateway }), device.behind > 0 && t("sensors.speaks_for", { n: device.behind })].filter(Boolean).join(" · ") }),
      device.signal === "unknown" ? "" : h("p", { class: `signal-line is-${device.signal}` }, signalFlag(device.signal), h("span", { class: "dim", text: t(`signal.sensor_${device.signal}`, { times: device.signal_times }) })),
      h("ul", { class: "channels" }, channels.map((channel) => this.channelRow(channel, now))),
      this.chartBox(),
      this.section("sensors.alarms", alarms.length ? h("ul", { class: "alarm-cards" }, alarms.slice(0, 20).map((alarm) => this.deeds.card(alarm, now, { device: false }))) : h("p", { class: "dim", text: t("sensors.no_alarms") })),
      this.section("sensors.suppression", this.suppressing(device, suppressions, now)),
      this.section("sensors.health", h("ul", { class: "plain" }, channels.map((channel) => h("li", { class: "num", text: `${channelName(channel)} ${t("sensors.health_line", { good: channel.good_day, bad: channel.bad_day, share: Math.round(channel.share_day * 100), lag: channel.lag_s })}` })))),
      this.section("sensors.neighbours", neighbours.length ? h("ul", { class: "plain" }, neighbours.map((one) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => this.onDevice(one.id) }, h("i", { class: `state-dot is-${STATES[one.state]}` }), h("span", { text: ` ${one.name} · ${distance(one.away_m)}` }))))) : h("p", { class: "dim", text: t("sensors.no_neighbours") })));
    this.loadHistory();
  }

  section(key, ...content) {
    return h("section", { class: "drawer-part" }, h("h3", { text: t(key) }), content);
  }

  channelRow(channel, now) {
    const limits = [channel.low !== null && `≥ ${channel.low}`, channel.high !== null && `≤ ${channel.high}`].filter(Boolean).join(" ");
    const spoke = channel.observed_at ? t("format.ago", { age: age(now - toMs(channel.observed_at)) }) : t("sensors.state.never");
    return h("li", {}, h("button", { type: "button", class: "channel", "aria-pressed": String(channel.name === this.channel), onclick: () => { this.channel = channel.name; this.draw(this.told); } },
      h("i", { class: `state-dot is-${STATES[channel.state]}` }), h("span", { text: channelName(channel) }), h("b", { class: "num", text: valueText(channel.value, channel) || t("format.none") }),
      h("small", { class: "dim num", text: [limits, spoke, channel.quality && channel.quality !== "good" && qualityText(channel.quality)].filter(Boolean).join(" · ") })));
  }

  chartBox() {
    const canvas = h("canvas", { class: "sensor-chart", role: "img", "aria-label": t("sensors.history") });
    this.chart = new SensorChart(canvas);
    this.chartNote = h("p", { class: "dim num" });
    return h("section", { class: "drawer-part" },
      h("div", { class: "spans", role: "group", "aria-label": t("sensors.history") }, Object.keys(SPANS).map((name) => h("button", { type: "button", class: "span-button", "aria-pressed": String(name === this.span), text: t(`sensors.span.${name}`), onclick: () => { this.span = name; this.draw(this.told); } }))),
      canvas, this.chartNote);
  }

  async loadHistory() {
    const channel = this.told.channels.find(({ name }) => name === this.channel);
    if (!channel) return;
    const { chart, chartNote } = this;
    const to = this.now();
    const from = to - SPANS[this.span] * 3_600_000;
    const query = new URLSearchParams({ channel: channel.name, since: new Date(from).toISOString(), until: new Date(to).toISOString(), points: POINTS });
    try {
      const { buckets, width_s: widthS } = await getJson(`/api/v1/sensors/${encodeURIComponent(this.id)}/history?${query}`);
      chart.set({ buckets, from, to, widthMs: Math.max(widthS * 1000, (to - from) / POINTS), low: channel.low, high: channel.high, unit: channel.unit });
      const good = buckets.reduce((sum, bucket) => sum + bucket[4], 0);
      const bad = buckets.reduce((sum, bucket) => sum + bucket[5], 0);
      setText(chartNote, t("sensors.history_note", { good, bad }));
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      setText(chartNote, failure.passing ? t("error.unanswered") : failure.message);
    }
  }

  suppressing(device, suppressions, now) {
    const list = suppressions.map((one) => h("li", {}, h("span", { text: t("sensors.suppressed", { reason: one.reason, who: one.by, until: instant(toMs(one.until_at), now) }) }),
      this.permitted && h("button", { type: "button", class: "action", text: t("sensors.suppression_end"), onclick: () => this.deeds.send(`/api/v1/suppressions/${one.id}/end`, {}) })));
    if (!this.permitted) return [h("ul", { class: "plain" }, list)];
    const hours = h("select", { "aria-label": t("sensors.suppress_for") }, [1, 4, 8, 24, 72, 168].map((n) => h("option", { value: n, text: t("sensors.for_hours", { n }) })));
    const reason = h("input", { type: "text", maxlength: 400, required: true, placeholder: t("sensors.suppress_reason"), "aria-label": t("sensors.suppress_reason") });
    const send = (event) => {
      event.preventDefault();
      if (reason.value.trim()) this.deeds.send("/api/v1/suppressions", { device_id: device.id, reason: reason.value.trim(), until_at: endAfter(this.now(), Number(hours.value)) });
    };
    return [h("ul", { class: "plain" }, list), h("form", { class: "suppress", onsubmit: send }, reason, hours, h("button", { type: "submit", class: "action", text: t("sensors.suppress") }))];
  }
}

/** Send a rule for a trial: what it would have done since then. */
export const tryRule = (rule, since) => postJson("/api/v1/alarm-rules/dry-run", { rule, since });
