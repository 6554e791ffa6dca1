// Carries one press to the server: the same signed bytes again and again until it is stored, then asks how far it has come.
import { register, signature } from "./press-key.js";
import { put } from "./press-store.js";

const PATH = "/alarm/press";
const EVERY = 1000;
const LATER = 5000;
const PATIENCE = 8000;
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
  const answer = await fetch(path, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...more });
  return { status: answer.status, said: await answer.json().catch(() => ({})) };
}

function next(record, key) {
  const own = `${PATH}/${record.identity}`;
  if (!record.answer) return ask(key, PATH, record);
  if (record.cancel && !record.cancel.done) return ask(key, `${own}/cancel`, record.cancel);
  return ask(key, own);
}

// What an answer means; a press that the server does not know any more is sent again.
function take(record, { status, said }) {
  const withdrawing = Boolean(record.answer) && record.cancel && !record.cancel.done;
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

async function step(record, key, address) {
  try {
    if (!key.token) record.unregistered = !(await register(key, address));
    const { status, said } = await next(record, key);
    record.away = status >= 500;
    if (status === 401) record.unregistered = !(await register(key, address));
    else {
      record.unregistered = false;
      take(record, { status, said });
    }
  } catch {
    record.away = true;
  }
}

function pause(record) {
  const settled = isStored(record) && (record.answer.answered_at || record.answer.cancelled_at || Date.now() - record.at > LIVELY);
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, settled ? LATER : EVERY);
    record.wake = () => { clearTimeout(timer); resolve(); };
    addEventListener("online", record.wake, { once: true });
  });
}

const plain = ({ wake, ...kept }) => kept;
export const keep = (record) => put("presses", plain(record)).catch(() => {});

export async function follow(record, key, address, changed) {
  while (!record.over && !record.refused) {
    await step(record, key, address);
    if (record.over) break;
    await keep(record);
    changed();
    if (!record.refused) await pause(record);
  }
  changed();
}
