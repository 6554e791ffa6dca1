// The installed app: keeps the page for raising alarms ready, renews what this phone presses with, forgets it on signing out.
import { isFresh, register } from "./press-key.js";
import { all, clear } from "./press-store.js";

const RENEW = "/emergency/press-key/";

async function renew() {
  for (const key of await all("keys")) {
    if (key.token && !isFresh(key)) await register(key, RENEW);
  }
}

async function forget() {
  const presses = await all("presses");
  if (presses.some(({ over, answer }) => !over && !answer)) return;
  await Promise.all(["keys", "pages", "presses"].map(clear));
}

if (window.isSecureContext) {
  navigator.serviceWorker?.register("/sw.js").catch(() => {});
  renew().catch(() => {});
}
document.addEventListener("submit", ({ target }) => {
  if (new URL(target.action).pathname === "/account/logout/") forget().catch(() => {});
});
