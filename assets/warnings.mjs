// Warnings (预警): which are in force, in what order, and what each says. Pure first, then its sign and the wall's line.

import { h, setAttr, setText } from "./dom.mjs";
import { age, duration, instant, toMs } from "./format.mjs";
import { language, t } from "./words.mjs";

export const COLOURS = ["red", "orange", "yellow", "blue"];
const HOUR_MS = 3_600_000;
const NAMED = 2;
const SHOWN_FOR_MS = 8000;

/** What a warning is at an instant: updated, cancelled, expired, coming or in_force. */
export function phase(row, now) {
  if (row.ended_how) return row.ended_how;
  if (now >= toMs(row.expires_at)) return "expired";
  return now < toMs(row.effective_at) ? "coming" : "in_force";
}

/** Say whether it is only an exercise or a test. */
export const isDrill = (row) => row.status !== "actual";

function byGravity(one, other) {
  const rank = (row) => (isDrill(row) ? COLOURS.length : 0) + COLOURS.indexOf(row.colour);
  return rank(one) - rank(other) || toMs(other.sent_at) - toMs(one.sent_at) || (one.id < other.id ? -1 : 1);
}

/** Those of a phase: what is meant first, the gravest colour first, the newest first. */
export const ofPhase = (rows, now, wanted) => [...rows].filter((row) => phase(row, now) === wanted).sort(byGravity);

/** What is in force now. */
export const inForce = (rows, now) => ofPhase(rows, now, "in_force");

/** What a public screen shows: a test of the line is for the desk alone. */
export const forWall = (rows, now) => inForce(rows, now).filter((row) => row.status !== "test");

const other = { zh: "en", en: "zh" };

/** A part of what is told, in the page's language, else in the other. */
export const said = (row, part) => row.words[language()]?.[part] || row.words[other[language()]]?.[part] || "";

/** 暴雨黄色预警, Rainstorm: yellow warning */
export function title(row) {
  const event = said(row, "event") || t("warning.unnamed");
  return t("warning.title", { event: event.charAt(0).toUpperCase() + event.slice(1), colour: t(`warning_colour.${row.colour}`) });
}

/** Where it holds: the whole county, one or two towns, or the first of many. */
export function where(row) {
  if (row.whole) return t("warning.whole");
  const names = row.towns.map((town) => town[language()] || town.zh);
  if (names.length <= NAMED) return names.join(t("warning.and"));
  return t("warning.towns", { first: names[0], n: names.length });
}

/** How long it goes on: minutes below an hour. */
export function left(row, now) {
  const ms = Math.max(0, toMs(row.expires_at) - now);
  return t("warning.left", { span: ms >= HOUR_MS ? duration(ms) : age(ms) });
}

/** From when until when, with who set the end. */
export function times(row, now) {
  const told = t(row.expires_told ? "warning.from_until" : "warning.from_until_ours", { from: instant(toMs(row.effective_at), now), until: instant(toMs(row.expires_at), now) });
  return row.onset_at ? `${told} · ${t("warning.onset", { at: instant(toMs(row.onset_at), now) })}` : told;
}

/** The sign: its colour as a shape and a letter, so that it is told without colour too. */
export const sign = (row) => h("span", { class: `warning-sign is-${row.colour}`, "aria-hidden": "true", text: t(`warning_letter.${row.colour}`) });

/** The flag of an exercise or a test; nothing beside what is meant. */
export const statusFlag = (row) => isDrill(row) && h("em", { class: "flag is-exercise", text: t(`warning_status.${row.status}`) });

/** The summary's line: what is in force, and how many of each colour were issued in the span. */
export function warningsLine({ in_force: force, issued, by_colour: counts }, now) {
  const colours = COLOURS.filter((colour) => counts[colour]).map((colour) => h("span", { class: "warning-count" }, sign({ colour }), h("span", { class: "num", text: t("summary.warnings_colour", { colour: t(`warning_colour.${colour}`), n: counts[colour] }) })));
  const standing = force.map((row) => h("span", { class: "warning-count" }, sign(row), h("b", { text: title(row) }), h("span", { class: "dim", text: `${where(row)} · ${left(row, now)}` })));
  return [h("h2", { text: t("summary.warnings") }), ...(standing.length ? standing : [h("span", { class: "dim", text: t("warning.none") })]), h("span", { class: "gap" }), h("span", { class: "dim num", text: t("summary.warnings_issued", { n: issued }) }), ...colours];
}

/** The wall's line: one warning at a time, how many more there are, and nothing that is over. */
export class WarningStrip {
  constructor(root) {
    this.what = h("b", { class: "warning-title" });
    this.where = h("span", { class: "dim" });
    this.left = h("span", { class: "num" });
    this.more = h("span", { class: "warning-more num" });
    this.mark = h("span", { class: "warning-mark" });
    this.element = h("div", { class: "warning-strip", role: "group", "aria-label": t("warning.name") }, this.mark, this.what, this.where, this.left, this.more);
    root.append(this.element);
  }

  /** Show what is in force now; several take turns. */
  tick(rows, now) {
    const all = forWall(rows, now);
    const row = all[Math.floor(now / SHOWN_FOR_MS) % all.length];
    setAttr(this.element, "data-warnings", String(all.length));
    setText(this.what, row ? title(row) : t("warning.none"));
    setAttr(this.element, "class", row ? `warning-strip is-${row.colour} ${isDrill(row) ? "is-drill" : ""}` : "warning-strip is-empty");
    setText(this.where, row ? where(row) : "");
    setText(this.left, row ? left(row, now) : "");
    setText(this.more, all.length > 1 ? `+${all.length - 1}` : "");
    const key = row ? `${row.id} ${row.version}` : "";
    if (key === this.key) return;
    this.key = key;
    this.mark.replaceChildren(...(row ? [sign(row), statusFlag(row)].filter(Boolean) : []));
  }
}

/** The desk's chip: the gravest that is in force and how many; a press opens the sheet. */
export class WarningBadge {
  constructor({ onOpen }) {
    this.element = h("button", { type: "button", class: "warning-badge", onclick: onOpen, title: t("warning.open") });
    this.key = null;
  }

  /** Show what is in force now. */
  tick(rows, now) {
    const all = inForce(rows, now);
    const [row] = all;
    const key = all.map(({ id, version }) => `${id} ${version}`).join(" ");
    setAttr(this.element, "data-warnings", String(all.length));
    if (key !== this.key) {
      this.key = key;
      this.time = h("span", { class: "num dim" });
      setAttr(this.element, "aria-label", row ? [isDrill(row) && t(`warning_status.${row.status}`), title(row), all.length > 1 && `+${all.length - 1}`].filter(Boolean).join(" ") : t("warning.none"));
      setAttr(this.element, "class", row ? `warning-badge is-${row.colour}` : "warning-badge is-empty");
      this.element.replaceChildren(...(row ? [sign(row), statusFlag(row), h("span", { class: "warning-what", text: title(row) }), this.time, all.length > 1 && h("b", { class: "num", text: `+${all.length - 1}` })].filter(Boolean) : [t("warning.none")]));
    }
    if (row) setText(this.time, left(row, now));
  }
}
