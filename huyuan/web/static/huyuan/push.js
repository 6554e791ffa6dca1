// The switch for alarms on this phone while the app is closed.
const box = document.querySelector("[data-push]");
const problem = document.querySelector("[data-push-problem]");
const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
const say = (name) => { problem.textContent = name ? problem.dataset[name] : ""; };
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

async function tell(method, said) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf(), "HX-Request": "true" };
  const answer = await fetch(box.dataset.push, { method, headers, body: JSON.stringify(said) });
  if (!answer.ok) throw new Error(String(answer.status));
}

async function begin(registration) {
  if ((await Notification.requestPermission()) !== "granted") {
    say("denied");
    return false;
  }
  const { key } = await (await fetch(box.dataset.push)).json();
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  await tell("POST", made);
  return true;
}

async function end(subscription) {
  await tell("DELETE", { endpoint: subscription.endpoint });
  await subscription.unsubscribe();
}

async function turn(registration) {
  say("");
  box.disabled = true;
  try {
    const subscription = await registration.pushManager.getSubscription();
    if (box.checked) box.checked = await begin(registration);
    else if (subscription) await end(subscription);
  } catch {
    box.checked = !box.checked;
    say("failed");
  } finally {
    box.disabled = false;
  }
}

async function start() {
  if (!navigator.serviceWorker || !("PushManager" in window)) {
    say("unsupported");
    return;
  }
  const registration = await navigator.serviceWorker.ready;
  box.checked = Boolean(await registration.pushManager.getSubscription());
  box.disabled = false;
  box.addEventListener("change", () => turn(registration));
}

await start();
