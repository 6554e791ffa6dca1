// Keeps a live part of a page true: the stream says that something is new, the page asks what; clocks run between.
/* global Idiomorph, htmx */
const PAUSE = 400;
const words = (seconds) => {
  const whole = Math.floor(Math.abs(seconds));
  const rest = `${String(Math.floor(whole / 60) % 60).padStart(whole < 3600 ? 1 : 2, "0")}:${String(whole % 60).padStart(2, "0")}`;
  return whole < 3600 ? rest : `${Math.floor(whole / 3600)}:${rest}`;
};

// The clock of the database, whatever this device's own says.
let ahead = 0;
const setClock = (said) => { ahead = Date.parse(said) - Date.now(); };
const now = () => Date.now() + ahead;

function tick() {
  for (const one of document.querySelectorAll("[data-count-up]")) one.textContent = words(Math.max(0, (now() - Date.parse(one.dataset.countUp)) / 1000));
  for (const one of document.querySelectorAll("[data-count-down]")) {
    const left = (Date.parse(one.dataset.countDown) - now()) / 1000;
    one.textContent = left >= 0 ? words(Math.ceil(left)) : `${one.dataset.late} ${words(-left)}`;
    one.closest(".hy-tier")?.classList.toggle("hy-tier-late", left < 0);
  }
  for (const one of document.querySelectorAll("[data-wall-date]")) one.textContent = new Date(now()).toLocaleDateString(document.documentElement.lang, { dateStyle: "full", timeZone: one.dataset.zone });
  for (const one of document.querySelectorAll("[data-wall-clock]")) one.textContent = new Date(now()).toLocaleTimeString("zh-CN", { hour12: false, timeZone: one.dataset.zone });
}

// What somebody is filling in, has opened or drawn stays; everything else becomes what the server says.
const typedIn = (form) => [...form.elements].some((field) => field === document.activeElement || ("defaultValue" in field && field.type !== "hidden" && !["radio", "checkbox", "submit"].includes(field.type) && field.value !== field.defaultValue) || (["radio", "checkbox"].includes(field.type) && field.checked !== field.defaultChecked));
const keeping = {
  beforeNodeMorphed: (old) => !(old.nodeType === 1 && (old.matches("[data-incident-map]") || (old.matches("form") && typedIn(old)))),
  beforeAttributeUpdated: (name, node) => !(name === "open" && node.matches("details")),
};

class Live {
  constructor(element) {
    this.element = element;
    this.busy = false;
    this.again = false;
    setClock(element.dataset.clock);
    document.body.addEventListener("room", () => this.refresh());
    if (element.dataset.follow) this.follow();
    // Should a proxy swallow the stream, the page still asks now and then.
    setInterval(() => this.refresh(), element.dataset.follow ? 20000 : 60000);
  }

  get newest() { return this.element.querySelector("[data-newest]")?.dataset.newest ?? ""; }

  get delivered() { return this.element.querySelector("[data-delivered]")?.dataset.delivered ?? ""; }

  get warned() { return this.element.querySelector("[data-warned]")?.dataset.warned ?? ""; }

  // Opened anew, the page asks at once: whatever was said while the stream was lost is on the answer.
  follow() {
    const source = new EventSource(this.element.dataset.follow + (this.element.dataset.follow.includes("?") ? "&" : "?") + `after=${this.newest}`, { withCredentials: true });
    for (const kind of ["log", "alarms"]) source.addEventListener(kind, () => this.refresh());
    source.addEventListener("open", () => { this.linked(true); this.refresh(); });
    source.addEventListener("error", () => {
      this.linked(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.follow(), 3000);
    });
  }

  linked(held) {
    for (const one of document.querySelectorAll("[data-link]")) {
      const { linkHeld, linkLost } = one.parentElement.dataset;
      one.textContent = held ? linkHeld : linkLost;
    }
    this.element.classList.toggle("hy-lost", !held);
  }

  async refresh() {
    this.again = true;
    if (this.busy) return;
    this.busy = true;
    while (this.again) {
      this.again = false;
      await this.ask().catch(() => this.linked(false));
      await new Promise((wake) => setTimeout(wake, PAUSE));
    }
    this.busy = false;
  }

  async ask() {
    const after = "always" in this.element.dataset ? "" : `?after=${this.newest}&delivered=${this.delivered}&warned=${this.warned}`;
    const answer = await fetch(this.element.dataset.live + after, { headers: { "HX-Request": "true" }, cache: "no-store" });
    if (answer.status !== 200) return;
    Idiomorph.morph(this.element, (await answer.text()).trim(), { morphStyle: "innerHTML", callbacks: keeping });
    setClock(this.element.querySelector("[data-now]").dataset.now);
    htmx.process(this.element);
    tick();
    document.dispatchEvent(new CustomEvent("liveupdate"));
  }
}

// A small form that was taken is empty again.
document.body.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (target.matches(".hy-small-form") && detail.xhr.status === 204) { target.reset(); delete target.dataset.unsaved; }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).querySelector(".hy-statement-text").innerText);
  button.append(` · ${button.dataset.copied}`);
});

for (const element of document.querySelectorAll(".hy-live")) new Live(element);
tick();
setInterval(tick, 1000);
