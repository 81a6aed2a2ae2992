// What lies over the map: the legend with letters, and the view-lock's button.

import { h, icon, setText } from "./dom.mjs";
import { UNIT_ICONS } from "./marks.mjs";
import { t } from "./words.mjs";

const mark = (kind, text) => h("span", { class: `mark ${kind}`, text });
const unit = (kind) => h("span", { class: `unit ${kind}` }, icon(UNIT_ICONS.vehicle, 12));
const entry = (sign, text) => h("li", {}, sign, h("span", { text }));

/** The legend. */
export function legend({ open = true } = {}) {
  const priorities = ["P0", "P1", "P2", "P3", "P4"].map((p) => entry(mark(`p-${p} is-waiting`, p), t(`priority.${p}`)));
  const phases = ["waiting", "going", "checking"].map((p) => entry(mark(`p-P3 is-${p}`, "P"), t(`phase.${p}`)));
  const units = ["free", "busy"].map((u) => entry(unit(`is-${u}`), t(`unit.${u}`)));
  return h("details", { class: "legend", open }, h("summary", { text: t("map.legend") }),
    h("ul", {}, priorities), h("ul", {}, phases, entry(mark("p-P3 is-waiting is-late", "P"), t("map.late"))),
    h("ul", {}, units, entry(unit("is-free is-stale"), t("unit.stale")), ["closed", "slow"].map((how) => entry(h("span", { class: `closure-sign is-${how}` }), t(`closure.${how}`)))));
}

/** The button that shows whether the view is locked, and lets it follow again. */
export function lockButton(mapView) {
  const button = h("button", { type: "button", class: "lock", hidden: true, onclick: () => mapView.release() });
  mapView.lockListeners.add((locked) => {
    button.hidden = !locked;
    setText(button, t("map.release"));
  });
  return button;
}
