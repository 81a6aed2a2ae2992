// A double click is one press: what a button does to the world is not done twice, and not done by the button that took its place meanwhile.

/** Buttons that do something; those that step on (a map's zoom, the next minute) may be pressed as fast as one likes. */
const DOES = "button.action, button.link, button.big, button.small, button[data-step]";

/** Say whether a click is the second (third…) of a quick series on a button that does something. */
export const isRepeat = ({ detail, target }) => detail > 1 && Boolean(target?.closest?.(DOES));

/** Hear clicks before anybody else and keep the repeated ones from everybody. */
export function onePress(root = document) {
  root.addEventListener("click", (event) => {
    if (!isRepeat(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
}
