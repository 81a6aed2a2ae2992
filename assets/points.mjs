// PointField: tens of thousands of points as one canvas over typed arrays, instead of as many Leaflet objects.

const MARGIN_SHARE = 0.15;
const MARGIN_MOST = 200;
const TURNED_EVERY_MS = 200; // points that stand otherwise are drawn together

/** Web-Mercator world coordinates (0 to 1) of a longitude and latitude. */
export function project(lon, lat) {
  const s = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)];
}

/** Points as typed arrays, found again by id. */
export class PointTable {
  constructor(points = []) {
    this.set(points);
  }

  /** Take all points anew: [[id, lon, lat, class]…]. */
  set(points) {
    this.ids = points.map((point) => point[0]);
    this.index = new Map(this.ids.map((id, i) => [id, i]));
    this.x = new Float64Array(points.length);
    this.y = new Float64Array(points.length);
    this.kind = new Uint8Array(points.length);
    points.forEach(([, lon, lat, kind = 0], i) => {
      [this.x[i], this.y[i]] = project(lon, lat);
      this.kind[i] = kind;
    });
    this.order = null;
  }

  /** The points' places by class, the last class at the end: the order they are drawn in. */
  drawn() {
    if (this.order) return this.order;
    const next = new Int32Array(257);
    for (const kind of this.kind) next[kind + 1] += 1;
    for (let kind = 1; kind < next.length; kind += 1) next[kind] += next[kind - 1];
    this.order = new Int32Array(this.kind.length);
    for (let i = 0; i < this.kind.length; i += 1) {
      this.order[next[this.kind[i]]] = i;
      next[this.kind[i]] += 1;
    }
    return this.order;
  }

  /** Change one point's class; false where it is not known or nothing changed. */
  setClass(id, kind) {
    const i = this.index.get(id);
    if (i === undefined || this.kind[i] === kind) return false;
    this.kind[i] = kind;
    this.order = null;
    return true;
  }

  /** The id nearest to a world position within `reach` (world units), undefined where none is. */
  nearest(x, y, reach) {
    let best = reach * reach;
    let found;
    for (let i = 0; i < this.x.length; i += 1) {
      const dx = this.x[i] - x;
      const dy = this.y[i] - y;
      const d = dx * dx + dy * dy;
      if (d <= best) [best, found] = [d, this.ids[i]];
    }
    return found;
  }
}

/** A colour #rrggbb as one little-endian RGBA pixel. */
export function pixelOf(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** A round dot of `size` pixels as spans [dy, from, to], `to` left out. */
export function stampOf(size) {
  const radius = size / 2;
  const reach = Math.floor(radius);
  const spans = [];
  for (let dy = -reach; dy <= reach; dy += 1) {
    const half = Math.floor(Math.sqrt(Math.max(0, radius * radius - dy * dy)));
    spans.push([dy, -half, half + 1]);
  }
  return { reach, spans };
}

/** A stamp as distances within a picture `width` wide, so that the inner loop only adds. */
export const offsetsOf = ({ spans }, width) => Int32Array.from(spans.flatMap(([dy, from, to]) => Array.from({ length: to - from }, (_, i) => dy * width + from + i)));

/**
 * Draw the table's points class by class, the last class on top; returns how many were in view.
 * Written straight into the pixels: without a graphics card that is twenty times faster than fillRect.
 */
export function drawPoints({ pixels, width, height }, table, { scale, left, top }, styles) {
  const { x, y, kind } = table;
  const offsets = styles.map(({ stamp }) => offsetsOf(stamp, width));
  let drawn = 0;
  for (const i of table.drawn()) {
    const style = styles[kind[i]];
    if (!style) continue;
    const { reach } = style.stamp;
    const px = (x[i] * scale - left + 0.5) | 0;
    const py = (y[i] * scale - top + 0.5) | 0;
    if (px < reach || py < reach || px >= width - reach || py >= height - reach) continue;
    const middle = py * width + px;
    const around = offsets[kind[i]];
    for (let k = 0; k < around.length; k += 1) pixels[middle + around[k]] = style.pixel;
    drawn += 1;
  }
  return drawn;
}

/** How far beyond its view a canvas reaches on every side, in CSS pixels: so far the map may be moved before it is drawn again. */
export const marginOf = (size) => Math.ceil(Math.min(MARGIN_MOST, MARGIN_SHARE * Math.max(size.x, size.y)));

/** Whether what was drawn around `drawn` (corner and zoom) still covers a view at `corner`. */
export function covers(drawn, corner, zoom) {
  return drawn?.zoom === zoom && Math.max(Math.abs(corner.x - drawn.x), Math.abs(corner.y - drawn.y)) <= drawn.margin;
}

/** Styles [{colour, size}] made ready for drawing at a pixel ratio. */
export const prepared = (styles, ratio) => styles.map(({ colour, size }) => ({ pixel: pixelOf(colour), stamp: stampOf(size * ratio) }));

/** Make the Leaflet layer class over Leaflet's `L`. */
export function pointFieldClass(L) {
  return L.Layer.extend({
    initialize(styles, paneName = "overlayPane") {
      this.L = L;
      this.styles = styles;
      this.table = new PointTable();
      this.paneName = paneName;
    },
    onAdd(map) {
      this.canvas = L.DomUtil.create("canvas", "point-field leaflet-zoom-hide");
      map.getPane(this.paneName).append(this.canvas);
      map.on("zoomend resize viewreset", this.later, this);
      map.on("move moveend", this.moved, this);
      this.later();
    },
    onRemove(map) {
      map.off("zoomend resize viewreset", this.later, this);
      map.off("move moveend", this.moved, this);
      this.canvas.remove();
    },
    setPoints(points) {
      this.table.set(points);
      this.later();
    },
    setClass(id, kind) {
      if (this.table.setClass(id, kind)) this.soon();
    },
    /** The pane carries the canvas along; it is drawn again only where its margin is used up. */
    moved() {
      if (!covers(this.around, this._map.getPixelBounds().min, this._map.getZoom())) this.later();
    },
    soon() {
      this.timer ??= setTimeout(() => { this.timer = null; this.later(); }, TURNED_EVERY_MS);
    },
    later() {
      if (this.waiting || !this._map) return;
      this.waiting = true;
      requestAnimationFrame(() => {
        this.waiting = false;
        if (this._map) this.draw();
      });
    },
    draw() {
      const map = this._map;
      const ratio = window.devicePixelRatio || 1;
      const { x, y } = map.getSize();
      if (!x || !y) return 0; // the map is hidden: it is drawn once it is shown
      const margin = marginOf(map.getSize());
      const size = map.getSize().add([2 * margin, 2 * margin]);
      const context = this.fit(Math.round(size.x * ratio), Math.round(size.y * ratio), size);
      this.L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([-margin, -margin]));
      const { min } = map.getPixelBounds();
      this.around = { x: min.x, y: min.y, zoom: map.getZoom(), margin };
      const view = { scale: 256 * 2 ** map.getZoom() * ratio, left: (min.x - margin) * ratio, top: (min.y - margin) * ratio };
      const { width, height } = this.image;
      this.pixels.fill(0);
      const drawn = drawPoints({ pixels: this.pixels, width, height }, this.table, view, prepared(this.styles, ratio));
      context.putImageData(this.image, 0, 0);
      this.after?.(context, { ...view, ratio, width, height });
      return drawn;
    },
    fit(width, height, size) {
      const context = this.canvas.getContext("2d");
      if (this.image?.width === width && this.image.height === height) return context;
      Object.assign(this.canvas, { width, height });
      Object.assign(this.canvas.style, { width: `${size.x}px`, height: `${size.y}px` });
      this.image = context.createImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
      return context;
    },
    /** The id of the point under a map event, if one is within `reachPx`. */
    at(event, reachPx = 8) {
      const scale = 256 * 2 ** this._map.getZoom();
      const [x, y] = project(event.latlng.lng, event.latlng.lat);
      return this.table.nearest(x, y, reachPx / scale);
    },
  });
}
