// Language and theme: kept in cookies, so that the server draws the next page in them.

const YEAR_S = 365 * 24 * 3600;

const keep = (name, value) => {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
};

/** Speak the other language: the page is drawn anew. */
export function switchLanguage(spoken) {
  keep("onenet_language", spoken === "en" ? "zh" : "en");
  window.location.reload();
}

/** Change between dark and light at once; returns the new theme. */
export function switchTheme() {
  const theme = document.documentElement.dataset.theme === "light" ? "dark" : "light";
  document.documentElement.dataset.theme = theme;
  keep("onenet_theme", theme);
  return theme;
}

const SEAT = "onenet.seat";

/** The name of the desk this screen stands on, as its people wrote it; kept by the browser. */
export const seat = () => window.localStorage.getItem(SEAT) ?? "";

/** Name the desk this screen stands on. */
export const nameSeat = (name) => window.localStorage.setItem(SEAT, name.trim());

/** Leave: the session ends on the server. */
export async function signOut() {
  // A draft may name a caller: it goes with the session. What waits to be sent stays for whoever wrote it.
  sessionStorage.clear();
  await fetch("/signout", { method: "POST", credentials: "same-origin" }).catch(() => {});
  window.location.assign("/signin");
}
