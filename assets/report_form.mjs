// The new report: typed once, never lost; the same key goes with every try.

import { newKey } from "./api.mjs";
import { h } from "./dom.mjs";
import { position } from "./format.mjs";
import { LikelyCases } from "./likely.mjs";
import { PRIORITIES } from "./queue_order.mjs";
import { PasteBox, looksLikeMessage } from "./pasted.mjs";
import * as pickers from "./pickers.mjs";
import { PlacePicker, placeAddress } from "./place_picker.mjs";
import { looksSwapped, readPlace, reportBody, wrongFields } from "./report_fields.mjs";
import { ForetoldPriority, SuggestedCategories } from "./suggested.mjs";
import { coded, t } from "./words.mjs";

const SOURCES = ["phone", "12345", "citizen", "patrol", "110", "119", "120", "122", "video", "department", "radio", "desk"];

/** The form in the panel's place. */
export class ReportForm {
  constructor(root, { names, live, map, bbox, outbox, who, onClose, onTaken, onImport }) {
    Object.assign(this, { root, names, live, map, bbox, outbox, onClose, onTaken, onImport, shelf: `onenet.draft.${who}` });
    const sources = SOURCES.map((value) => ({ value, label: coded("source", value) }));
    this.fields = {
      text: pickers.lines({ placeholder: t("report.text_hint") }),
      category: pickers.category(names, { onChange: () => this.look() }),
      place: new PlacePicker({ centre: () => map.centre(), onPick: (found) => this.placed(found) }),
      address: pickers.line(),
      phone: pickers.line({ inputmode: "tel", autocomplete: "off", class: "num" }),
      caller: pickers.line({ autocomplete: "off" }),
      source: pickers.choice(sources, { value: "phone" }),
      lane: pickers.choice(["routine", "emergency"].map((value) => ({ value, label: t(`lane.${value}`) })), { none: t("form.by_category") }),
      occurred: pickers.instantField(),
      priority: pickers.choice(PRIORITIES.map((value) => ({ value, label: `${value} ${t(`priority.${value}`)}` })), { none: t("form.by_rule") }),
    };
    this.suggested = new SuggestedCategories({ onPick: (item) => this.pickCategory(item.code) });
    this.foretold = new ForetoldPriority();
    this.likely = new LikelyCases({ names, rows: () => live.state.rows.values(), onAttach: (row, why) => this.attach(row, why) });
    this.likely.onLeave = () => this.fields.text.focus();
    this.paste = new PasteBox({ centre: () => map.centre(), onFound: (found) => this.fill(found), onUndo: () => this.unfill() });
    this.notes = Object.fromEntries(Object.keys(this.fields).map((name) => [name, h("p", { class: "field-error", hidden: true })]));
    this.build();
  }

  field(name, { wide = true, extra = null } = {}) {
    return h("label", { class: wide ? "field" : "field half" }, h("span", { text: t(`report.field.${name}`) }), this.fields[name].element, extra, this.notes[name]);
  }

  build() {
    this.pickButton = h("button", { type: "button", class: "link", text: t("report.pick"), onclick: () => this.startPicking() });
    this.attachedTo = h("div", { class: "attached", role: "status", hidden: true });
    this.notice = h("p", { class: "notice", role: "alert", hidden: true });
    this.send = h("button", { type: "submit", class: "action main" }, h("span", { text: t("report.send") }), h("kbd", { text: "Ctrl ↵" }));
    const { field } = this;
    const f = field.bind(this);
    this.form = h("form", { class: "report-form", novalidate: true },
      h("header", { class: "case-head" }, h("div", { class: "case-line" }, h("h2", { text: t("report.title") }), h("div", { class: "gap" }),
        h("button", { type: "button", class: "icon-button wide", tabindex: "-1", onclick: () => this.paste.open() }, t("paste.title"), h("kbd", { text: "Alt V" })),
        this.onImport && h("button", { type: "button", class: "icon-button wide", tabindex: "-1", text: t("import.reports"), onclick: () => this.onImport() }),
        h("button", { type: "button", class: "icon-button", "aria-label": t("form.cancel"), title: t("form.cancel"), text: "✕", onclick: () => this.close() }))),
      h("div", { class: "case-body" }, this.notice, this.attachedTo, this.paste.element, f("text"), this.suggested.element, f("category"), this.foretold.element,
        f("place", { extra: this.pickButton }), this.likely.element, f("address"),
        h("div", { class: "pair" }, f("phone", { wide: false }), f("caller", { wide: false })),
        h("div", { class: "pair" }, f("source", { wide: false }), f("lane", { wide: false })),
        h("div", { class: "pair" }, f("occurred", { wide: false }), f("priority", { wide: false })),
        h("p", { class: "dim", text: t("report.kept_hint") })),
      h("div", { class: "form-foot case-actions" }, this.send, h("button", { type: "button", class: "action", text: t("form.cancel"), onclick: () => this.close() })));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.form.addEventListener("input", (event) => {
      if (event.target === this.fields.place.input) this.suggestAddress("");
      this.keepDraft();
      this.look();
    });
    this.form.addEventListener("keydown", (event) => this.pressed(event));
    this.fields.text.element.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (looksLikeMessage(text) && !this.fields.text.value()) { event.preventDefault(); this.paste.read(text); }
    });
  }

  pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.submit(); }
    if (event.key === "Escape") { event.stopPropagation(); this.close(); }
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    // By the key's place, not by its letter: with Alt some keyboards write another one.
    const act = { Digit1: () => this.suggested.press(1), Digit2: () => this.suggested.press(2), Digit3: () => this.suggested.press(3), ArrowDown: () => this.likely.focus(), KeyV: () => this.paste.open(), KeyZ: () => this.paste.takeBack() || this.detach() }[event.code];
    if (!act) return;
    event.preventDefault();
    act();
  }

  pickCategory(code) {
    this.put("category", code);
    this.keepDraft();
    this.look();
  }

  /** The report goes to a case that stands: what it lacks is taken from there, and Enter sends it. */
  attach(row, why) {
    this.attached = { id: row.id, number: row.number, category: row.category, why };
    if (!this.fields.category.value()) this.put("category", row.category);
    if (!readPlace(this.fields.place.value())) this.put("place", position(row.lon, row.lat));
    this.showAttached();
    this.keepDraft();
    this.look();
    this.send.focus();
  }

  detach() {
    if (!this.attached) return false;
    this.attached = null;
    this.showAttached();
    this.keepDraft();
    this.look();
    this.fields.text.focus();
    return true;
  }

  showAttached() {
    const { attached } = this;
    this.attachedTo.hidden = !attached;
    this.send.firstChild.textContent = t(attached ? "report.send_attached" : "report.send");
    this.send.lastChild.textContent = attached ? "↵" : "Ctrl ↵";
    if (attached) this.attachedTo.replaceChildren(h("span", {}, t("report.attached", { number: attached.number, category: this.names.category(attached.category) }), h("span", { class: "dim num", text: attached.why })),
      h("button", { type: "button", class: "link", onclick: () => this.detach() }, t("report.detach"), h("kbd", { text: "Alt Z" })));
  }

  /** What was found in a pasted text goes into the fields; what stood there before comes back by `unfill`. */
  fill(found) {
    this.before = this.values();
    for (const [name, value] of Object.entries(found)) this.put(name, value);
    this.suggestedAddress = found.address ?? this.suggestedAddress;
    this.keepDraft();
    this.look();
    this.fields.text.focus();
  }

  unfill() {
    for (const [name, value] of Object.entries(this.before ?? {})) this.put(name, value);
    this.keepDraft();
    this.look();
    this.fields.text.focus();
  }

  /** Open; what was typed before and not sent is there again. */
  open() {
    if (this.isOpen) return this.fields.text.focus();
    this.isOpen = true;
    const draft = this.draft();
    this.key = draft.key ?? newKey();
    for (const [name, value] of Object.entries(draft.values ?? {})) this.put(name, value);
    this.attached = draft.attached ?? null;
    this.showAttached();
    this.root.replaceChildren(this.form);
    this.startPicking();
    this.look();
    this.fields.text.focus();
  }

  put(name, value) {
    const field = this.fields[name];
    if (field?.set) field.set(value);
    else if (field) field.element.value = value;
  }

  values() {
    return Object.fromEntries(Object.entries(this.fields).map(([name, widget]) => [name, widget.value()]));
  }

  draft() {
    try {
      return JSON.parse(sessionStorage.getItem(this.shelf)) ?? {};
    } catch {
      return {};
    }
  }

  keepDraft() {
    sessionStorage.setItem(this.shelf, JSON.stringify({ key: this.key, values: this.values(), attached: this.attached }));
  }

  clear() {
    sessionStorage.removeItem(this.shelf);
    for (const name of Object.keys(this.fields)) this.put(name, name === "source" ? "phone" : "");
    this.sent = this.attached = null;
    this.paste.close();
    this.showAttached();
    this.showErrors({});
    this.notice.hidden = true;
  }

  close() {
    this.isOpen = false;
    this.map.pick(null);
    this.map.setPin(null);
    this.onClose();
  }

  startPicking() {
    this.map.pick((lon, lat) => {
      this.fields.place.set(position(lon, lat));
      this.suggestAddress("");
      this.keepDraft();
      this.look();
      this.tellWhere(lon, lat);
    });
    this.pickButton.textContent = t("report.picking");
  }

  /** A place was chosen by its name: go there, and write down what it is called. */
  placed(found) {
    this.suggestAddress(placeAddress(found));
    this.map.goTo(found);
    this.keepDraft();
    this.look();
  }

  /** A place was clicked on the map: say where that is, and write it down. */
  async tellWhere(lon, lat) {
    const told = await this.fields.place.tell(lon, lat);
    if (!told) return;
    this.suggestAddress(told.text);
    this.keepDraft();
  }

  /** Fill in the address, but never over what a person typed. */
  suggestAddress(text) {
    const { element } = this.fields.address;
    if (element.value && element.value !== this.suggestedAddress) return;
    element.value = text;
    this.suggestedAddress = text;
  }

  /** Show the pin, and what is known of what is typed: categories, priority, the cases it may be. */
  look() {
    if (!this.isOpen) return;
    const place = readPlace(this.fields.place.value());
    this.map.setPin(place);
    const swapped = looksSwapped(this.fields.place.value(), this.bbox);
    this.notes.place.hidden = !swapped;
    this.notes.place.textContent = swapped ? t("report.swapped") : "";
    const values = { ...this.values(), place };
    this.suggested.look(values.text, values.category);
    // A report that joins a case gets no priority of its own, and is asked no more.
    this.foretold.look(this.attached ? { ...values, category: "" } : values);
    this.likely.look(this.attached ? null : values);
  }

  showErrors(errors) {
    for (const [name, note] of Object.entries(this.notes)) {
      note.hidden = !errors[name];
      note.textContent = errors[name] ?? "";
    }
  }

  /** What the server said of its fields, by the form's own names. */
  serverErrors(fields) {
    const own = { lon: "place", lat: "place", caller_phone: "phone", caller_name: "caller", occurred_at: "occurred" };
    return Object.fromEntries(Object.entries(fields).map(([name, sentence]) => [own[name] ?? name, sentence]));
  }

  async submit() {
    if (this.send.disabled) return;
    const values = this.values();
    const place = readPlace(values.place);
    const wrong = wrongFields({ ...values, place, swapped: looksSwapped(values.place, this.bbox) });
    this.showErrors(Object.fromEntries(Object.entries(wrong).map(([name, told]) => [name, t(...told)])));
    const [first] = Object.keys(wrong);
    if (first) return this.fields[first].focus();
    const body = reportBody({ ...values, place, attached: this.attached });
    // A key stands for one body: what was changed after a try is another report.
    if (this.sent && this.sent !== JSON.stringify(body)) this.key = newKey();
    this.sent = JSON.stringify(body);
    this.send.disabled = true;
    const outcome = await this.outbox.submit({ key: this.key, path: "/api/v1/reports", body, title: values.text.slice(0, 40) });
    this.send.disabled = false;
    if (outcome.refused) return this.refuse(outcome.refused);
    this.clear();
    this.key = newKey();
    this.close();
    this.onTaken(outcome);
  }

  refuse(problem) {
    const errors = this.serverErrors(problem.fields);
    this.showErrors(errors);
    this.notice.textContent = problem.message || t("error.unknown");
    this.notice.hidden = Object.keys(errors).some((name) => this.fields[name]);
    const first = Object.keys(errors).find((name) => this.fields[name]);
    if (first) this.fields[first].focus();
  }

  /** A kept report was refused later: its words come back into the form. */
  restore(post, problem) {
    const { body } = post;
    for (const [name, value] of Object.entries({ text: body.text, category: body.category, place: position(body.lon, body.lat), address: body.address ?? "", phone: body.caller_phone ?? "", caller: body.caller_name ?? "", source: body.source, lane: body.lane ?? "", occurred: body.occurred_at ?? "", priority: body.priority ?? "" })) this.put(name, value);
    this.keepDraft();
    this.open();
    this.refuse(problem);
  }
}
