// Answers and photos of a check travel one after the other while people go on: what was chosen or typed meanwhile stays on the page and
// travels next, what did not get through says so and goes again, and nobody signs while something is on its way.
const RETRY = 5000;
const sender = (event) => event.detail.requestConfig?.elt ?? event.detail.elt;
const travels = (form) => form?.matches?.("form[data-answer], form[data-new-photo]");
const again = (form) => { if (form.isConnected) htmx.trigger(form, "change"); };

// The page is brought up to date around what the person is at: their own entries win over what the server knew.
const entered = new WeakMap();
const overruled = new WeakSet();
const isNew = (field) => (field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
function remember(form) {
  const fields = [...form.elements].filter((field) => field.matches("input:not([type=hidden])"));
  const mine = !overruled.delete(form) && fields.some(isNew);
  const filled = fields.filter((field) => mine && (field.type !== "radio" || field.checked));
  entered.set(form, { revision: form.elements.base_revision.value, fields: filled.map((field) => [field.id, field.value]) });
}
function putBack(form) {
  const { revision, fields } = entered.get(form);
  for (const [id, value] of fields) {
    const field = document.getElementById(id);
    if (field?.type === "radio") field.checked = true;
    else if (field && field.value !== value) field.value = value;
  }
  // A page part made before another phone's answer was kept may arrive after it.
  const known = form.elements.base_revision;
  known.value = Math.max(Number(revision), Number(known.value));
}
const { callbacks } = Idiomorph.defaults;
Idiomorph.defaults.ignoreActiveValue = true;
callbacks.beforeNodeMorphed = (old) => { if (old.matches?.("form[data-answer]")) remember(old); };
callbacks.afterNodeMorphed = (old) => { if (old.matches?.("form[data-answer]")) putBack(old); };
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 409) overruled.add(sender(event));
});

// What is on its way, what did not arrive, and who waits for it.
const underway = new Set();
const sent = new WeakMap();
const chosen = (form) => form.elements.photo?.files[0];
let signing = null;
const unsent = (form) => form.querySelector("[data-unsent]");
const arrived = (xhr) => xhr.status >= 200 && xhr.status < 500 && xhr.status !== 401;
document.body.addEventListener("htmx:beforeSend", (event) => {
  const form = sender(event);
  if (!travels(form)) return;
  underway.add(form);
  sent.set(form, chosen(form));
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  const form = sender(event);
  if (!travels(form)) return;
  underway.delete(form);
  unsent(form).hidden = arrived(event.detail.xhr);
  if (unsent(form).hidden && form.matches("[data-new-photo]") && chosen(form) === sent.get(form)) form.reset();
  if (!unsent(form).hidden) {
    signing = null;
    setTimeout(() => { if (!unsent(form).hidden) again(form); }, RETRY);
  }
  // Something chosen meanwhile leaves only after this.
  setTimeout(() => { if (signing && !underway.size) signing.requestSubmit(); });
});
// On a self-check one thumb is enough: what is in order brings the next open item under it, at the end the signature.
const calm = matchMedia("(prefers-reduced-motion: reduce)");
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-onwards] form[data-answer] [type=radio]") || target.value === "no") return;
  const open = [...document.querySelectorAll("form[data-answer]")].filter((form) => !form.querySelector(":checked"));
  const after = open.find((form) => target.compareDocumentPosition(form) & Node.DOCUMENT_POSITION_FOLLOWING);
  const next = after ?? open[0] ?? document.querySelector("[data-signs]")?.closest(".card");
  next?.scrollIntoView({ block: "center", behavior: calm.matches ? "instant" : "smooth" });
});
addEventListener("online", () => {
  for (const words of document.querySelectorAll("[data-unsent]:not([hidden])")) again(words.closest("form"));
});
addEventListener("beforeunload", (event) => {
  if (underway.size || document.querySelector("[data-unsent]:not([hidden])")) event.preventDefault();
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-signs]")) return;
  const lost = document.querySelector("[data-unsent]:not([hidden])");
  if (!underway.size && !lost) return;
  event.preventDefault();
  if (lost) lost.scrollIntoView({ block: "center" });
  else signing = event.target;
}, true);
