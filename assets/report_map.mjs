// A small map for choosing one place: tiles, a finger, a pin. The sums are pure; drawing comes last.

export const TILE = 256;
const ZOOMS = [9, 17];
const TAP_PX = 8;
const MOST_LAT = 85;

/** Where a place lies on the world's picture at a zoom, in pixels. */
export function toPixels([lon, lat], zoom) {
  const world = TILE * 2 ** zoom;
  const sine = Math.sin((Math.max(-MOST_LAT, Math.min(MOST_LAT, lat)) * Math.PI) / 180);
  return [((lon + 180) / 360) * world, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * world];
}

/** The place at a pixel of the world's picture. */
export function toPlace([x, y], zoom) {
  const world = TILE * 2 ** zoom;
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / world))) * 180) / Math.PI;
  return [(x / world) * 360 - 180, lat];
}

/** The zoom within what there is. */
export const fitting = (zoom) => Math.max(ZOOMS[0], Math.min(ZOOMS[1], zoom));

/** The tiles that cover a window around a middle: [x, y, left, top]. */
export function tilesOf([x, y], zoom, width, height) {
  const [left, top] = [x - width / 2, y - height / 2];
  const most = 2 ** zoom;
  const found = [];
  for (let row = Math.floor(top / TILE); row * TILE < top + height; row += 1) {
    for (let column = Math.floor(left / TILE); column * TILE < left + width; column += 1) {
      if (row >= 0 && row < most && column >= 0 && column < most) {
        found.push([column, row, Math.round(column * TILE - left), Math.round(row * TILE - top)]);
      }
    }
  }
  return found;
}

/** Say whether a place lies in a box of [west, south, east, north]. */
export const within = ([lon, lat], box) => !box || (lon >= box[0] && lat >= box[1] && lon <= box[2] && lat <= box[3]);

/** Make `box` a map; `chosen(place)` is called when somebody taps, and where it is null the map is for looking alone. */
export function openMap(box, facts, chosen) {
  const state = { middle: facts.center, zoom: fitting(facts.zoom), pin: null, self: null, grasp: null };
  const layer = box.appendChild(document.createElement("div"));
  const pin = box.appendChild(Object.assign(document.createElement("div"), { className: "pin", hidden: true }));
  const self = box.appendChild(Object.assign(document.createElement("div"), { className: "self", hidden: true }));
  box.append(zoomButtons(state, facts, draw));
  box.appendChild(Object.assign(document.createElement("div"), { className: "source", textContent: facts.attribution }));

  function draw() {
    const { clientWidth: width, clientHeight: height } = box;
    const middle = toPixels(state.middle, state.zoom);
    const kept = new Map([...layer.children].map((image) => [image.dataset.key, image]));
    for (const [x, y, left, top] of tilesOf(middle, state.zoom, width, height)) {
      const key = `${state.zoom}/${x}/${y}`;
      const image = kept.get(key) ?? layer.appendChild(Object.assign(document.createElement("img"), { alt: "", src: tileAddress(facts.tiles, state.zoom, x, y) }));
      image.dataset.key = key;
      image.style.left = `${left}px`;
      image.style.top = `${top}px`;
      kept.delete(key);
    }
    kept.forEach((image) => image.remove());
    for (const [mark, place] of [[pin, state.pin], [self, state.self]]) {
      mark.hidden = !place;
      if (!place) continue;
      const [x, y] = toPixels(place, state.zoom);
      mark.style.left = `${x - middle[0] + width / 2}px`;
      mark.style.top = `${y - middle[1] + height / 2}px`;
    }
  }

  const placeAt = (event) => {
    const frame = box.getBoundingClientRect();
    const [x, y] = toPixels(state.middle, state.zoom);
    return toPlace([x + event.clientX - frame.left - frame.width / 2, y + event.clientY - frame.top - frame.height / 2], state.zoom);
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.target.closest("button")) return;
    box.setPointerCapture(event.pointerId);
    state.grasp = { from: [event.clientX, event.clientY], middle: toPixels(state.middle, state.zoom), moved: false };
  });
  box.addEventListener("pointermove", (event) => {
    if (!state.grasp) return;
    const [dx, dy] = [event.clientX - state.grasp.from[0], event.clientY - state.grasp.from[1]];
    if (Math.hypot(dx, dy) > TAP_PX) state.grasp.moved = true;
    if (!state.grasp.moved) return;
    state.middle = toPlace([state.grasp.middle[0] - dx, state.grasp.middle[1] - dy], state.zoom);
    draw();
  });
  box.addEventListener("pointerup", (event) => {
    const grasp = state.grasp;
    state.grasp = null;
    if (grasp && !grasp.moved) choose(placeAt(event));
  });
  box.addEventListener("pointercancel", () => { state.grasp = null; });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-64, 0], ArrowRight: [64, 0], ArrowUp: [0, -64], ArrowDown: [0, 64] }[event.key];
    if (event.key === "Enter" && event.target === box) {
      event.preventDefault();
      choose(state.middle);
    } else if (step) {
      event.preventDefault();
      const [x, y] = toPixels(state.middle, state.zoom);
      state.middle = toPlace([x + step[0], y + step[1]], state.zoom);
      draw();
    }
  });

  function choose(place) {
    if (!chosen) return;
    state.pin = place;
    draw();
    chosen(place);
  }

  function show(place, zoom = 16) {
    state.middle = place;
    state.pin = place;
    state.zoom = fitting(zoom);
    draw();
  }

  /** Show where we are ourselves. */
  function mark(place) {
    state.self = place;
    draw();
  }

  new ResizeObserver(draw).observe(box);
  return { show, mark };
}

/** The address of one tile. */
export const tileAddress = (pattern, z, x, y) => pattern.replace("{z}", z).replace("{x}", x).replace("{y}", y);

function zoomButtons(state, facts, draw) {
  const buttons = Object.assign(document.createElement("div"), { className: "zoom" });
  for (const [sign, by, name] of [["+", 1, facts.words.zoom_in], ["−", -1, facts.words.zoom_out]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: sign, title: name });
    button.setAttribute("aria-label", name);
    button.addEventListener("click", () => {
      state.zoom = fitting(state.zoom + by);
      draw();
    });
    buttons.append(button);
  }
  return buttons;
}
