// The worker of /field: keeps the page's shell and the map tiles seen, so that both open where no network is.
// What people write and where they are never passes through here: the page keeps that itself.

const SHELL = "onenet-field-shell-1";
const TILES = "onenet-field-tiles-1";
const PATIENCE_MS = 4000;
const TILES_MOST = 400;

const within = (path, ...folders) => folders.some((folder) => path.startsWith(folder));

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("onenet-field-") && name !== SHELL && name !== TILES).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

// The page says what it was made of once it stands; before that this worker was not there to see it come.
self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keepAll(event.data.keep));
});

async function keepAll(addresses) {
  const cache = await caches.open(SHELL);
  await Promise.all(addresses.map(async (address) => {
    const path = new URL(address, self.location.origin).pathname;
    if (path !== "/field" && !within(path, "/assets/", "/fonts/")) return;
    const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
    if (answer?.ok && !answer.redirected) await cache.put(path, answer);
  }));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (address.pathname === "/field" || within(address.pathname, "/assets/", "/fonts/")) event.respondWith(newest(request, address.pathname));
  else if (within(address.pathname, "/tiles/")) event.respondWith(tile(request));
});

/** The network's answer, or where it does not come in time the one that was kept. */
async function newest(request, path) {
  const cache = await caches.open(SHELL);
  const asked = fetch(request).then((answer) => {
    // An opaque redirect leads to the sign-in page: it is passed on and never kept.
    if (answer.ok && answer.type === "basic" && !answer.redirected) cache.put(path, answer.clone());
    return answer;
  });
  asked.catch(() => {});
  const kept = await cache.match(path);
  if (!kept) return asked;
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS, kept); });
  return Promise.race([asked.catch(() => kept), late]);
}

/** A tile that was seen is shown at once; the oldest go when there are too many. */
async function tile(request) {
  const cache = await caches.open(TILES);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    const keys = await cache.keys();
    if (keys.length > TILES_MOST) await cache.delete(keys[0]);
  }
  return answer;
}
