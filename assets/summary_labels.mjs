// Names that lie over one another on the summary's map are pushed apart, each as little as it takes. Pure.

const TURNS = 60;
const GAP = 2;

/** How far each box must go from its middle `{ x, y, width, height }` until none covers another: `[dx, dy]` each. */
export function spread(boxes) {
  const moved = boxes.map(() => [0, 0]);
  for (let turn = 0; turn < TURNS; turn += 1) {
    let still = true;
    for (let i = 0; i < boxes.length; i += 1) {
      for (let j = i + 1; j < boxes.length; j += 1) still = !parted(boxes, moved, i, j) && still;
    }
    if (still) break;
  }
  return moved.map(([dx, dy]) => [Math.round(dx), Math.round(dy)]);
}

/** Push two boxes apart the shorter way, half each; say whether they had to be. */
function parted(boxes, moved, i, j) {
  const by = (axis, side) => {
    const apart = boxes[j][axis] + moved[j]["xy".indexOf(axis)] - boxes[i][axis] - moved[i]["xy".indexOf(axis)];
    return { over: (boxes[i][side] + boxes[j][side]) / 2 + GAP - Math.abs(apart), sign: apart < 0 ? -1 : 1 };
  };
  const [x, y] = [by("x", "width"), by("y", "height")];
  if (x.over <= 0 || y.over <= 0) return false;
  const [at, { over, sign }] = x.over < y.over ? [0, x] : [1, y];
  moved[i][at] -= (sign * over) / 2;
  moved[j][at] += (sign * over) / 2;
  return true;
}
