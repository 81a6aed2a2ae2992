// Keys: one table; what is typed into a field is never taken for a command.

import { h } from "./dom.mjs";
import { t } from "./words.mjs";

/** The desk's keys and what they are called; `name` is a word of `key.*` and an act of the desk. */
export const KEYS = [
  { keys: ["j", "ArrowDown"], shown: "j ↓", name: "next" },
  { keys: ["k", "ArrowUp"], shown: "k ↑", name: "previous" },
  { keys: ["Enter"], shown: "↵", name: "go" },
  { keys: ["n"], shown: "n", name: "report" },
  { keys: ["a"], shown: "a", name: "acknowledge" },
  { keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"], shown: "1–9", name: "action" },
  { keys: ["Escape"], shown: "Esc", name: "close" },
  { keys: ["/"], shown: "/", name: "command" },
  { keys: ["f"], shown: "f", name: "find" },
  { keys: ["x"], shown: "x", name: "pick" },
  { keys: ["Shift+ArrowDown", "J"], shown: "⇧↓", name: "pick_down" },
  { keys: ["Shift+ArrowUp", "K"], shown: "⇧↑", name: "pick_up" },
  { keys: ["A"], shown: "⇧a", name: "pick_all" },
  { keys: ["u"], shown: "u", name: "undo" },
  { keys: ["c"], shown: "c", name: "clear" },
  { keys: ["e"], shown: "e", name: "export" },
  { keys: ["s"], shown: "s", name: "shift" },
  { keys: ["y"], shown: "y", name: "warnings" },
  { keys: ["w"], shown: "w", name: "layout" },
  { keys: ["o"], shown: "o", name: "import" },
  { keys: ["r"], shown: "r", name: "fit" },
  { keys: ["b"], shown: "b", name: "close_road" },
  { keys: ["i"], shown: "i", name: "reach" },
  { keys: ["d"], shown: "d", name: "recommend" },
  { keys: ["v"], shown: "v", name: "cover" },
  { keys: ["g"], shown: "g", name: "unit" },
  { keys: ["m"], shown: "m", name: "mute" },
  { keys: ["t"], shown: "t", name: "theme" },
  { keys: ["l"], shown: "l", name: "language" },
  { keys: ["?"], shown: "?", name: "help" },
];

/** Say whether an element takes typed text. */
export const takesText = (element) => Boolean(element?.closest?.("input, textarea, select, [contenteditable]"));

/** The key row an event stands for; null where it is not ours. */
export function rowOf({ key, ctrlKey, metaKey, altKey, shiftKey, isComposing }) {
  if (ctrlKey || metaKey || altKey || isComposing) return null;
  const pressed = shiftKey && key.startsWith("Arrow") ? `Shift+${key}` : key;
  return KEYS.find((row) => row.keys.includes(pressed)) ?? null;
}

/** Hear keys for the whole page; `acts` is name to function, which returns false where it did nothing. */
export function hearKeys(acts, root = document) {
  root.addEventListener("keydown", (event) => {
    const row = rowOf(event);
    if (!row || (takesText(event.target) && row.name !== "close")) return;
    // Under an open sheet nothing is done; Escape shuts it, as the browser does by itself.
    if (row.name !== "help" && root.querySelector("dialog[open]")) return;
    // Enter on a button presses that button.
    if (row.name === "go" && event.target.closest?.("button, summary, a")) return;
    if (acts[row.name]?.(event.key) !== false) event.preventDefault();
  });
}

/** The sheet that lists every key. */
export function helpSheet() {
  const dialog = h("dialog", { class: "help", "aria-label": t("key.title") },
    h("h2", { text: t("key.title") }),
    h("dl", {}, KEYS.map((row) => [h("dt", {}, h("kbd", { text: row.shown })), h("dd", { text: t(`key.${row.name}`) })])),
    h("form", { method: "dialog" }, h("button", { class: "action main", text: t("form.close") })));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  return () => (dialog.open ? dialog.close() : dialog.showModal());
}
