// A sheet from outside: a file is chosen, looked through without keeping anything, judged row by row, and then brought in.

import { Problem, postFile } from "./api.mjs";
import { h } from "./dom.mjs";
import { number } from "./format.mjs";
import { coded, t } from "./words.mjs";

const ROWS_SHOWN = 500;

/** What is asked: `what` is reports, devices, …; `asked` is what the sender says of the whole table. */
export const importPath = (what, name, dryRun, asked = {}) => `/api/v1/${what}/import?${new URLSearchParams({ dry_run: dryRun, name: name.slice(0, 120), ...asked })}`;

/** The counts of a report, by their words' keys; a count of nothing is left out. */
export const countsOf = (told) => ["accepted", "added", "changed", "unchanged", "refused"].filter((name) => told[name] > 0).map((name) => [name, told[name]]);

/** How often each reason of refusal came, where the report tells it: the name of the sentence and its number. */
export const reasonsOf = (told) => Object.entries(told.reasons ?? {}).map(([code, n]) => [code.split(".").pop(), n]);

/** How many rows would be kept. */
export const keptBy = (told) => (told.accepted ?? 0) + (told.added ?? 0) + (told.changed ?? 0);

/** The datums in which offices have their positions. */
export const DATUMS = ["wgs84", "cgcs2000", "gcj02", "bd09"];

/** A question on the whole table, with its answers [value, label]: `asks` of a card. */
export const datumAsked = () => ({ name: "datum", label: t("import.datum"), options: DATUMS.map((one) => [one, t(`import.datum_of.${one}`)]) });

/** Rows in the order in which somebody wants them: what is wrong first. */
export const worstFirst = (rows) => [...rows].sort((a, b) => Number(b.outcome === "refused") - Number(a.outcome === "refused") || Number((b.remarks?.length ?? 0) > 0) - Number((a.remarks?.length ?? 0) > 0) || a.row - b.row);

/** The rows of a report as a table. */
export function reportTable(told) {
  const rows = worstFirst(told.rows).slice(0, ROWS_SHOWN);
  const name = (row) => row.number ?? row.key ?? row.code ?? "";
  const note = (row) => [row.reason, ...(row.remarks ?? [])].filter(Boolean).join(" ");
  return h("div", { class: "import-rows", tabindex: "0" },
    h("table", {}, h("thead", {}, h("tr", {}, ["row", "outcome", "name", "reason"].map((c) => h("th", { scope: "col", class: c === "row" ? "num" : "", text: t(`import.column.${c}`) })))),
      h("tbody", {}, rows.map((row) => h("tr", { class: `is-${row.outcome}` }, h("td", { class: "num", text: String(row.row) }), h("td", {}, h("span", { class: "outcome", text: t(`import.outcome.${row.outcome === "accepted" && !told.dry_run ? "taken" : row.outcome}`) })), h("td", { class: "mono", text: name(row) }), h("td", { text: note(row) }))))),
    told.rows.length > rows.length && h("p", { class: "dim", text: t("import.more", { n: number(told.rows.length - rows.length) }) }));
}

/** The card: in a dialog on the desk, in the page on /admin. */
export class ImportCard {
  constructor({ what, accept, columns, unit = "rows", asks = [], onDone = () => {}, post = postFile }) {
    Object.assign(this, { what, columns, onDone, post, turn: 0 });
    this.unit = (n, of = unit) => t(`import.unit.${of}`, { n: number(n) });
    this.asked = asks.map(({ name, options }) => h("select", { name, onchange: () => this.look() }, options.map(([value, text]) => h("option", { value, text }))));
    const questions = asks.map(({ label }, n) => h("label", { class: "field" }, h("span", { text: label }), this.asked[n]));
    this.file = h("input", { type: "file", id: `import-${what}`, accept, "aria-label": t("import.file"), onchange: () => this.look() });
    this.said = h("p", { class: "import-said", role: "status" });
    this.place = h("div", { class: "import-place" });
    this.send = h("button", { type: "button", class: "action main", hidden: true, onclick: () => this.bring() });
    this.element = h("div", { class: "import-card" }, h("p", { class: "dim", text: t(`import.hint.${what}`) }), h("p", { class: "mono import-columns", text: columns }),
      h("div", { class: "import-file" }, this.file, h("label", { class: "action", for: `import-${what}`, text: t("import.file") }), (this.chosen = h("span", { class: "dim file-name", text: t("import.drop") })), h("a", { class: "link", href: this.template(), download: `${what}.csv`, text: t("import.template") })), questions.length > 0 && h("div", { class: "import-asked" }, questions), this.said, this.place, h("div", { class: "import-foot" }, this.send));
    // A file let fall on the card is as good as one chosen.
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", (event) => { event.preventDefault(); this.file.files = event.dataTransfer.files; this.look(); });
  }

  template() {
    // The mark at the front tells Excel that the rest is UTF-8.
    return URL.createObjectURL(new Blob([`\ufeff${this.columns.split(/[,\s]+/).join(",")}\r\n`], { type: "text/csv" }));
  }

  async ask(dryRun) {
    const [file] = this.file.files;
    if (!file) return null;
    const turn = (this.turn += 1);
    this.send.disabled = true;
    this.chosen.textContent = file.name;
    this.said.textContent = t(dryRun ? "import.looking" : "import.bringing");
    // How long it takes is the server's; the cases appear in the queue meanwhile.
    this.place.replaceChildren(h("progress"));
    try {
      const asked = Object.fromEntries(this.asked.map(({ name, value }) => [name, value]));
      const told = await this.post(importPath(this.what, file.name, dryRun, asked), file);
      return turn === this.turn ? told : null; // another file was chosen meanwhile
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      if (turn !== this.turn) return null;
      // What was brought before a cut stays; sent again, it is not doubled.
      this.said.textContent = failure.passing ? t("import.unanswered") : failure.message || t("error.unknown");
      this.said.classList.add("is-late");
      this.place.replaceChildren();
      return null;
    } finally {
      if (turn === this.turn) this.send.disabled = false;
    }
  }

  /** See what would become of the file; nothing is kept. */
  async look() {
    this.said.classList.remove("is-late");
    this.send.hidden = true;
    this.place.replaceChildren();
    const told = await this.ask(true);
    if (!told) return;
    this.show(told);
    const n = keptBy(told);
    this.send.hidden = n === 0;
    this.send.textContent = t("import.send", { n: number(n), unit: this.unit(n) });
    if (n) this.send.focus({ preventScroll: true }); // Enter brings it in; the report stays in sight
  }

  async bring() {
    this.said.classList.remove("is-late");
    const told = await this.ask(false);
    if (!told) return;
    this.show(told);
    this.send.hidden = true;
    this.onDone(told);
  }

  show(told) {
    const counts = countsOf(told).map(([name, n]) => t(`import.count.${name === "accepted" && !told.dry_run ? "taken" : name}`, { n: number(n), unit: this.unit(n, name === "refused" ? "rows" : undefined) })).join(t("format.comma"));
    this.said.textContent = `${t(told.dry_run ? "import.would" : "import.done")} ${counts || t("import.nothing")}`;
    const why = reasonsOf(told).map(([reason, n]) => `${coded("import.reason", reason)} ${number(n)}`);
    const notes = (told.notes ?? []).length > 0 && h("ul", { class: "import-notes" }, told.notes.map((text) => h("li", { text })));
    this.place.replaceChildren(h("div", { class: "import-told" }, notes, why.length > 0 && h("p", { class: "dim import-reasons", text: t("import.reasons", { reasons: why.join(" · ") }) }), told.rows.length > 0 && reportTable(told)));
  }
}

/** The card as a dialog. */
export function importDialog(options) {
  const dialog = h("dialog", { class: "sheet import", "aria-label": t(options.title ?? "import.reports") });
  dialog.addEventListener("close", () => dialog.remove());
  return () => {
    const card = new ImportCard(options);
    const shut = h("button", { type: "button", class: "action", text: t("form.close"), onclick: () => dialog.close() });
    card.element.querySelector(".import-foot").append(shut);
    dialog.replaceChildren(h("h2", { text: t(options.title ?? "import.reports") }), card.element);
    document.body.append(dialog);
    dialog.showModal();
  };
}
