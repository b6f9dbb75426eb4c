// Keeps the page for journeys without network, and the articles that the reader has saved. The network always goes first,
// so nothing that is shown here is ever older than it must be. What is kept is what everybody sees: cookies stay out of it.
const CORE = "core-{{ version }}";
const SAVED = "saved";
const FILES = {{ kept|tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CORE)
      .then((cache) => cache.addAll(FILES.map((url) => new Request(url, { credentials: "omit", cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CORE && name !== SAVED).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (Array.isArray(event.data?.saved)) event.waitUntil(keep(event.data.saved));
});

async function keep(urls) {
  const cache = await caches.open(SAVED);
  const wanted = new Set(urls.map((url) => new URL(url, self.location.origin).href));
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
  for (const url of wanted) {
    if (new URL(url).origin !== self.location.origin) continue;
    const answer = await fetch(url, { credentials: "omit" }).catch(() => null);
    if (answer?.ok && !/private|no-store/.test(answer.headers.get("Cache-Control") ?? "")) await cache.put(url, answer);
    else if (answer && answer.status !== 200) await cache.delete(url);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept(request)));
  else if (FILES.includes(new URL(request.url).pathname)) event.respondWith(fetch(request).catch(() => caches.match(request)));
});

async function kept(request) {
  return (await caches.match(request, { ignoreSearch: true, ignoreVary: true })) ?? (await caches.match("/offline", { ignoreVary: true })) ?? Response.error();
}
