// Listens for new messages and refreshes the bell; says on every page that its reader is called to an alarm.
// After a break the server says what was missed.
const { stream, called } = document.body.dataset;
let wait = 1000;
async function showCall() {
  const bar = document.getElementById("called");
  const answer = await fetch(called, { headers: { "HX-Request": "true" }, cache: "no-store" });
  if (bar && answer.ok) bar.innerHTML = await answer.text();
}
function listen() {
  const source = new EventSource(stream, { withCredentials: true });
  source.addEventListener("open", () => { wait = 1000; });
  source.addEventListener("inbox", () => document.body.dispatchEvent(new CustomEvent("inbox")));
  source.addEventListener("called", () => { document.body.dispatchEvent(new CustomEvent("called")); showCall(); });
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(listen, wait);
    wait = Math.min(wait * 2, 60000);
  });
}
if (stream) listen();
