// A case leaves the house: as a paper or as data, masked unless somebody asks for more and may have it.

import { Problem, getFile } from "./api.mjs";
import { h } from "./dom.mjs";
import { t } from "./words.mjs";

/** Where a case's export is. */
export const exportPath = (id, form, personal) => `/api/v1/cases/${encodeURIComponent(id)}/export.${form}${personal ? "?personal=true" : ""}`;

/** Hand a file to the browser as one that was downloaded. */
export function saveFile(blob, name) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The sheet that asks in which form. */
export class ExportSheet {
  constructor({ permissions, fetchFile = getFile, save = saveFile }) {
    Object.assign(this, { fetchFile, save });
    this.personal = h("input", { type: "checkbox" });
    this.said = h("p", { class: "notice is-late", role: "alert", hidden: true });
    this.busy = h("progress", { hidden: true });
    this.title = h("h2", {});
    const choice = (form) => h("button", { type: "button", class: `action ${form === "pdf" ? "main" : ""}`, "data-form": form, text: t(`export.${form}`), onclick: () => this.take(form) });
    this.choices = ["pdf", "json"].map(choice);
    this.dialog = h("dialog", { class: "sheet export", "aria-label": t("export.title") }, this.title,
      h("p", { class: "dim", text: t("export.masked") }),
      permissions.includes("personal.read") && h("label", { class: "tick-line" }, this.personal, h("span", { text: t("export.personal") })),
      this.busy, this.said,
      h("div", { class: "form-foot" }, this.choices, h("button", { type: "button", class: "action", text: t("form.close"), onclick: () => this.dialog.close() })));
    document.body.append(this.dialog);
  }

  /** Ask for a case. */
  open(row) {
    this.row = row;
    this.personal.checked = false;
    this.said.hidden = true;
    this.title.textContent = `${t("export.title")} · ${row.number}`;
    this.dialog.showModal();
    return this.choices[0].focus();
  }

  async take(form) {
    this.wait(true);
    try {
      const blob = await this.fetchFile(exportPath(this.row.id, form, this.personal.checked));
      this.save(blob, `${this.row.number}.${form}`);
      this.dialog.close();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.said.textContent = failure.passing ? t("error.unanswered") : failure.message || t("error.unknown");
      this.said.hidden = false;
    } finally {
      this.wait(false);
    }
  }

  wait(waiting) {
    this.busy.hidden = !waiting;
    for (const choice of this.choices) choice.disabled = waiting;
  }
}
