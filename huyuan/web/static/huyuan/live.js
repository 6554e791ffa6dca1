// Listens for new messages and refreshes the bell; after a break the server says what was missed.
const stream = document.body.dataset.stream;
let wait = 1000;
function listen() {
  const source = new EventSource(stream, { withCredentials: true });
  source.addEventListener("open", () => { wait = 1000; });
  source.addEventListener("inbox", () => document.body.dispatchEvent(new CustomEvent("inbox")));
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(listen, wait);
    wait = Math.min(wait * 2, 60000);
  });
}
if (stream) listen();
