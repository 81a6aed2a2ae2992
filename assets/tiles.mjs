// How the base map's tiles are asked for: which theme, how fine, and twice as large on a wall that is read across a room.

const FIRST_ZOOM = 6; // what the server paints from, on its grid of 512 px
const WALL_PX = 3000; // a wall this wide at one pixel per pixel is several screens, or 4K, and nobody sits before it

/** The tile address of a theme; Leaflet puts @2x for {r} on a fine screen. */
export const tilesFor = (template, theme) => template.replace("{theme}", theme).replace("{y}.png", "{y}{r}.png");

/** How tiles are laid: as the server made them, or, on a large coarse wall, as fine ones drawn at twice their size. */
export function layOf({ wall, width, ratio }) {
  const large = wall && ratio <= 1 && width >= WALL_PX;
  return large ? { tileSize: 1024, zoomOffset: -2, minNativeZoom: FIRST_ZOOM + 1, r: "@2x" } : { tileSize: 512, zoomOffset: -1, r: null };
}

/** Lay a Leaflet tile layer so; one that lies already is laid anew. */
export function lay(layer, { r, ...options }) {
  if (layer.options.tileSize === options.tileSize) return;
  const map = layer._map;
  layer.remove();
  Object.assign(layer.options, options);
  if (r) layer.setUrl(layer._url.replace("{r}", r), true);
  if (map) layer.addTo(map);
}
