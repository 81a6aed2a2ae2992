// What a coverage page asks and shows, as pure functions: layers, addresses, shares, the order of lists.

import { number } from "./format.mjs";
import { t } from "./words.mjs";

export const QUANTITIES = ["rsrp", "sinr", "server"];
export const TECHNOLOGIES = ["all", "4G", "5G"];

/** Say whether a prediction is there to be shown: the one in force, or the former one while it is made anew. */
export const isShown = (standing) => ["ready", "renewing"].includes(standing?.state);

/** The layer before anything was chosen: what anybody may receive at all. */
export const firstLayer = () => ({ quantity: "rsrp", technology: "all", operator: "all", band: "all" });

/** The layer that an address asks for; what it does not say is as at first. */
export function layerFrom(search) {
  const asked = new URLSearchParams(search);
  const layer = firstLayer();
  for (const name of Object.keys(layer)) if (asked.get(name)) layer[name] = asked.get(name);
  if (!QUANTITIES.includes(layer.quantity)) layer.quantity = "rsrp";
  if (!TECHNOLOGIES.includes(layer.technology)) layer.technology = "all";
  return layer;
}

/** A layer as an address says it: only what is not as at first. */
export function searchOf(layer) {
  const first = firstLayer();
  return new URLSearchParams(Object.entries(layer).filter(([name, value]) => value !== first[name])).toString();
}

/** The carriers meant, as the API is asked. */
export function whichQuery({ technology, operator, band }) {
  const asked = Object.entries({ technology, operator, band }).filter(([, value]) => value && value !== "all");
  return new URLSearchParams(asked).toString();
}

/** Where a layer's tiles are. */
export const tilesOf = (tiles, { quantity, technology, operator, band }) => `${tiles}/${quantity}/${technology}/${encodeURIComponent(operator)}/${encodeURIComponent(band)}/{z}/{x}/{y}.png`;

/** The bands that can be chosen under a technology and an operator. */
export function bandsFor(standing, { technology, operator }) {
  const fits = standing.bands.filter((one) => (technology === "all" || one.technology === technology) && (operator === "all" || one.operators.includes(operator)));
  return [...new Set(fits.map((one) => one.band))];
}

/** The scale by which a layer is classed; all technologies are told by that of 4G. */
export const scaleOf = (standing, { quantity, technology }) => standing.scales[quantity === "sinr" ? "SINR" : technology === "5G" ? "5G" : "4G"] ?? [];

/** What a class spans: ≥ -85, -95 … -85, < -115. */
export function spanOf(scale, n) {
  const [low, high] = [scale[n].at_least, n ? scale[n - 1].at_least : null];
  if (low === null) return `< ${high}`;
  return high === null ? `≥ ${low}` : `${low} … ${high}`;
}

/** The towns with most people in weak coverage first. */
export const worstTowns = (towns) => [...towns].sort((a, b) => b.weak_people - a.weak_people || b.weak_area_km2 - a.weak_area_km2);

/** Key places that hold every word, of the weak ones only where so asked. */
export function passing(places, { text, weakOnly }) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return places.filter((place) => (!weakOnly || place.weak) && wanted.every((word) => `${place.name} ${place.kind}`.toLowerCase().includes(word)));
}

/** What a site would change, in words: +1,234 people, −3. */
export function difference({ before, after }, unit = "") {
  const by = Math.round((after - before) * 100) / 100;
  const sign = by > 0 ? "+" : by < 0 ? "−" : "±";
  return `${sign}${number(Math.abs(by))}${unit}`;
}

/** The three directions of a site from its first one. */
export const directions = (first, sectors) => Array.from({ length: sectors }, (_, n) => (first + (360 / sectors) * n) % 360);

/** A wedge that shows a direction: corners in pixels around the site. */
export function wedge(azimuthDeg, length, openDeg = 50) {
  const at = (deg) => [length * Math.sin((deg * Math.PI) / 180), -length * Math.cos((deg * Math.PI) / 180)];
  return [[0, 0], at(azimuthDeg - openDeg / 2), at(azimuthDeg + openDeg / 2)];
}
