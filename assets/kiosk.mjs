// A wall opens by itself: the token behind # goes to the server once, in a body, and the page becomes the wall.
// It imports nothing: a stranger may read it, and nothing else.

const AGAIN_MS = 5_000;

/** The token behind # of an address, "" where there is none. */
export const tokenOf = (hash) => (/^#(onw_[0-9A-Z]{26}_[0-9a-f]{64})$/.exec(hash)?.[1] ?? "");

/** What comes of an answer: open the wall, say no, or try again because nobody could answer. */
export function outcome(status) {
  if (status === 204) return "open";
  return status >= 400 && status < 500 && status !== 429 ? "refused" : "again";
}

/** Hand the token in; 0 where nothing answered. */
async function handIn(token, send) {
  try {
    const answer = await send("/kiosk", { method: "POST", body: new URLSearchParams({ token }), cache: "no-store" });
    return answer.status;
  } catch {
    return 0;
  }
}

/** Try until the server says yes or no; a wall that starts before its server waits for it. */
export async function openWall({ hash, search, send, say, go, wait }) {
  const token = tokenOf(hash);
  if (!token) return say("incomplete");
  for (;;) {
    const found = outcome(await handIn(token, send));
    // Replaced, so that neither the address nor the way back holds the token.
    if (found === "open") return go(`/wall${search}`);
    say(found === "again" ? "waiting" : found);
    if (found === "refused") return null;
    await wait(AGAIN_MS);
  }
}

function main() {
  const said = JSON.parse(document.getElementById("said").textContent);
  const place = document.getElementById("kiosk-state");
  const start = () => openWall({
    hash: window.location.hash,
    search: window.location.search,
    send: (...asked) => fetch(...asked),
    say: (key) => { place.textContent = said[key]; },
    go: (path) => window.location.replace(path),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  window.addEventListener("hashchange", start);
  start();
}

if (typeof document !== "undefined") main();
