// The console's HTTP API as the pages use it; every failure arrives as one Problem.

import { instant, toMs } from "./format.mjs";
import { lapsed } from "./signin_again.mjs";
import { language, t } from "./words.mjs";

const FILE_KINDS = {
  csv: "text/csv",
  geojson: "application/geo+json",
  yaml: "application/yaml",
  yml: "application/yaml",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g;

/** A sentence of the server with its instants by the county's clock, as everything else on the screen says them. */
export const byLocalClock = (text, now = Date.now()) => String(text).replace(INSTANT, (found) => instant(toMs(found), now));

/** A failure told by the server (application/problem+json), or status 0 where nothing answered. */
export class Problem extends Error {
  constructor(status, body = {}) {
    super(byLocalClock(body.detail ?? body.title ?? ""));
    this.status = status;
    this.code = body.code ?? (status === 0 ? "network" : "unknown");
    this.body = body;
  }

  /** Worth sending again as it is: nobody answered, or the server was not able to. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** What each field was refused for, by field name. */
  get fields() {
    return fieldErrors(this.body);
  }
}

// What was written stands in the field itself: under it only what would be right, where the server says that.
const besideField = ({ code, wanted, detail, msg, message }) => code === "exchange.field_missing" ? t("form.missing") : (wanted ? t("form.wanted", { wanted }) : byLocalClock(detail ?? msg ?? message ?? ""));

/** Field name to sentence, from `field` with `detail` or from a list `errors`. */
export function fieldErrors(body) {
  const found = {};
  for (const error of Array.isArray(body.errors) ? body.errors : []) {
    const field = error.field ?? (Array.isArray(error.loc) ? error.loc.at(-1) : undefined);
    if (field !== undefined) found[String(field).split(".").at(-1)] = besideField(error);
  }
  if (body.field && !(body.field in found)) found[String(body.field).split(".").at(-1)] = besideField(body);
  return found;
}

async function answered(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", priority: "high", ...options });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Problem(0);
  }
  if (response.status === 401) lapsed();
  return response;
}

async function call(path, options) {
  const response = await answered(path, options);
  const text = await response.text();
  const body = readJson(text);
  if (!response.ok) throw new Problem(response.status, body ?? {});
  return body;
}

function readJson(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/** GET as JSON. */
export const getJson = (path, signal) => call(path, { signal, headers: { "Accept-Language": language() } });

/** GET as a file, in the page's language. */
export async function getFile(path) {
  const response = await answered(path, { headers: { "Accept-Language": language() } });
  if (!response.ok) throw new Problem(response.status, readJson(await response.text()) ?? {});
  return response.blob();
}

/** POST as JSON; `key` makes it safe to send again. */
export function postJson(path, body, key, signal) {
  const headers = { "Content-Type": "application/json", "Accept-Language": language() };
  if (key) headers["Idempotency-Key"] = key;
  return call(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

/** POST a file as it is; its kind is told by its name. */
export function postFile(path, file) {
  const kind = FILE_KINDS[file.name.split(".").at(-1).toLowerCase()] ?? file.type ?? "application/octet-stream";
  return call(path, { method: "POST", headers: { "Content-Type": kind, "Accept-Language": language() }, body: file });
}

/** A new idempotency key. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // randomUUID exists only on https and localhost; a county's closed network may be plain http.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}
