// Opens what has room on a desk, and everything that belongs on paper while a page is printed.
if (matchMedia("(min-width: 62rem)").matches) for (const fold of document.querySelectorAll("details[data-open-on-desk]")) fold.open = true;

let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details[data-open-in-print]:not([open])")];
  for (const fold of opened) fold.open = true;
});
addEventListener("afterprint", () => { for (const fold of opened) fold.open = false; });
