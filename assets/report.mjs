// The citizens' form made easier: where I stand, places by name, a map to tap, the pictures shown before they go.

import { openMap, within } from "./report_map.mjs";

const DEBOUNCE_MS = 250;
const SHOWN = 3;
const MOST_BYTES = 8_000_000;

/** A place as the form sends it. */
export const written = ([lon, lat]) => [lon.toFixed(6), lat.toFixed(6)];

/** What is wrong with the pictures somebody chose: a word's key, or null. */
export function pictureProblem(files) {
  if (files.length > SHOWN) return "photo_many";
  return [...files].some((file) => file.size > MOST_BYTES) ? "photo_large" : null;
}

function start() {
  const facts = JSON.parse(document.getElementById("boot").textContent);
  const at = (id) => document.getElementById(id);
  const say = (key) => facts.words[key] ?? key;
  const box = at("map");
  box.hidden = false;

  function take(place, name = "") {
    const fits = within(place, facts.bbox);
    [at("lon").value, at("lat").value] = fits ? written(place) : ["", ""];
    at("chosen").textContent = fits ? `${say("chosen")} ${name || written(place).join(", ")}` : say("outside");
  }
  const map = openMap(box, facts, (place) => take(place));
  if (at("lon").value && at("lat").value) {
    const before = [Number(at("lon").value), Number(at("lat").value)];
    map.show(before);
    take(before);
  }
  listenForGps(at, say, (place) => {
    map.show(place);
    take(place, say("gps_here"));
  });
  listenForNames(at, (found) => {
    map.show([found.lon, found.lat]);
    take([found.lon, found.lat], found.name);
  });
  at("photo").addEventListener("change", () => showPictures(at, say));
  at("report").addEventListener("submit", () => {
    const button = at("report").querySelector(".send");
    // After the browser has gathered the form: a disabled button must not keep it from going.
    setTimeout(() => Object.assign(button, { disabled: true, textContent: say("sending") }));
  });
  addEventListener("pageshow", () => {
    Object.assign(at("report").querySelector(".send"), { disabled: false, textContent: say("send") });
  });
}

function listenForGps(at, say, found) {
  if (!("geolocation" in navigator) || !globalThis.isSecureContext) return;
  at("gps").hidden = false;
  at("gps").addEventListener("click", () => {
    at("chosen").textContent = say("gps_asking");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => found([coords.longitude, coords.latitude]),
      () => { at("chosen").textContent = say("gps_failed"); },
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
    );
  });
}

function listenForNames(at, chosen) {
  const [field, list] = [at("address"), at("places")];
  let [asked, items, row] = [0, [], -1];
  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
  };
  const pick = (found) => {
    field.value = found.town && !found.name.startsWith(found.town) ? `${found.town} ${found.name}` : found.name;
    close();
    chosen(found);
  };
  function show(found) {
    [items, row] = [found, -1];
    list.replaceChildren(...found.map((place, index) => {
      const option = Object.assign(document.createElement("li"), { textContent: place.name, id: `place-${index}` });
      option.setAttribute("role", "option");
      option.append(Object.assign(document.createElement("small"), { textContent: place.town }));
      option.addEventListener("click", () => pick(place));
      return option;
    }));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(found.length > 0));
  }
  field.addEventListener("input", () => {
    const mine = (asked += 1);
    setTimeout(async () => {
      const text = field.value.trim();
      if (mine !== asked || !text) return;
      const answer = await fetch(`/report/places?${new URLSearchParams({ q: text })}`).catch(() => null);
      if (mine === asked && answer?.ok) show((await answer.json()).items);
    }, DEBOUNCE_MS);
  });
  field.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close();
    if (by && items.length) {
      event.preventDefault();
      row = Math.max(0, Math.min(items.length - 1, row + by));
      [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === row)));
      field.setAttribute("aria-activedescendant", `place-${row}`);
    }
    if (event.key === "Enter" && row >= 0 && !list.hidden) {
      event.preventDefault();
      pick(items[row]);
    }
  });
}

function showPictures(at, say) {
  const field = at("photo");
  const wrong = pictureProblem(field.files);
  if (wrong) field.value = "";
  at("photo-hint").textContent = say(wrong ?? "photo_hint");
  at("pictures").replaceChildren(...[...field.files].map((file) => {
    const image = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: file.name });
    image.addEventListener("load", () => URL.revokeObjectURL(image.src));
    return image;
  }));
}

if (globalThis.document?.getElementById("boot")) start();
