// A second of holding, by finger, mouse or key; by key also twice in a row; without either (a screen reader) a question.
const HOLD = 1000;
const TWICE = 6000;

export function onHold(button, { press, short, armed, ask }) {
  let timer = 0;
  let armedUntil = 0;
  let touched = 0;

  function begin() {
    button.dataset.holding = "";
    timer = setTimeout(() => { end(); press(); }, HOLD);
  }
  function end() {
    clearTimeout(timer);
    timer = 0;
    delete button.dataset.holding;
  }
  function letGo(then) {
    if (!timer) return;
    end();
    then();
  }

  button.addEventListener("pointerdown", (event) => {
    touched = Date.now();
    if (event.button === 0 && !timer) begin();
  });
  button.addEventListener("pointerup", () => { touched = Date.now(); letGo(short); });
  for (const kind of ["pointercancel", "pointerleave"]) button.addEventListener(kind, () => letGo(short));
  button.addEventListener("contextmenu", (event) => event.preventDefault());

  const isKey = ({ key }) => key === " " || key === "Enter";
  button.addEventListener("keydown", (event) => {
    if (!isKey(event)) return;
    event.preventDefault();
    if (event.repeat || timer) return;
    if (Date.now() < armedUntil) {
      armedUntil = 0;
      press();
    } else begin();
  });
  button.addEventListener("keyup", (event) => {
    if (!isKey(event)) return;
    event.preventDefault();
    letGo(() => { armedUntil = Date.now() + TWICE; armed(); });
  });
  button.addEventListener("blur", () => { end(); armedUntil = 0; });
  // Neither finger nor key came before: a screen reader acts for somebody.
  button.addEventListener("click", () => { if (Date.now() - touched > HOLD) ask(); });
}
