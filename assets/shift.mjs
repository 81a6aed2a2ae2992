// Handing a shift over (交接班): what stands open, signed by who goes, countersigned by who comes, printed, and all that came before.

import { Problem, getFile, getJson, newKey, postJson } from "./api.mjs";
import { h } from "./dom.mjs";
import { saveFile } from "./export.mjs";
import { instant, toMs } from "./format.mjs";
import { seat } from "./preferences.mjs";
import { countTiles, draftRow, sheetRow, sheetTable } from "./shift_parts.mjs";
import { Kept } from "./kept.mjs";
import { t } from "./words.mjs";

const SKELETON_AFTER_MS = 300;

/** The sheet of handing over; `waiting(n)` is told how many sheets wait for somebody else's signature. */
export class ShiftSheet {
  constructor({ names, now, viewer, tell, onSelect, onWaiting = () => {}, ask = getJson, post = postJson, fetchFile = getFile }) {
    Object.assign(this, { names, now, viewer, tell, onSelect, onWaiting, ask, post, fetchFile });
    this.maySign = viewer.permissions.includes("shift.hand_over");
    this.draft = new Kept(`onenet.shift.${viewer.name}`, window.sessionStorage);
    this.body = h("div", { class: "shift-body" });
    this.said = h("p", { class: "notice is-late", role: "alert", hidden: true });
    this.foot = h("div", { class: "form-foot" });
    this.dialog = h("dialog", { class: "sheet shift", "aria-label": t("shift.title") }, h("h2", { text: t("shift.title") }), this.said, this.body, this.foot);
    document.body.append(this.dialog);
  }

  /** Count the sheets that wait for me, without opening anything. */
  async look() {
    if (!this.viewer.permissions.includes("shift.read")) return;
    try {
      this.heard((await this.ask("/api/v1/shifts?limit=10")).items);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
    }
  }

  /** Take the list; a sheet that began to wait since it was taken last is said aloud. */
  heard(items) {
    const mine = items.filter((one) => one.state === "signed" && one.outgoing.name !== this.viewer.name);
    const known = this.list && new Set(this.list.map(({ id, state }) => `${id} ${state}`));
    for (const { id, outgoing } of mine) {
      if (known && !known.has(`${id} signed`)) this.tell(t("shift.waits", { who: outgoing.name, at: instant(toMs(outgoing.at), this.now()).slice(0, 5) }), "warn");
    }
    this.list = items;
    this.onWaiting(mine);
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
    return this.load();
  }

  async load() {
    this.say(null);
    const waiting = setTimeout(() => this.body.replaceChildren(h("p", { class: "dim", text: t("shift.loading") }), h("progress")), SKELETON_AFTER_MS);
    try {
      const [list, sheet] = await Promise.all([this.ask("/api/v1/shifts"), this.ask("/api/v1/shifts/sheet")]);
      this.heard(list.items);
      this.draw(sheet);
    } catch (failure) {
      this.fail(failure, () => this.load());
    } finally {
      clearTimeout(waiting);
    }
  }

  fail(failure, again) {
    if (!(failure instanceof Problem)) throw failure;
    this.say(failure.passing ? t("error.unanswered") : failure.message || t("error.unknown"));
    if (again && !this.body.querySelector(".shift-part")) this.body.replaceChildren(h("button", { type: "button", class: "action", text: t("error.again"), onclick: again }));
  }

  say(text) {
    this.said.hidden = !text;
    this.said.textContent = text ?? "";
  }

  draw(sheet) {
    const waiting = this.list.filter((one) => one.state === "signed");
    this.body.replaceChildren(
      waiting.length ? h("section", { class: "shift-part" }, h("ul", { class: "shift-waiting" }, waiting.map((one) => this.waitingLine(one)))) : "",
      h("section", { class: "shift-part" }, h("h3", { text: t("shift.draft") }), countTiles(sheet), this.maySign ? this.draftForm(sheet) : h("p", { class: "dim", text: t("shift.no_signing") })),
      h("section", { class: "shift-part" }, h("h3", { text: t("shift.history") }), this.history()));
    this.footFor(this.maySign && this.signButton(sheet));
    this.body.querySelector("textarea, button")?.focus();
  }

  footFor(...buttons) {
    this.foot.replaceChildren(...buttons.filter(Boolean), h("button", { type: "button", class: "action", text: t("form.close"), onclick: () => this.dialog.close() }));
  }

  waitingLine(one) {
    const own = one.outgoing.name === this.viewer.name;
    const at = instant(toMs(one.outgoing.at), this.now());
    return h("li", {}, h("b", { text: own ? t("shift.waits_own", { at }) : t("shift.waits", { who: one.outgoing.name, at }) }),
      this.maySign && h("button", { type: "button", class: `action ${own ? "" : "main"}`, text: t(own ? "shift.withdraw" : "shift.countersign"), onclick: () => this.read(one.id, own) }),
      this.printButton(one.id));
  }

  printButton(id) {
    return h("button", { type: "button", class: "link", text: t("shift.print"), onclick: () => this.print(id) });
  }

  draftForm(sheet) {
    const note = h("textarea", { rows: 3, maxlength: 2000, "aria-label": t("shift.note"), placeholder: t("shift.note_hint"), oninput: () => this.draft.set("note", note.value) });
    note.value = this.draft.get("note") ?? "";
    const rows = sheet.items.map((item) => draftRow(item, { names: this.names, now: this.now(), note: this.draft.get(item.case_id), onNote: (text) => this.draft.set(item.case_id, text), onSelect: (id) => this.go(id) }));
    return [h("label", { class: "field" }, h("span", { text: t("shift.note") }), note), sheetTable(rows, sheet)];
  }

  signButton(sheet) {
    let sure = false;
    const button = h("button", { type: "button", class: "action main", "data-act": "sign", text: t("shift.sign"), onclick: () => {
      if (sure) return this.sign(sheet, button);
      sure = true;
      button.textContent = t("shift.sign_sure", { n: sheet.open });
      return undefined;
    } });
    return button;
  }

  history() {
    const past = this.list.filter((one) => one.state !== "signed");
    if (!past.length) return h("p", { class: "dim", text: t("shift.nothing") });
    return h("ul", { class: "shift-history" }, past.map((one) => h("li", { class: `is-${one.state}` },
      h("span", { class: "num", text: instant(toMs(one.outgoing.at), this.now()) }),
      h("button", { type: "button", class: "link", text: t("shift.line", { outgoing: one.outgoing.name, incoming: one.incoming?.name ?? "—" }), onclick: () => this.read(one.id, false) }),
      h("span", { class: "dim", text: t(`shift.state.${one.state}`) }), this.printButton(one.id))));
  }

  /** Show a sheet as it was signed; whoever comes signs it here, whoever signed it takes it back here. */
  async read(id, own) {
    this.say(null);
    try {
      const one = await this.ask(`/api/v1/shifts/${id}`);
      const words = h("textarea", { rows: 2, maxlength: own ? 500 : 2000, "aria-label": t(own ? "shift.reason" : "shift.remarks") });
      const open = one.state === "signed" && this.maySign;
      this.body.replaceChildren(h("section", { class: "shift-part" },
        h("p", { class: "dim num", text: [`${t("shift.outgoing")} ${one.outgoing.name} ${instant(toMs(one.outgoing.at), this.now())}`, one.incoming && `${t("shift.incoming")} ${one.incoming.name} ${instant(toMs(one.incoming.at), this.now())}`, one.seat].filter(Boolean).join(" · ") }),
        countTiles(one.sheet), one.note && h("p", { class: "shift-note", text: one.note }), sheetTable(one.sheet.items.map((item) => sheetRow(item, { names: this.names, now: this.now(), onSelect: (case_id) => this.go(case_id) })), one.sheet),
        one.remarks && h("p", { class: "shift-note", text: `${t("shift.remarks")}:${one.remarks}` }),
        open && h("label", { class: "field" }, h("span", { text: t(own ? "shift.reason" : "shift.remarks") + (own ? " *" : "") }), words), open && !own && h("p", { class: "dim", text: t("shift.same_person") })));
      const act = own ? "withdraw" : "countersign";
      this.footFor(open && h("button", { type: "button", class: "action main", "data-act": act, text: t(`shift.${act}`), onclick: (event) => this.send(`/api/v1/shifts/${id}/${act}`, own ? { reason: words.value } : { remarks: words.value }, own ? "shift.taken_back" : "shift.taken_over", event.target) }),
        h("button", { type: "button", class: "action", text: t("shift.print"), onclick: () => this.print(id) }), h("button", { type: "button", class: "action", text: t("shift.back"), onclick: () => this.load() }));
    } catch (failure) {
      this.fail(failure);
    }
  }

  async sign(sheet, button) {
    const there = new Set(sheet.items.map((item) => item.case_id));
    const notes = Object.fromEntries(this.draft.entries().filter(([name, text]) => there.has(name) && text.trim()));
    if (await this.send("/api/v1/shifts", { seat: seat(), note: this.draft.get("note") ?? "", notes }, "shift.signed", button)) this.draft.clear();
  }

  // The same key for the same wish: pressed again after silence, it is signed once.
  async send(path, body, done, button) {
    const sent = JSON.stringify([path, body]);
    if (this.sent !== sent) Object.assign(this, { sent, key: newKey() });
    button.disabled = true;
    try {
      await this.post(path, body, this.key);
      this.tell(t(done));
      await this.load();
      return true;
    } catch (failure) {
      this.fail(failure);
      return false;
    } finally {
      button.disabled = false;
    }
  }

  async print(id) {
    try {
      saveFile(await this.fetchFile(`/api/v1/shifts/${id}/sheet.pdf`), `${t("shift.title")}-${id}.pdf`);
    } catch (failure) {
      this.fail(failure);
    }
  }

  go(id) {
    this.dialog.close();
    this.onSelect(id);
  }
}
