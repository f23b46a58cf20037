// Where there is no network a page says so. It is all that is kept here: no page of a store is.
const SHELF = "kept";
const PAGES = [{% for address in kept %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(PAGES.map((page) => new Request(page, { cache: "reload" })))));
  self.skipWaiting();
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const isPage = event.request.mode === "navigate";
  if (!isPage && !PAGES.includes(new URL(event.request.url).pathname)) return;
  event.respondWith(fetch(event.request).catch(async (trouble) => {
    const found = await caches.match(isPage ? PAGES[0] : event.request);
    if (found) return found;
    throw trouble;
  }));
});
