// Building and patching elements; text only ever enters as text.

const SVG = "http://www.w3.org/2000/svg";

function put(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.setAttribute("class", value);
    else if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  return element;
}

/** Make an element; children may be elements, strings, or nothing. */
export function h(tag, props = {}, ...children) {
  const element = put(document.createElement(tag), props);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Make an SVG icon of one path. */
export function icon(path, size = 16, box = 24) {
  const svg = put(document.createElementNS(SVG, "svg"), {
    viewBox: `0 0 ${box} ${box}`, width: size, height: size, "aria-hidden": "true", class: "icon",
  });
  svg.append(put(document.createElementNS(SVG, "path"), { d: path }));
  return svg;
}

/** Set an element's text only where it differs. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Set an attribute only where it differs. */
export function setAttr(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Resolve with an element as soon as it is in the document (Dash draws its layout later than modules run). */
export function whenPresent(id, root = document) {
  const there = root.getElementById(id);
  if (there) return Promise.resolve(there);
  return new Promise((resolve) => {
    const watch = new MutationObserver(() => {
      const found = root.getElementById(id);
      if (!found) return;
      watch.disconnect();
      resolve(found);
    });
    watch.observe(root.documentElement, { childList: true, subtree: true });
  });
}
