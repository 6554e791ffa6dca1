// Photos open large, with arrows to their neighbours; chosen photos are shown before they are sent.
const viewer = document.getElementById("photo-viewer");
let strip = [];
function show(photo) {
  const image = viewer.querySelector("img");
  image.src = photo.dataset.photo;
  image.alt = photo.querySelector("img").alt;
  viewer.querySelector("[data-photo-words]").textContent = image.alt;
  viewer.dataset.at = strip.indexOf(photo);
  for (const step of viewer.querySelectorAll("[data-photo-step]")) step.hidden = strip.length < 2;
}
function go(step) {
  if (strip.length) show(strip[(Number(viewer.dataset.at) + step + strip.length) % strip.length]);
}
document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-photo-step]");
  if (step) go(Number(step.dataset.photoStep));
  const photo = event.target.closest("[data-photo]");
  if (!photo || !viewer) return;
  event.preventDefault();
  strip = [...photo.closest(".hy-photos").querySelectorAll("[data-photo]")];
  show(photo);
  viewer.showModal();
});
viewer?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight") go(1);
  if (event.key === "ArrowLeft") go(-1);
});

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("input[type=file][data-photos]")) return;
  const place = input.parentElement;
  place.querySelector(".hy-photos")?.remove();
  const chosen = document.createElement("ul");
  chosen.className = "hy-photos";
  for (const file of input.files) {
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.addEventListener("load", () => URL.revokeObjectURL(image.src));
    image.alt = file.name;
    const item = document.createElement("li");
    item.className = "hy-photo";
    item.append(image);
    chosen.append(item);
  }
  place.append(chosen);
});
