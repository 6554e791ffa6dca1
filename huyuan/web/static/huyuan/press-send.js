// Carries one press to the server: the same signed bytes again and again until it is stored, then asks how far it has come.
import { register, signature } from "./press-key.js";
import { put } from "./press-store.js";

const PATH = "/alarm/press";
const EVERY = 1000;
const LATER = 5000;
// Without an answer for so long the same bytes are sent again; one that comes after it is still heard for a while.
const PATIENCE = 4000;
const LONGEST = 12000;
// After this long the answers change no more so quickly that they are asked for every second.
const LIVELY = 15 * 60 * 1000;
const FINAL = new Set([400, 403, 409, 411, 413]);

export const isStored = ({ answer }) => Boolean(answer) && answer.state !== "held";

export async function compose(key, { sign, school, alarmClass, place, ...shown }) {
  const identity = crypto.randomUUID();
  const source = matchMedia("(pointer: coarse)").matches ? "phone" : "desk";
  const said = { identity, school, sign, alarm_class: alarmClass, pressed_at: new Date().toISOString(), source, place };
  const body = JSON.stringify(said);
  return {
    identity, person: key.person, sign, school, body, signature: await signature(key, PATH, body), at: Date.now(),
    answer: null, fault: "", away: false, unregistered: false, cancel: null, over: false, ...shown,
  };
}

export async function withdraw(record, key, reason) {
  const body = JSON.stringify({ reason });
  record.cancel = { body, signature: await signature(key, `${PATH}/${record.identity}/cancel`, body), done: false };
}

async function ask(key, path, signed) {
  const headers = { Authorization: `Press ${key.token}`, "Accept-Language": document.documentElement.lang };
  const more = signed && { method: "POST", body: signed.body };
  if (signed) Object.assign(headers, { "Content-Type": "application/json", "Press-Signature": signed.signature });
  const answer = await fetch(path, { headers, cache: "no-store", signal: AbortSignal.timeout(LONGEST), ...more });
  return { status: answer.status, said: await answer.json().catch(() => ({})) };
}

// What is to be asked now, and whether it is the withdrawal.
function next(record, key) {
  const own = `${PATH}/${record.identity}`;
  if (!record.answer) return { asked: ask(key, PATH, record), withdrawing: false };
  if (record.cancel && !record.cancel.done) return { asked: ask(key, `${own}/cancel`, record.cancel), withdrawing: true };
  return { asked: ask(key, own), withdrawing: false };
}

// What an answer means; a press that the server does not know any more is sent again.
function take(record, { status, said, withdrawing }) {
  if (said.state) {
    record.answer = said;
    record.fault = "";
    if (withdrawing && status === 200) record.cancel.done = true;
  } else if (withdrawing && FINAL.has(status)) {
    record.cancel = { done: true, refused: said.sentence };
  } else if (status === 404) {
    record.answer = null;
  } else if (FINAL.has(status)) {
    Object.assign(record, { fault: said.sentence, refused: true });
  }
}

// What comes late says at most that the press has come further than is known by now.
function takeLate(record, said, changed) {
  if (!said.state || isStored(record)) return;
  Object.assign(record, { answer: said, fault: "", away: false });
  keep(record);
  changed();
}

// The answer; as from a server that is away when it does not come in time.
async function hear(record, key, changed) {
  const { asked, withdrawing } = next(record, key);
  let timer = 0;
  const patience = new Promise((resolve) => { timer = setTimeout(resolve, PATIENCE); });
  const heard = await Promise.race([asked, patience]).finally(() => clearTimeout(timer));
  if (heard) return { ...heard, withdrawing };
  asked.then(({ said }) => takeLate(record, said, changed), () => {});
  return { status: 504, said: {}, withdrawing: false };
}

async function step(record, key, address, changed) {
  try {
    if (!key.token) record.unregistered = !(await register(key, address));
    const heard = await hear(record, key, changed);
    record.away = heard.status >= 500;
    if (heard.status === 401) record.unregistered = !(await register(key, address));
    else {
      record.unregistered = false;
      take(record, heard);
    }
  } catch {
    record.away = true;
  }
}

function pause(record, began) {
  const settled = isStored(record) && (record.answer.answered_at || record.answer.cancelled_at || Date.now() - record.at > LIVELY);
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, began + (settled ? LATER : EVERY) - Date.now());
    record.wake = () => { clearTimeout(timer); resolve(); };
    addEventListener("online", record.wake, { once: true });
  });
}

const plain = ({ wake, ...kept }) => kept;
export const keep = (record) => put("presses", plain(record)).catch(() => {});

export async function follow(record, key, address, changed) {
  while (!record.over && !record.refused) {
    const began = Date.now();
    await step(record, key, address, changed);
    if (record.over) break;
    await keep(record);
    changed();
    if (!record.refused) await pause(record, began);
  }
  changed();
}
