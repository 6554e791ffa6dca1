// The page for raising alarms: one second on a tile, then what has become of it, in three lights that are three things.
import { isFresh, keyOf, register } from "./press-key.js";
import { onHold } from "./press-hold.js";
import { compose, follow, isStored, keep, withdraw } from "./press-send.js";
import { all, get, put } from "./press-store.js";

const REGISTER = "/emergency/press-key/";
// If it is not stored by now, the numbers to call fill the screen.
const NUMBERS_AFTER = 5000;
const RESUMED = 12 * 3600 * 1000;
const TICK = 200;

let section = document.getElementById("press");
const find = (what) => section.querySelector(what);
const clock = (time) => new Date(time).toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
let key = null;
let record = null;

// The page as it was last seen with a connection is put back where there is none.
async function restore() {
  if (!("empty" in section.dataset)) {
    if (section.dataset.sign === "real") {
      await put("pages", { name: "press", html: section.outerHTML }).catch(() => {});
    }
    return true;
  }
  const kept = await get("pages", "press").catch(() => null);
  if (!kept) return false;
  const holder = document.createElement("template");
  holder.innerHTML = kept.html;
  section.replaceWith(holder.content);
  section = document.getElementById("press");
  return true;
}

const hint = (words) => { find("[data-hint]").textContent = words; };

function chosenSchool() {
  const field = find("[data-school]");
  const name = field.dataset.name ?? field.selectedOptions?.[0].textContent;
  return field.value ? { school: field.value, schoolName: name } : null;
}

function ready() {
  if (!chosenSchool()) {
    hint(section.dataset.pickSchool);
    find("[data-school]").focus();
    return false;
  }
  return true;
}

async function raise(button) {
  if (record || !ready()) return;
  navigator.vibrate?.(200);
  const { title, stops } = { title: button.dataset.title, stops: "stops" in button.dataset };
  const place = find("[data-place]").value.trim();
  record = await compose(key, { sign: section.dataset.sign, alarmClass: button.dataset.class, place, title, stops, ...chosenSchool() });
  await keep(record);
  begin();
}

function begin() {
  show();
  find("[data-what]").focus();
  follow(record, key, REGISTER, show);
}

function ask(button) {
  if (!ready()) return;
  const dialog = find("[data-ask]");
  find("[data-asked]").textContent = `${button.dataset.title} · ${chosenSchool().schoolName}`;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") raise(button); }, { once: true });
  dialog.showModal();
}

function light(name, time) {
  const row = find(`[data-light=${name}]`);
  row.toggleAttribute("data-on", Boolean(time));
  const words = time ? clock(time) : section.dataset.waits;
  const place = row.querySelector("[data-time]");
  if (place.textContent !== words) place.textContent = words;
}

function sentence() {
  const { unregistered, noNetwork } = section.dataset;
  if (record.fault) return record.fault;
  if (record.cancel?.refused) return record.cancel.refused;
  if (record.unregistered) return unregistered;
  return record.away ? noNetwork : record.answer?.sentence ?? "";
}

function secondsLeft() {
  const from = isStored(record) ? Date.parse(record.answer.received_at) : record.at;
  const skew = record.skew ?? 0;
  return Math.ceil((from + skew + section.dataset.cancelSeconds * 1000 - Date.now()) / 1000);
}

function show() {
  if (!record) return;
  const stored = isStored(record);
  const { answer } = record;
  // The phone's clock may be wrong: the seconds for withdrawing are counted from when the answer came.
  if (stored) record.skew ??= Date.now() - Date.parse(answer.received_at);
  find("[data-step=choose]").hidden = true;
  find("[data-step=sent]").hidden = false;
  find("[data-what]").textContent = `${record.title} · ${record.schoolName}`;
  light("stored", stored && answer.received_at);
  light("line", stored && answer.line_accepted_at);
  light("person", stored && answer.answered_at);
  const words = sentence();
  if (find("[data-sentence]").textContent !== words) find("[data-sentence]").textContent = words;
  find("[data-held]").hidden = answer?.state !== "held";
  const late = Date.now() - record.at >= NUMBERS_AFTER || record.refused || record.unregistered;
  find("[data-numbers]").hidden = stored || !late;
  for (const number of section.querySelectorAll("[data-of]")) number.hidden = number.dataset.of !== record.school;
  const left = secondsLeft();
  find("[data-cancel]").hidden = Boolean(record.cancel) || record.refused || left <= 0;
  find("[data-seconds]").textContent = `(${left} ${section.dataset.left})`;
  find("[data-goes-on]").hidden = record.stops;
  showRoom(stored && answer.incident);
}

function showRoom(incident) {
  const link = find("[data-to-room]");
  link.hidden = !incident || !section.dataset.room;
  if (!link.hidden) link.href = section.dataset.room.replace(/0{8}-0{4}-0{4}-0{4}-0{12}/, incident);
}

async function end() {
  record.over = true;
  await keep(record);
  record.wake?.();
  record = null;
  find("[data-step=sent]").hidden = true;
  find("[data-step=choose]").hidden = false;
}

async function cancel(reason) {
  if (!reason) {
    find("[data-reason]").focus();
    return;
  }
  await withdraw(record, key, reason);
  await keep(record);
  record.wake?.();
  show();
}

// A press that was on its way when the page closed goes on.
async function resume() {
  const kept = await all("presses").catch(() => []);
  const mine = kept.filter((one) => one.person === key.person && one.sign === section.dataset.sign);
  const open = mine.filter((one) => !one.over && Date.now() - one.at < RESUMED).sort((a, b) => b.at - a.at);
  if (!open.length || record) return;
  [record] = open;
  begin();
}

async function start() {
  if (!(await restore())) return;
  if (!window.crypto?.subtle) {
    hint(section.dataset.insecure);
    return;
  }
  key = await keyOf(section.dataset.person);
  for (const button of section.querySelectorAll("[data-class]")) {
    onHold(button, {
      press: () => raise(button),
      short: () => hint(section.dataset.tooShort),
      armed: () => hint(section.dataset.onceMore),
      ask: () => ask(button),
    });
  }
  find("[data-cancel]").addEventListener("submit", (event) => {
    event.preventDefault();
    cancel(find("[data-reason]").value.trim());
  });
  for (const button of section.querySelectorAll("[data-because]")) button.addEventListener("click", () => cancel(button.textContent.trim()));
  find("[data-over]").addEventListener("click", end);
  setInterval(show, TICK);
  section.dataset.ready = "";
  await resume();
  if ((key.token && isFresh(key)) || (await register(key, REGISTER))) section.dataset.registered = "";
}

await start();
