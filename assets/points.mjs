// PointField: tens of thousands of points as one canvas over typed arrays, instead of as many Leaflet objects.

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
  }

  /** Change one point's class; false where it is not known or nothing changed. */
  setClass(id, kind) {
    const i = this.index.get(id);
    if (i === undefined || this.kind[i] === kind) return false;
    this.kind[i] = kind;
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

/** Draw the points of one class; returns how many were in view. */
function drawClass({ pixels, width, height }, { x, y, kind }, { scale, left, top }, wanted, { pixel, stamp }) {
  const offsets = offsetsOf(stamp, width);
  const { reach } = stamp;
  const [right, bottom] = [width - reach, height - reach];
  let drawn = 0;
  for (let i = 0; i < x.length; i += 1) {
    if (kind[i] !== wanted) continue;
    const px = (x[i] * scale - left + 0.5) | 0;
    const py = (y[i] * scale - top + 0.5) | 0;
    if (px < reach || py < reach || px >= right || py >= bottom) continue;
    const middle = py * width + px;
    for (let k = 0; k < offsets.length; k += 1) pixels[middle + offsets[k]] = pixel;
    drawn += 1;
  }
  return drawn;
}

/**
 * Draw the table's points class by class, the last class on top; returns how many were in view.
 * Written straight into the pixels: without a graphics card that is twenty times faster than fillRect.
 */
export function drawPoints(picture, table, view, styles) {
  return styles.reduce((drawn, style, kind) => drawn + drawClass(picture, table, view, kind, style), 0);
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
      map.on("move moveend zoomend resize viewreset", this.later, this);
      this.later();
    },
    onRemove(map) {
      map.off("move moveend zoomend resize viewreset", this.later, this);
      this.canvas.remove();
    },
    setPoints(points) {
      this.table.set(points);
      this.later();
    },
    setClass(id, kind) {
      if (this.table.setClass(id, kind)) this.later();
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
      const size = map.getSize();
      const context = this.fit(Math.round(size.x * ratio), Math.round(size.y * ratio), size);
      this.L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
      const origin = map.getPixelBounds().min;
      const view = { scale: 256 * 2 ** map.getZoom() * ratio, left: origin.x * ratio, top: origin.y * ratio };
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
