// The queue's filter in the page's address, so that it outlives a reload and can be sent to a colleague. Pure.

import { noFilter } from "./queue_order.mjs";

const LISTS = { p: "priorities", phase: "phases" };
const WORDS = { state: "state", town: "town", dept: "lead", q: "text", sort: "sort" };
const FLAGS = { urgent: "emergency", late: "late", mine: "mine" };

/** The address's query of a filter: what holds nothing back is not in it. */
export function queryOf(filter) {
  const query = new URLSearchParams();
  const free = noFilter();
  for (const [short, name] of Object.entries(LISTS)) if (filter[name].length) query.set(short, filter[name].join("."));
  for (const [short, name] of Object.entries(WORDS)) if (filter[name] !== free[name]) query.set(short, filter[name]);
  for (const [short, name] of Object.entries(FLAGS)) if (filter[name]) query.set(short, "1");
  return query.toString();
}

/** The filter of an address's query. */
export function filterOf(search) {
  const query = new URLSearchParams(search);
  const filter = noFilter();
  for (const [short, name] of Object.entries(LISTS)) filter[name] = (query.get(short) ?? "").split(".").filter(Boolean);
  for (const [short, name] of Object.entries(WORDS)) filter[name] = query.get(short) ?? filter[name];
  for (const [short, name] of Object.entries(FLAGS)) filter[name] = query.get(short) === "1";
  return filter;
}

/** Write a filter into the address without a step in the browser's history. */
export function keepInAddress(filter, place = window) {
  const query = queryOf(filter);
  place.history.replaceState(null, "", query ? `${place.location.pathname}?${query}` : place.location.pathname);
}
