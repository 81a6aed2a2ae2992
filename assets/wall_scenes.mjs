// Which scene the wall shows: pinned by the address, or one after another until somebody chooses.

/** The scenes, in the order in which they follow each other. */
export const SCENES = ["overview", "incidents", "sensing", "coverage", "split"];
const SHORTEST_S = 10; // a map that is left sooner has not been seen
const USUAL_S = 60;

/** The scene the address asks for, the first where it asks for none. */
export function sceneOf(search) {
  const asked = new URLSearchParams(search).get("scene");
  return SCENES.includes(asked) ? asked : SCENES[0];
}

/** How many seconds each scene stays (`?cycle=30`), 0 where one is pinned; `?cycle` alone is a minute. */
export function cycleOf(search) {
  const asked = new URLSearchParams(search).get("cycle");
  if (asked === null) return 0;
  const seconds = Number(asked || USUAL_S);
  return Number.isFinite(seconds) && seconds > 0 ? Math.max(SHORTEST_S, seconds) : 0;
}

/** The address that opens the wall as it stands: what a wall that is started again finds. */
export const addressOf = ({ scene, every_s }) => (every_s ? `?scene=${scene}&cycle=${every_s}` : `?scene=${scene}`);

/** The wall's scenes, shown by `show`. */
export class Scenes {
  constructor({ search, show, remember }) {
    Object.assign(this, { show, remember, scene: sceneOf(search), every_s: cycleOf(search), stood_s: 0 });
  }

  /** A person chose: that scene stays. */
  pin(scene) {
    Object.assign(this, { scene, every_s: 0 });
    this.turn();
  }

  /** One after another from here on, or no longer. */
  toggleCycle() {
    this.every_s = this.every_s ? 0 : USUAL_S;
    this.turn();
  }

  /** Once a second; `held` while something has the wall that must not be turned away from. */
  tick(held) {
    if (!this.every_s || held) return;
    this.stood_s += 1;
    if (this.stood_s < this.every_s) return;
    this.scene = SCENES[(SCENES.indexOf(this.scene) + 1) % SCENES.length];
    this.turn();
  }

  turn() {
    this.stood_s = 0;
    this.show(this);
    this.remember(addressOf(this));
  }
}
