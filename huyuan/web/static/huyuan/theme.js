// Sets light or dark before the first paint and when the reader chooses: light, dark, or as the device.
const root = document.documentElement;
const deviceIsDark = matchMedia("(prefers-color-scheme: dark)");
const applyTheme = () => {
  const chosen = localStorage.getItem("theme");
  root.dataset.bsTheme = chosen ?? (deviceIsDark.matches ? "dark" : "light");
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === (chosen ?? "auto")));
  }
  document.dispatchEvent(new CustomEvent("themechange"));
};
applyTheme();
deviceIsDark.addEventListener("change", applyTheme);
document.addEventListener("DOMContentLoaded", applyTheme);
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-theme-choice]")?.dataset.themeChoice;
  if (!choice) return;
  if (choice === "auto") localStorage.removeItem("theme");
  else localStorage.setItem("theme", choice);
  applyTheme();
});
