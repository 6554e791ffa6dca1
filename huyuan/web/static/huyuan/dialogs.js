// Menus that close by themselves, and the question before an act that cannot be taken back.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.hy-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.hy-menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});

const dialog = document.getElementById("confirm");
function ask(question, yes, goOn) {
  dialog.querySelector("#confirm-question").textContent = question;
  if (yes) dialog.querySelector("[value=yes]").textContent = yes;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") goOn(); }, { once: true });
  dialog.showModal();
}
// Heard before everything else, so that nothing takes the form as sent while the question stands.
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const question = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!dialog || !question || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(question, submitter?.textContent.trim(), () => {
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
  });
}, true);
document.body.addEventListener("htmx:confirm", (event) => {
  if (!dialog || !event.detail.question) return;
  event.preventDefault();
  const { question, elt, triggeringEvent } = event.detail;
  ask(question, (triggeringEvent?.submitter ?? elt).textContent.trim(), () => event.detail.issueRequest(true));
});
