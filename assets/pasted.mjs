// A mail or a chat pasted whole: the server finds the fields, the form takes them, the text shows where each stood, and one press takes it all back.

import { Problem, postJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { position } from "./format.mjs";
import { language, t } from "./words.mjs";
import { placeAddress, placeName } from "./place_picker.mjs";

const MOST = 8000;
const LEAST = 40;

/** Say whether what is pasted into the text looks like a whole message rather than some words. */
export const looksLikeMessage = (text) => text.length >= LEAST && text.trim().includes("\n");

/** The form's fields of a parsed text; what was not found is not there. */
export function fieldsOf(parsed) {
  const found = parsed.places.find((place) => place.found.length)?.found[0];
  const fields = { text: parsed.text.value };
  if (parsed.phones.length) fields.phone = parsed.phones[0].value.normalize("NFKC"); // digits as an input method writes them
  if (parsed.names.length) fields.caller = parsed.names[0].value;
  if (parsed.occurred_at) fields.occurred = parsed.occurred_at;
  if (parsed.categories.length) fields.category = parsed.categories[0].code;
  if (found) fields.place = position(found.lon, found.lat);
  if (found) fields.address = placeAddress(found);
  else if (parsed.places.length) fields.address = parsed.places[0].value;
  return fields;
}

/** Where something was found, as [start, end, kind] in code points; the words of the text themselves come last, so that others lie on them. */
export function spansOf(parsed) {
  const spans = [...parsed.phones.map((s) => [s, "phone"]), ...parsed.names.map((s) => [s, "caller"]), ...parsed.places.map((s) => [s, "place"])];
  if (parsed.time) spans.push([parsed.time, "occurred"]);
  return [...spans, [parsed.text, "text"]].map(([{ start, end }, kind]) => [start, end, kind]);
}

/** A text cut where its kind changes: [{text, kind}]; offsets count code points, as the server does. */
export function cut(text, spans) {
  const points = [...text];
  const kinds = points.map((_, i) => spans.find(([start, end]) => i >= start && i < end)?.[2] ?? "");
  const pieces = [];
  points.forEach((point, i) => {
    if (i && kinds[i] === kinds[i - 1]) pieces.at(-1).text += point;
    else pieces.push({ text: point, kind: kinds[i] });
  });
  return pieces;
}

/** The box at the head of the form. */
export class PasteBox {
  constructor({ centre, onFound, onUndo, post = postJson }) {
    Object.assign(this, { centre, onFound, onUndo, post });
    this.input = h("textarea", { rows: "4", maxlength: MOST, placeholder: t("paste.hint"), "aria-label": t("paste.title") });
    this.said = h("p", { class: "dim", role: "status" });
    this.shown = h("p", { class: "pasted", hidden: true });
    this.undo = h("button", { type: "button", class: "link", hidden: true, onclick: () => this.takeBack() }, t("paste.undo"), h("kbd", { text: "Alt Z" }));
    this.element = h("section", { class: "paste-box", hidden: true }, this.input, this.shown, h("div", { class: "paste-foot" }, this.said, this.undo));
    this.input.addEventListener("paste", () => setTimeout(() => this.read(this.input.value)));
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); event.stopPropagation(); this.read(this.input.value); }
      if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.close(); }
    });
    // What is typed here is not yet the report's.
    this.input.addEventListener("input", (event) => event.stopPropagation());
  }

  open() {
    this.element.hidden = false;
    this.input.hidden = false;
    this.input.focus();
  }

  close() {
    this.element.hidden = true;
    this.input.value = "";
    for (const part of [this.shown, this.undo]) part.hidden = true;
    this.said.textContent = "";
  }

  /** Find the fields of a text and hand them to the form. */
  async read(text) {
    if (!text.trim()) return;
    this.element.hidden = false;
    this.said.textContent = t("paste.reading");
    const [lon, lat] = this.centre();
    try {
      const parsed = await this.post("/api/v1/reports/parse", { text: text.slice(0, MOST), lon, lat });
      this.show(text, parsed);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.said.textContent = failure.passing ? t("paste.failed") : failure.message || t("error.unknown");
    }
  }

  show(text, parsed) {
    const fields = fieldsOf(parsed);
    this.input.hidden = true;
    this.shown.replaceChildren(...cut(text, spansOf(parsed)).map(({ text: piece, kind }) => (kind ? h("mark", { class: `span-${kind}`, title: t(`report.field.${kind}`).replace(" *", ""), text: piece }) : piece)));
    this.shown.hidden = false;
    this.undo.hidden = false;
    const place = parsed.places.find(({ found }) => found.length)?.found[0];
    const named = Object.keys(fields).filter((name) => name !== "address").map((name) => t(`report.field.${name}`).replace(" *", ""));
    this.said.textContent = [t("paste.filled", { fields: named.join(t("format.comma")) }), place ? placeName(place, language()) : parsed.places.length > 0 && t("paste.no_place"), parsed.time && !parsed.occurred_at && t("paste.vague", { value: parsed.time.value })].filter(Boolean).join(" · ");
    this.onFound(fields);
  }

  /** Give the form back what it held before. */
  takeBack() {
    if (this.undo.hidden) return false;
    this.close();
    this.onUndo();
    return true;
  }
}
