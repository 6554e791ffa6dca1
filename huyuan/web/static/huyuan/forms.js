// What forms do on every page: send once, name their records, warn before typed words are lost, carry the token, hide what a choice leaves out.
// The token changes with every sign-in, in other tabs too; the cookie has the present one.
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
document.body.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.headers["X-CSRFToken"] = token();
  if (detail.parameters.csrfmiddlewaretoken) detail.parameters.csrfmiddlewaretoken = token();
});
// Refusals come as fragments with their own status; they belong on the page too, until they are read.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if ([400, 401, 403, 409, 413].includes(event.detail.xhr.status)) { event.detail.shouldSwap = true; event.detail.isError = false; }
});
document.addEventListener("click", (event) => { if (event.target.closest("[data-dismiss]")) document.getElementById("refusal").replaceChildren(); });

// A phone names what it begins, so that sending it again begins nothing twice.
for (const input of document.querySelectorAll("input[data-uuid]")) {
  if (window.crypto?.randomUUID) input.value = crypto.randomUUID();
}

// A form sends once; coming back to the page makes it ready again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  delete form.dataset.unsaved;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  form.querySelector("[type=submit]")?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

// Longer words that were typed and not sent are not lost by a slip of the thumb.
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[method=post]");
  if (form && event.target.matches("textarea")) form.dataset.unsaved = "yes";
});
addEventListener("beforeunload", (event) => { if (document.querySelector("[data-unsaved]")) event.preventDefault(); });

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

// A part of a form that belongs to one choice shows when it is chosen; without this it always shows.
for (const part of document.querySelectorAll("[data-only-when]")) {
  const [name, value] = part.dataset.onlyWhen.split("=");
  const choice = part.closest("form").elements[name];
  const follow = () => { part.hidden = choice.value !== value; };
  choice.addEventListener("change", follow);
  follow();
}
