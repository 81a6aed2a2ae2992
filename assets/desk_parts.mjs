// The parts of the desk that only tell it what a person did: each is made with what it shows and with the desk's methods it calls.

import { AlertBanner } from "./alerts.mjs";
import { BulkBar, BulkDialog } from "./bulk.mjs";
import { CasePanel } from "./case_panel.mjs";
import { ReportForm } from "./report_form.mjs";
import { TopBar } from "./topbar.mjs";

/** The open case. */
export function makePanel(desk, root) {
  const { commands, codes, limits, may, override_reasons: reasons } = desk.boot.cases;
  return new CasePanel(root, {
    names: desk.names, live: desk.live, onClose: () => desk.deselect(),
    onExport: desk.boot.viewer.permissions.includes("case.export") ? () => desk.sheets.exportCase(desk.panel.id && desk.panel.row) : null,
    permissions: desk.boot.viewer.permissions, may, onSelect: (id) => desk.select(id), tell: desk.tell, reasons, ways: desk.ways, area: desk.area, onUnit: (id) => desk.unit.enter(id),
    actions: { schemas: commands, codes, limits, viewerName: desk.boot.viewer.name, viewerDepartment: desk.boot.viewer.department, onActed: (label, row, undo) => desk.acted(label, row, undo) },
  });
}

/** What calls, over the map. */
export function makeAlerts(desk, root) {
  return new AlertBanner(root, {
    names: desk.names, now: () => desk.live.now(), mayAcknowledge: desk.boot.viewer.permissions.includes("case.acknowledge"),
    onAcknowledge: (alert) => desk.acknowledge(alert), onSelect: (id) => desk.select(id),
  });
}

/** The bar of what may be done to the picked cases, in the queue's foot, and its dialog. */
export function makeBulk(desk) {
  const { commands: schemas, codes, may } = desk.boot.cases;
  const dialog = new BulkDialog({
    names: desk.names, schemas, codes, now: () => desk.live.now(),
    onDone: (_name, results) => {
      for (const { id, done } of results) if (done) desk.mine.add(id);
      desk.queue.picked.drop(results.filter(({ done }) => done).map(({ id }) => id));
    },
  });
  const bar = new BulkBar({ may, label: (name) => dialog.label(name), onAct: (name) => dialog.open(name, desk.queue.pickedRows), onClear: () => desk.queue.picked.clear() });
  desk.queue.foot.append(bar.element);
  return bar;
}

/** The report form. */
export function makeForm(desk, root) {
  return new ReportForm(root, {
    names: desk.names, live: desk.live, map: desk.map, bbox: desk.boot.county.bbox, outbox: desk.outbox, who: desk.boot.viewer.name,
    onClose: () => desk.backToCase(), onTaken: (outcome) => desk.taken(outcome), onImport: desk.boot.viewer.permissions.includes("report.import") ? () => desk.sheets.importReports() : null,
  });
}

/** The bar above. */
export function makeTop(desk, root) {
  const { county, viewer } = desk.boot;
  return new TopBar(root, { county, viewer, onSearch: (text) => desk.queue.change({ text }), onTheme: () => desk.theme(), onMute: () => desk.mute(), onOutbox: () => desk.outbox.flush(), onShift: () => desk.sheets.handOver(), onWarnings: () => desk.sheets.warnings.open() });
}
