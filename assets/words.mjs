// Words: the page's catalogue, filled once from the boot block; no other module holds a visible string.

let catalogue = {};
let spoken = "zh";
let zone = "Asia/Shanghai";

/** Take the catalogue, its language and the county's time zone. */
export function useWords(words, language = "zh", timeZone = "Asia/Shanghai") {
  catalogue = words;
  spoken = language;
  zone = timeZone;
}

/** The language the page speaks: zh or en. */
export const language = () => spoken;

/** The county's time zone. */
export const timeZone = () => zone;

/** Fill `{name}` in a template, and choose the word in `{name:case|cases}` by whether the value is one. */
export function fill(template, values = {}) {
  return template.replace(/\{(\w+)(?::([^|{}]*)\|([^|{}]*))?\}/g, (whole, name, one, many) => {
    if (!(name in values)) return whole;
    if (one === undefined) return String(values[name]);
    return String(values[name]) === "1" ? one : many;
  });
}

/** The words of a key; a key without words shows itself, so that it is seen and mended. */
export function t(key, values) {
  return fill(catalogue[key] ?? key, values);
}

/** The words of a coded value, or the code itself where the catalogue does not know it. */
export function coded(prefix, code) {
  if (code === null || code === undefined || code === "") return "";
  return catalogue[`${prefix}.${code}`] ?? String(code);
}

/** Read the boot block of the document and take its words. */
export function readBoot(root = document) {
  const boot = JSON.parse(root.getElementById("boot").textContent);
  useWords(boot.words, boot.language, boot.county.zone);
  return boot;
}
