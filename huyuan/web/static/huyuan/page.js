// Small behaviour shared by all pages; each part looks for its own data attribute.
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
document.body.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = token(); });
// Refusals come as fragments with their own status; they belong on the page too.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if ([400, 403, 409, 413].includes(event.detail.xhr.status)) { event.detail.shouldSwap = true; event.detail.isError = false; }
});

for (const button of document.querySelectorAll("[data-theme-choice]")) {
  button.addEventListener("click", () => {
    localStorage.setItem("theme", button.dataset.themeChoice);
    document.documentElement.dataset.bsTheme = button.dataset.themeChoice;
  });
}

// A phone names what it begins, so that sending it again begins nothing twice.
for (const input of document.querySelectorAll("input[data-uuid]")) {
  if (window.crypto?.randomUUID) input.value = crypto.randomUUID();
}

// A form sends once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  form.querySelector("[type=submit]")?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent));

// Menus close when the reader goes elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.hy-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.hy-menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});

// Photos open large.
document.addEventListener("click", (event) => {
  const photo = event.target.closest("[data-photo]");
  const viewer = document.getElementById("photo-viewer");
  if (!photo || !viewer) return;
  event.preventDefault();
  viewer.querySelector("img").src = photo.dataset.photo;
  viewer.querySelector("img").alt = photo.querySelector("img").alt;
  viewer.showModal();
});
document.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) event.target.closest("dialog").close(); });

// Chosen photos are shown before they are sent.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("input[type=file][data-photos]")) return;
  input.parentElement.querySelector(".hy-photos")?.remove();
  const strip = document.createElement("ul");
  strip.className = "hy-photos";
  for (const file of input.files) {
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    const item = document.createElement("li");
    item.className = "hy-photo";
    item.append(image);
    strip.append(item);
  }
  input.after(strip);
});

document.querySelector("[data-print]")?.addEventListener("click", () => print());
