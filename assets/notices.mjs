// Short notices at the foot of the page, told to screen readers too.

import { h } from "./dom.mjs";

const SHOWN_MS = 5000;

/** Make the place where notices appear; returns tell(text, kind). */
export function noticePlace(root = document.body) {
  const place = h("div", { class: "notices", role: "status", "aria-live": "polite" });
  root.append(place);
  return (text, kind = "ok") => {
    const notice = h("p", { class: `toast is-${kind}`, text });
    place.append(notice);
    setTimeout(() => notice.remove(), SHOWN_MS);
  };
}
