// The sheets that open over the desk: a table of reports brought in, a case's record taken along, a shift handed over, warnings.

import { ExportSheet } from "./export.mjs";
import { importDialog } from "./import_sheet.mjs";
import { ShiftSheet } from "./shift.mjs";
import { WarningSheet } from "./warning_sheet.mjs";
import { t } from "./words.mjs";

/** Opens each sheet where the viewer may; says so where not. */
export class DeskSheets {
  constructor({ viewer, names, now, tell, onTaken, onSelect, onWaiting, hazards, warnings }) {
    Object.assign(this, { permissions: viewer.permissions, tell, onTaken });
    this.shift = new ShiftSheet({ viewer, names, now, tell, onSelect, onWaiting });
    this.warnings = new WarningSheet({ viewer, hazards, now, rows: warnings, tell });
  }

  /** Say whether the viewer may; where not, tell them so. */
  may(permission, otherwise) {
    if (this.permissions.includes(permission)) return true;
    this.tell(t(otherwise), "warn");
    return false;
  }

  importReports() {
    if (!this.may("report.import", "import.not_permitted")) return undefined;
    this.importing ??= importDialog({ what: "reports", accept: ".csv,.xlsx", columns: t("import.columns.reports"), onDone: (told) => told.rows.forEach(({ case_id: id }) => id && this.onTaken(id)) });
    return this.importing();
  }

  /** The record of a case; `row` is the one that is open, null where none is. */
  exportCase(row) {
    if (!this.may("case.export", "export.not_permitted")) return undefined;
    if (!row) return this.tell(t("case.nothing"), "warn");
    this.exporting ??= new ExportSheet({ permissions: this.permissions });
    return this.exporting.open(row);
  }

  handOver() {
    return this.may("shift.read", "shift.not_permitted") ? this.shift.open() : undefined;
  }
}
