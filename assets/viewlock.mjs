// View-lock: the wall's map refits only when the set of incidents changes; any gesture locks it, one key releases it.

/** The lock before anything was seen. */
export const unlocked = () => ({ locked: false, seen: "" });

/** A name for a set of incidents, the same for the same set in any order. */
export const setName = (ids) => [...ids].sort().join(",");

/** A gesture: the person's own view stays. */
export const gesture = (lock) => ({ ...lock, locked: true });

/** The key: the view follows again, at once. */
export const release = () => unlocked();

/** Decide whether to refit for these incidents; returns the new lock and the verdict. */
export function follow(lock, ids) {
  const seen = setName(ids);
  const changed = seen !== lock.seen;
  return { lock: { ...lock, seen }, refit: changed && !lock.locked };
}

/** How long a view stays at least, so that its tiles are drawn before it moves on: a county in a storm must not have a black map. */
export const STAYS_MS = 10_000;

/** Say whether a view [west, south, east, north] serves a box: it holds all of it, and the box is not lost in it. */
export function serves(view, box, closest) {
  const holds = view[0] <= box[0] && view[1] <= box[1] && view[2] >= box[2] && view[3] >= box[3];
  const share = Math.max((box[2] - box[0]) / (view[2] - view[0]), (box[3] - box[1]) / (view[3] - view[1]));
  return holds && (closest || share > 1 / 3);
}
