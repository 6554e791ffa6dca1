// The key of this phone: made here, never leaves it; the server signs a token that it belongs to a person.
import { get, put } from "./press-store.js";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };
const DAY = 24 * 3600 * 1000;
const PATIENCE = 10000;
const base64url = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

async function made(person) {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  return { person, privateKey, public_key: base64url(await crypto.subtle.exportKey("raw", publicKey)), token: "", renewed: 0 };
}

// A browser that keeps nothing has a key until its page closes; that is better than none.
export async function keyOf(person) {
  return (await get("keys", person).catch(() => null)) ?? made(person);
}

export async function signature(key, path, body) {
  const message = new TextEncoder().encode(`POST ${path}\n${body}`);
  return base64url(await crypto.subtle.sign(SIGNING, key.privateKey, message));
}

export const isFresh = (key) => Date.now() - key.renewed < DAY;

const ask = (key, address) => fetch(address, {
  method: "POST",
  headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(), "HX-Request": "true" },
  body: JSON.stringify({ public_key: key.public_key, label: label() }),
  signal: AbortSignal.timeout(PATIENCE),
});

function label() {
  const brands = navigator.userAgentData?.brands.map(({ brand }) => brand).filter((brand) => !/not/i.test(brand)) ?? [];
  const device = /\(([^;)]*;[^;)]*)/.exec(navigator.userAgent)?.[1].trim() ?? "";
  return [device, brands.at(-1)].filter(Boolean).join(" · ").slice(0, 60);
}

// Registers the key, or renews its token; a revoked key makes room for a new one. Says whether the phone can press now.
export async function register(key, address) {
  let answer = await ask(key, address).catch(() => null);
  if (answer?.status === 403 && key.token) {
    Object.assign(key, await made(key.person));
    answer = await ask(key, address).catch(() => null);
  }
  if (!answer?.ok) return false;
  const { token } = await answer.json();
  Object.assign(key, { token, renewed: Date.now() });
  await put("keys", key).catch(() => {});
  return true;
}
