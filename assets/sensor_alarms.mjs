// Alarms as cards: what, where, since when, and what a person may do to them.

import { Problem, postJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { duration, instant, toMs } from "./format.mjs";
import { unitText } from "./sensor_states.mjs";
import { coded, language, t } from "./words.mjs";

export const GRAVE = { critical: "p0", major: "p1", minor: "p2", warning: "p3" };

const SEVERITIES = Object.keys(GRAVE);

/** Alarms as they want to be answered: the gravest first, then the newest. */
export const gravestFirst = (alarms) => [...alarms].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || toMs(b.raised_at) - toMs(a.raised_at));

/** Which of a device's channels an alarm is about; nothing where it has only one. */
export function channelText({ channel }, kind) {
  const found = kind?.channels.length > 1 && kind.channels.find(({ name }) => name === channel);
  return found ? found[language()] : "";
}

/** The name of an alarm's rule in the page's language. */
export const ruleName = (alarm) => (language() === "en" ? alarm.rule_en : alarm.rule_zh);

/** What was measured against what: 20 cm > 15 cm. */
export function measuredText({ value, limit, unit, condition }) {
  if (condition === "no_data" || value === null) return "";
  const beyond = limit === null ? "" : ` ${value >= limit ? ">" : "<"} ${limit}`;
  return `${Number(value.toPrecision(6))}${beyond} ${unitText(unit)}`.trim();
}

/** How long it stood, or stands. */
export const stoodText = (alarm, now) => duration((alarm.cleared_at ? toMs(alarm.cleared_at) : now) - toMs(alarm.raised_at));

/** What people do to alarms, with a word of theirs where one is needed. */
export class AlarmDeeds {
  constructor({ permitted, onDone, onProblem, kindOf = () => null }) {
    Object.assign(this, { permitted, onDone, onProblem, kindOf });
  }

  async send(path, body) {
    try {
      await postJson(path, body);
      this.onDone();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.onProblem(failure.passing ? t("error.unanswered") : failure.message || t("error.unknown"));
    }
  }

  card(alarm, now, { device = true, onDevice = null } = {}) {
    const standing = alarm.cleared_at === null;
    return h("li", { class: `alarm-card is-${GRAVE[alarm.severity]}${standing ? "" : " is-over"}`, "data-alarm": alarm.id },
      h("div", { class: "alarm-line" }, h("b", { text: ruleName(alarm) }), h("span", { class: "badge", text: t(`alarm.state.${alarm.state}`) }),
        alarm.flapping && h("span", { class: "badge is-warn", text: t("alarm.flapping", { n: alarm.times }) }), alarm.held && h("span", { class: "badge", text: t("alarm.held") })),
      device && h("button", { type: "button", class: "link", text: alarm.device_name, onclick: () => onDevice?.(alarm.device) }),
      h("div", { class: "dim num", text: [channelText(alarm, this.kindOf(alarm.kind)), measuredText(alarm), alarm.silent_behind ? t("alarm.behind", { n: alarm.silent_behind }) : ""].filter(Boolean).join(t("format.comma")) }),
      h("div", { class: "dim num", text: `${instant(toMs(alarm.raised_at), now)} · ${t(standing ? "alarm.stands" : "alarm.stood", { time: stoodText(alarm, now) })}` }),
      alarm.signal && h("div", { class: alarm.signal === "covered" ? "dim" : "is-signal", text: t(`signal.alarm_${alarm.signal}`, { times: alarm.signal_times }) }),
      alarm.acknowledged_at && h("div", { class: "dim", text: t("alarm.acknowledged", { who: alarm.acknowledged_by, note: alarm.note }) }),
      alarm.cleared_by && h("div", { class: "dim", text: t("alarm.cleared_by", { who: alarm.cleared_by, reason: alarm.reason }) }),
      alarm.amended > 0 && h("div", { class: "dim", text: t("alarm.amended", { n: alarm.amended }) }),
      alarm.case && h("a", { class: "link", href: `/desk?case=${alarm.case}`, text: alarm.case_number }),
      this.permitted && this.buttons(alarm, standing));
  }

  buttons(alarm, standing) {
    const acknowledge = alarm.acknowledged_at === null && h("button", { type: "button", class: "action", text: t("alarm.acknowledge"), onclick: () => this.send(`/api/v1/alarms/${alarm.id}/acknowledge`, { note: "" }) });
    const clear = standing && this.asking(t("alarm.clear"), t("alarm.clear_hint"), (reason) => this.send(`/api/v1/alarms/${alarm.id}/clear`, { reason }));
    return h("div", { class: "alarm-buttons" }, acknowledge, clear);
  }

  /** A button that asks for a reason before it does anything. */
  asking(label, hint, deed) {
    const reason = h("input", { type: "text", maxlength: 400, placeholder: hint, "aria-label": hint, required: true });
    const form = h("form", { class: "reason", hidden: true, onsubmit: (event) => { event.preventDefault(); if (!reason.value.trim()) return; form.hidden = true; deed(reason.value.trim()); } }, reason, h("button", { type: "submit", class: "action main", text: label }));
    const open = h("button", { type: "button", class: "action", text: `${label}…`, onclick: () => { form.hidden = !form.hidden; if (!form.hidden) reason.focus(); } });
    return [open, form];
  }
}

/** A suppression's end from now, by hours. */
export const endAfter = (now, hours) => new Date(now + hours * 3_600_000).toISOString();

/** How a device's quality is called. */
export const qualityText = (quality) => coded("sensors.quality", quality);
