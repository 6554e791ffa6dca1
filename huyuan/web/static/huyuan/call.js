// The page of somebody who is called: taps are kept until the server has them, the rest is asked for again and again.
const page = document.querySelector("[data-call]");
const live = document.getElementById("call-live");
const part = (what) => page.querySelector(what);
const QUEUE = `call-${page.dataset.call}`;
const EVERY = 4000;
const AGAIN = 3000;
const PATIENCE = 8000;
// A tap that has no answer after this long is said to be unsent; it may still get through.
const SLOW = 2000;
const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
const clock = () => new Date().toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
const read = () => JSON.parse(localStorage.getItem(QUEUE) ?? "[]");
const write = (taps) => localStorage.setItem(QUEUE, JSON.stringify(taps));
let sending = false;
let seenAt = clock();
let shown = "";

function swap(html) {
  if (shown === html) return;
  shown = html;
  const focused = document.activeElement?.id;
  const before = live.firstElementChild?.dataset.said;
  if (fence) page.append(fence);
  live.innerHTML = html;
  if (focused) document.getElementById(focused)?.focus();
  const { said } = live.firstElementChild.dataset;
  if (said !== before) part("[data-status]").textContent = said;
  showFence();
}

const ask = (address, more) => fetch(address, {
  headers: { "HX-Request": "true", "X-CSRFToken": csrf() }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...more,
});

function refuse(html) {
  const words = new DOMParser().parseFromString(html, "text/html").querySelector(".hy-refusal span")?.textContent ?? "";
  part("[data-refused]").textContent = words;
  part("[data-refused]").hidden = !words;
}

function showUnsent(hidden) {
  part("[data-unsent]").hidden = hidden;
  part("[data-which]").textContent = read().map(({ words }) => words).join("、");
}

// One after the other, in the order of the taps; what the server refuses is not sent again.
async function send() {
  if (sending) return;
  sending = true;
  const slow = setTimeout(() => showUnsent(false), SLOW);
  try {
    for (let taps = read(); taps.length; taps = read()) {
      const answer = await ask(taps[0].url, { method: "POST" });
      if (answer.status >= 500 || answer.status === 401) throw new Error(String(answer.status));
      write(read().slice(1));
      const html = await answer.text();
      if (answer.ok) swap(html);
      else refuse(html);
    }
    showUnsent(true);
  } catch {
    showUnsent(false);
    setTimeout(send, AGAIN);
  } finally {
    clearTimeout(slow);
    sending = false;
  }
}

function tap(url, words) {
  if (!read().some((one) => one.url === url)) write([...read(), { url, words }]);
  part("[data-refused]").hidden = true;
  send();
}

async function refresh() {
  if (document.visibilityState === "hidden" || sending || read().length) return;
  try {
    const answer = await ask(location.pathname);
    if (!answer.ok) throw new Error(String(answer.status));
    swap(await answer.text());
    seenAt = clock();
    part("[data-stale]").hidden = true;
  } catch {
    part("[data-seen-at]").textContent = seenAt;
    part("[data-stale]").hidden = false;
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-tap]")) return;
  event.preventDefault();
  tap(event.target.action, event.submitter?.getAttribute("aria-label") ?? event.submitter?.textContent.trim() ?? "");
});

// Arrival by position: compared here, between setting out and being there, and only the arrival is sent.
const NEAR = 150;
const VAGUE = 200;
const EARTH = 6371008.8;
const target = { lon: Number(page.dataset.lon), lat: Number(page.dataset.lat) };
const fence = part("[data-fence]");
let watching = null;

function metres(here) {
  const rad = (degrees) => (degrees * Math.PI) / 180;
  const east = rad(target.lon - here.longitude) * Math.cos(rad((target.lat + here.latitude) / 2));
  return EARTH * Math.hypot(east, rad(target.lat - here.latitude));
}

function stopWatching() {
  if (watching !== null) navigator.geolocation.clearWatch(watching);
  watching = null;
  part("[data-watch]").checked = false;
}

function showFence() {
  if (!fence) return;
  live.querySelector("[data-fence-place]")?.append(fence);
  fence.hidden = live.firstElementChild.dataset.phase !== "on_way" || !navigator.geolocation;
  if (fence.hidden) stopWatching();
}

function moved({ coords }) {
  const left = metres(coords);
  part("[data-no-position]").hidden = true;
  part("[data-distance]").textContent = `${Math.round(left)} m`;
  if (left > NEAR || coords.accuracy > VAGUE || watching === null) return;
  stopWatching();
  tap(new URL(page.dataset.arrive, location.href).href, fence.dataset.fence);
}

part("[data-watch]")?.addEventListener("change", ({ target: box }) => {
  part("[data-no-position]").hidden = true;
  if (!box.checked) {
    stopWatching();
    return;
  }
  // A position that is only missing for now may still come.
  const failed = (error) => {
    part("[data-no-position]").hidden = false;
    if (error.code === error.PERMISSION_DENIED) stopWatching();
  };
  watching = navigator.geolocation.watchPosition(moved, failed, { enableHighAccuracy: true, maximumAge: 5000 });
});

addEventListener("online", () => { send(); refresh(); });
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, EVERY);
showFence();
showUnsent(!read().length);
if (read().length) send();
