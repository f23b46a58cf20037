// Where there is no network a page says so, and what cannot wait is called out. No page of a store is kept here.
const SHELF = "kept";
const PAGES = [{% for address in kept %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(PAGES.map((page) => new Request(page, { cache: "reload" })))));
  self.skipWaiting();
});
// The browser asks for a page while this worker still wakes up, not after.
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), self.registration.navigationPreload?.enable()])));
// Woken without a word, it asks whoever is signed in here what there is to say.
async function tell() {
  let news = { words: "", path: "/", more: 0 };
  try {
    const answer = await fetch("{{ news|escapejs }}", { credentials: "same-origin", redirect: "error", headers: { "X-Live": "1" } });
    if (answer.ok) news = await answer.json();
  } catch {
    // Signed out, or no network: it says that there is something, and no more.
  }
  const more = news.more ? "{{ more|escapejs }}".replace("%(n)s", news.more) : "";
  await self.registration.showNotification(news.words || "Kept", {
    body: news.words ? more : "{{ waits|escapejs }}",
    tag: "kept",
    renotify: true,
    icon: "{{ icon|escapejs }}",
    data: news.path,
  });
}
self.addEventListener("push", (event) => event.waitUntil(tell()));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const [open] = await self.clients.matchAll({ type: "window" });
    if (!open) return self.clients.openWindow(event.notification.data);
    await open.focus();
    return open.navigate(event.notification.data);
  })());
});
// Whether the page without a network was shown last: what it is drawn with comes from the shelf. All else goes past this worker.
let away = false;
async function page(event) {
  try {
    const answer = (await event.preloadResponse) || (await fetch(event.request));
    away = false;
    return answer;
  } catch (trouble) {
    away = true;
    return (await caches.match(PAGES[0])) || Promise.reject(trouble);
  }
}
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate") event.respondWith(page(event));
  else if (away && PAGES.includes(new URL(event.request.url).pathname)) {
    event.respondWith(fetch(event.request).catch(async (trouble) => (await caches.match(event.request)) || Promise.reject(trouble)));
  }
});
