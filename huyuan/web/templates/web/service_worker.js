// Keeps the page for raising alarms on the phone, without anything of anybody, and shows alarms while the app is closed.
const { press, shell, icon, files, titles } = JSON.parse("{{ told|escapejs }}");
const EDITION = "huyuan-{{ edition }}";
// After this long the kept page is shown: nobody waits for a network in an emergency.
const PATIENCE = 1500;

async function keep() {
  const cache = await caches.open(EDITION);
  await Promise.all([shell, ...files].map(async (address) => {
    const answer = await fetch(address, { credentials: "omit", cache: "reload" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }));
  await self.skipWaiting();
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== EDITION).map((name) => caches.delete(name)));
  await self.clients.claim();
}

const kept = (address) => caches.match(address, { ignoreVary: true });

// The real page while the server answers for it; the kept one when it is slow, away, or sends somebody to sign in.
async function pressPage(request) {
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE, null); });
  const fresh = fetch(request).then((answer) => (answer.ok || answer.status === 403 ? answer : null), () => null);
  return (await Promise.race([fresh, late])) ?? (await kept(shell)) ?? (await fresh) ?? Response.error();
}

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === press) event.respondWith(pressPage(request));
  else if (files.includes(pathname)) event.respondWith(kept(pathname).then((answer) => answer ?? fetch(request)));
});

self.addEventListener("push", (event) => {
  const { text = "", link = "/", sign = "real", page } = event.data?.json() ?? {};
  const vibrate = sign === "real" ? [600, 200, 600, 200, 600] : [200];
  const options = { body: text, tag: page, icon, data: { link }, requireInteraction: sign === "real", vibrate };
  event.waitUntil(self.registration.showNotification(titles[sign] ?? titles.real, options));
});

async function show(link) {
  const wanted = new URL(link, self.location.origin);
  const address = wanted.origin === self.location.origin ? wanted.href : "/";
  const [open] = await self.clients.matchAll({ type: "window" });
  const shown = await open?.navigate(address).catch(() => null);
  await (shown ? shown.focus() : self.clients.openWindow(address));
}
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data.link));
});
