// A place found by its name: what is asked and shown (pure), and the field with its list.

import { getJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { distance, position } from "./format.mjs";
import { readPlace } from "./report_fields.mjs";
import { coded, language, t } from "./words.mjs";

const DEBOUNCE_MS = 150;
const OFFERED = 8;
const LONGEST = 60;

/** Say whether a text may be a name: not nothing, and not a position that is being typed. */
export const askable = (text) => readPlace(text) === null && !/^[\s\d.,\uFF0C+-]*$/.test(text);

/** The question for a text, near the middle of the map. */
export function searchPath(text, [lon, lat], limit = OFFERED) {
  return `/api/v1/search?${new URLSearchParams({ q: text.trim(), lon: lon.toFixed(5), lat: lat.toFixed(5), limit })}`;
}

/** What a place is called in a language; the other language's name where it has none. */
export const placeName = (found, spoken) => (spoken === "en" ? found.name_en || found.name : found.name || found.name_en);

/** What kind of place it is and in which town, as one line; a kind without words is a place. */
export function placeKind(found, spoken) {
  const kind = coded("place_kind", found.kind);
  const town = spoken === "en" ? found.town_en || found.town : found.town || found.town_en;
  return [kind === found.kind && spoken !== "en" ? t("place_kind.place") : kind.replaceAll("_", " "), town].filter(Boolean).join(" · ");
}

/** The address a report gets from a place: town and name as the county itself writes them. */
export function placeAddress(found) {
  const name = found.name || found.name_en;
  return found.town && !name.startsWith(found.town) ? `${found.town} ${name}` : name;
}

/** The question where a position is. */
export const locatePath = (lon, lat) => `/api/v1/locate?${new URLSearchParams({ lon: lon.toFixed(6), lat: lat.toFixed(6) })}`;

/** What is said of a position: where it is in a language, and its grid cell. */
export function toldPlace(told, spoken) {
  const cell = told.cell && t("report.search.cell", { code: told.cell.code });
  return [spoken === "en" ? told.text_en : told.text, cell].filter(Boolean).join(" · ");
}

/** The row after or before one, never outside the list. */
export const stepped = (at, by, count) => Math.max(0, Math.min(count - 1, at + by));

function option(found, index) {
  const away = Number.isFinite(found.distance_m) ? distance(found.distance_m) : "";
  return h("li", { role: "option", id: `place-${index}`, "data-index": index },
    h("span", { class: "place-name", text: placeName(found, language()) }),
    h("span", { class: "dim num", title: away && t("report.search.away", { distance: away }), text: away }),
    h("span", { class: "dim place-kind", text: placeKind(found, language()) }));
}

const told = (text) => h("li", { class: "told", role: "presentation", text });

/** The field: a position, or a name to choose from a list; its value is the text of the position. */
export class PlacePicker {
  constructor({ centre, onPick, ask = getJson }) {
    Object.assign(this, { centre, onPick, ask, found: [], at: 0 });
    this.input = h("input", {
      type: "text", class: "num", role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: LONGEST, placeholder: t("report.place_hint"),
      "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": "place-options",
    });
    this.list = h("ul", { class: "options places", tabindex: "-1", id: "place-options", role: "listbox", "aria-label": t("report.search.list"), hidden: true });
    this.chosen = h("span", { class: "dim chosen", role: "status", hidden: true });
    this.element = h("div", { class: "combo" }, this.input, this.list, this.chosen);
    this.hear();
  }

  value() {
    return this.input.value.trim();
  }

  focus() {
    this.input.focus();
  }

  set(text) {
    this.input.value = text;
    this.chosen.hidden = true;
    this.close();
  }

  hear() {
    this.input.addEventListener("input", (event) => !event.isComposing && this.changed());
    this.input.addEventListener("compositionend", () => this.changed());
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    // A press would take the focus away and close the list before the click comes.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.take(this.found[Number(event.target.closest("[data-index]")?.dataset.index)]);
    });
    // The list stands within the field's label: its click is no click on the field.
    this.list.addEventListener("click", (event) => event.preventDefault());
  }

  changed() {
    this.chosen.hidden = true;
    this.stop();
    if (!askable(this.value())) return this.close();
    this.timer = setTimeout(() => this.look(), DEBOUNCE_MS);
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && this.list.hidden && askable(this.value())) this.look();
    else if (by) this.mark(stepped(this.at, by, this.found.length));
    else if (event.key === "Enter" && !this.list.hidden) this.take(this.found[this.at]);
    else if (event.key === "Enter" && askable(this.value())) this.look();
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Ask now; an answer to what is no longer in the field is not shown. */
  async look() {
    this.stop();
    this.asking = new AbortController();
    const { signal } = this.asking;
    const text = this.value();
    try {
      const { items } = await this.ask(searchPath(text, this.centre()), signal);
      if (!signal.aborted) this.show(items, t("report.search.none", { text }));
    } catch (problem) {
      if (!signal.aborted) this.show([], (problem.status && problem.message) || t("report.search.failed"));
    }
  }

  show(found, otherwise) {
    this.found = found;
    this.list.replaceChildren(...(found.length ? found.map(option) : [told(otherwise)]));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(0);
  }

  mark(at) {
    this.at = at;
    const rows = this.found.length ? [...this.list.children] : [];
    rows.forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    rows[at]?.scrollIntoView({ block: "nearest" });
    if (rows[at]) this.input.setAttribute("aria-activedescendant", rows[at].id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  take(found) {
    if (!found) return;
    this.set(position(found.lon, found.lat));
    this.say(t("report.search.chosen", { place: [placeName(found, language()), placeKind(found, language())].join(" · ") }));
    this.onPick(found);
  }

  /** Show where a position is, and return the answer; null where there is none, or another place was chosen meanwhile. */
  async tell(lon, lat) {
    this.stop();
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const told = await this.ask(locatePath(lon, lat), signal);
      if (signal.aborted) return null;
      this.say(t("report.search.here", { place: toldPlace(told, language()) }));
      return told;
    } catch (problem) {
      if (!signal.aborted && problem.status) this.say(problem.message);
      return null;
    }
  }

  say(text) {
    this.chosen.textContent = text;
    this.chosen.hidden = false;
  }

  stop() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  close() {
    this.stop();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
