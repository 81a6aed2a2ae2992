// Closing a road on the desk: a click on the map chooses it, a small card says why and for how long; the same card opens it again.

import { Problem, getJson, newKey, postJson } from "./api.mjs";
import { closureText } from "./closure_marks.mjs";
import { h, setText } from "./dom.mjs";
import { distance, toMs } from "./format.mjs";
import * as pickers from "./pickers.mjs";
import { t } from "./words.mjs";

const CAUSES = ["flood", "landslide", "accident", "fire", "snow", "works", "event", "other"];
const MINUTES = [30, 60, 120, 240, 720, 1440, 4320];
const SHARES = [0, 0.3, 0.5];
const RADII_M = [30, 50, 100, 200, 500, 1000];
const FIRST = { shape: "stretch", radius: "100", cause: "flood", share: "0", minutes: "120" };
const HOUR = 60;
const CORNERS_LEAST = 3;
const CLICK = { stretch: "closure.click_road", circle: "closure.click_middle", area: "closure.click_area" };

/** The area within corners clicked one after another, as GeoJSON. */
export const areaOf = (corners) => ({ type: "Polygon", coordinates: [[...corners, corners[0]]] });

/** What is sent for a road to be closed. */
export function closureBody({ ground, road, cause, minutes, share, note }, now) {
  const until = new Date(now + Number(minutes) * 60_000).toISOString();
  return { ground, until_at: until, cause, speed_share: Number(share), road: road ?? "", note };
}

/** A stretch in words: its name or number, and how long it is. */
export const stretchText = (found) => `${found.road || found.ref || t("closure.nameless")} · ${distance(found.length_m)}`;

/** Those that end first come first. */
export const byEnd = (rows) => [...rows].sort((a, b) => toMs(a.until_at) - toMs(b.until_at));

const span = (minutes) => (minutes < HOUR ? t("closure.minutes", { n: minutes }) : t("closure.hours", { n: minutes / HOUR }));
const options = (values, label) => values.map((value) => ({ value: String(value), label: label(value) }));

/** The card over the map. */
export class ClosingCard {
  constructor(root, { view, marks, now, rows, tell }) {
    Object.assign(this, { view, marks, now, rows, tell });
    this.element = h("section", { class: "closing", hidden: true, "aria-label": t("closure.title") });
    root.append(this.element);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  open() {
    this.fields = {
      shape: pickers.choice([{ value: "stretch", label: t("closure.stretch") }, { value: "circle", label: t("closure.circle") }, { value: "area", label: t("closure.area") }], { value: FIRST.shape }),
      radius: pickers.choice(options(RADII_M, distance), { value: FIRST.radius }),
      cause: pickers.choice(options(CAUSES, (cause) => t(`cause.${cause}`)), { value: FIRST.cause }),
      share: pickers.choice(options(SHARES, (share) => (share ? t("closure.slow_to", { percent: share * 100 }) : t("closure.closed"))), { value: FIRST.share }),
      minutes: pickers.choice(options(MINUTES, span), { value: FIRST.minutes }),
      note: pickers.line({ maxlength: 200 }),
    };
    this.chosen = h("p", { class: "chosen", role: "status" });
    this.notice = h("p", { class: "notice", role: "alert", hidden: true });
    this.send = h("button", { type: "submit", class: "action main", text: t("closure.do") });
    this.list = h("ul", { class: "closing-list" });
    const form = h("form", { onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      ["shape", "radius", "cause", "share", "minutes", "note"].map((name) => this.field(name)), this.chosen, this.notice,
      h("div", { class: "form-foot" }, this.send, h("button", { type: "button", class: "action", text: t("form.cancel"), onclick: () => this.close() })));
    this.element.replaceChildren(h("h2", { text: t("closure.title") }), form, this.list);
    for (const name of ["shape", "radius"]) this.fields[name].element.addEventListener("change", () => this.choose(null));
    this.element.hidden = false;
    this.choose(null);
    this.show();
    this.view.pick((lon, lat) => this.clicked(lon, lat));
  }

  field(name) {
    const { element } = this.fields[name];
    return h("label", { class: "field", "data-field": name }, h("span", { text: t(`closure.field.${name}`) }), element);
  }

  close() {
    if (!this.isOpen) return false;
    this.asking?.abort();
    this.marks.preview(null);
    this.view.pick(null);
    this.element.hidden = true;
    return true;
  }

  toggle() {
    if (!this.close()) this.open();
  }

  /** Take what a click chose; null waits for the next click. */
  choose(what) {
    const shape = this.fields.shape.value();
    const circle = shape === "circle";
    if (!what) this.corners = [];
    this.element.querySelector('[data-field="radius"]').hidden = !circle;
    this.what = what;
    this.key = newKey();
    this.marks.preview(what?.ground ?? null);
    setText(this.chosen, what ? what.text : t(CLICK[shape]));
    this.send.disabled = !what;
  }

  async clicked(lon, lat) {
    this.notice.hidden = true;
    if (this.fields.shape.value() === "circle") {
      const radius = Number(this.fields.radius.value());
      return this.choose({ ground: { type: "Circle", center: [lon, lat], radius_m: radius }, road: "", text: t("closure.around", { radius: distance(radius) }) });
    }
    if (this.fields.shape.value() === "area") return this.corner(lon, lat);
    this.asking?.abort();
    const { signal } = (this.asking = new AbortController());
    try {
      const found = await getJson(`/api/v1/roads/nearest?${new URLSearchParams({ lon: lon.toFixed(6), lat: lat.toFixed(6) })}`, signal);
      this.choose({ ground: found.line, road: found.road || found.ref, text: stretchText(found) });
    } catch (failure) {
      if (!signal.aborted) this.complain(failure);
    }
    return undefined;
  }

  /** One more corner of a flooded area; from the third on it can be closed. */
  corner(lon, lat) {
    this.corners = [...this.corners, [lon, lat]];
    if (this.corners.length < CORNERS_LEAST) {
      this.marks.preview({ type: "LineString", coordinates: this.corners });
      return setText(this.chosen, t("closure.corners", { n: this.corners.length }));
    }
    return this.choose({ ground: areaOf(this.corners), road: "", text: t("closure.corners", { n: this.corners.length }) });
  }

  async submit() {
    if (!this.what) return;
    const values = Object.fromEntries(["cause", "share", "minutes", "note"].map((name) => [name, this.fields[name].value()]));
    this.send.disabled = true;
    try {
      const { closure } = await postJson("/api/v1/closures", closureBody({ ...this.what, ...values }, this.now()), this.key);
      this.close();
      this.tell(closureText(closure, this.now()));
    } catch (failure) {
      this.send.disabled = false;
      // Sent again as it is after no answer, it is done once; what was refused is another wish when it is mended.
      if (!failure.passing) this.key = newKey();
      this.complain(failure);
    }
  }

  complain(failure) {
    if (!(failure instanceof Problem)) throw failure;
    this.notice.textContent = failure.passing ? t("action.kept") : failure.message || t("error.unknown");
    this.notice.hidden = false;
  }

  /** List what is closed now, each with the button that opens it again. */
  show() {
    if (!this.isOpen) return;
    const rows = byEnd(this.rows());
    this.list.replaceChildren(...rows.map((row) => h("li", { "data-closure": row.id }, h("span", { text: closureText(row, this.now()) }), this.endButton(row))));
    if (!rows.length) this.list.append(h("li", { class: "dim", text: t("closure.none") }));
  }

  endButton(row) {
    const button = h("button", { type: "button", class: "action", text: t("closure.end") });
    const key = newKey();
    button.addEventListener("click", () => {
      // A road opened by mistake sends somebody into the water: the second press does it.
      if (button.classList.contains("grave")) return this.end(row, button, key);
      button.classList.add("grave");
      button.textContent = t("closure.end_sure");
      return undefined;
    });
    return button;
  }

  async end(row, button, key) {
    button.disabled = true;
    try {
      await postJson(`/api/v1/closures/${encodeURIComponent(row.id)}/end`, { note: "" }, key);
      this.tell(t("closure.ended", { road: row.road || t(`cause.${row.cause}`) }));
    } catch (failure) {
      button.disabled = false;
      this.complain(failure);
    }
  }
}
