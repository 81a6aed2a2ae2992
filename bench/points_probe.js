// Drags a Leaflet map to and fro as a hand does, one step a frame, and notes when each frame began.
window.onenetPan = (map, seconds, step) =>
  new Promise((resolve) => {
    const box = map.getContainer().getBoundingClientRect();
    const at = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    const target = map.getContainer();
    const tell = (type, buttons) => target.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, clientX: at.x, clientY: at.y, button: 0, buttons }));
    const reach = box.width / 3;
    const frames = [];
    let way = 1;
    tell("mousedown", 1);
    const frame = (now) => {
      frames.push(now);
      at.x += way * step;
      at.y += way * step * 0.5;
      if (Math.abs(at.x - box.left - box.width / 2) > reach) way = -way;
      tell("mousemove", 1);
      if (now - frames[0] < seconds * 1000) return requestAnimationFrame(frame);
      tell("mouseup", 0);
      return resolve(frames);
    };
    requestAnimationFrame(frame);
  });

/** How many milliseconds until the layer draws a device as in alarm. */
window.onenetShown = (layer, id, patience) =>
  new Promise((resolve, reject) => {
    const begun = performance.now();
    const alarm = layer.styles.length - 1;
    const look = () => {
      const waited = performance.now() - begun;
      if (layer.table.kind[layer.table.index.get(id)] === alarm && !layer.timer && !layer.waiting) return resolve(waited);
      return waited > patience ? reject(new Error(`${id} is not shown as in alarm`)) : setTimeout(look, 20);
    };
    look();
  });

/** Put as many plain Leaflet circles, on Leaflet's own canvas, in the layer's place. */
window.onenetPlain = (map, layer) => {
  const { table, styles } = layer;
  layer.remove();
  const renderer = window.L.canvas();
  const circles = table.ids.map((_, i) => {
    const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * table.y[i]))) * 180) / Math.PI;
    return window.L.circleMarker([lat, (table.x[i] - 0.5) * 360], { renderer, radius: 3, weight: 1, color: styles[table.kind[i]].colour });
  });
  window.L.layerGroup(circles).addTo(map);
  const turn = (i, kind) => circles[i].setStyle({ color: styles[kind].colour });
  window.onenetTurning = () => turning(table.ids.length, styles.length, turn);
  window.onenetRepaint = () => timed(() => renderer._update());
};

/** Let twenty points a second stand otherwise, by `turn(i, kind)`; returns what stops it. */
const turning = (count, kinds, turn) => {
  let n = 0;
  const timer = setInterval(() => turn((n * 7919) % count, n++ % kinds), 50);
  return () => clearInterval(timer);
};

/** Milliseconds that drawing all points anew takes: the shortest of several, for others use the machine too. */
const timed = (draw) => {
  const took = [];
  for (let i = 0; i < 9; i += 1) {
    const begun = performance.now();
    draw();
    took.push(performance.now() - begun);
  }
  return Math.min(...took);
};

window.onenetOurs = (layer) => {
  const { table, styles } = layer;
  window.onenetRepaint = () => timed(() => layer.draw());
  window.onenetTurning = () => turning(table.ids.length, styles.length, (i, kind) => layer.setClass(table.ids[i], kind));
};
