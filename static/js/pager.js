// A pager that is replaced with its list takes the focus along: it goes to the same link of the new one, or where the
// list ends to the other.
let link;

document.addEventListener("htmx:before:swap", (event) => {
  const source = event.detail.ctx?.sourceElement;
  if (source?.matches(".pager a")) link = source;
});

document.addEventListener("htmx:after:swap", () => {
  if (!link || link.isConnected) return;
  const links = [...document.querySelectorAll(`${link.getAttribute("hx-target")} .pager a`)];
  (links.find(({ rel }) => rel === link.rel) ?? links[0])?.focus({ preventScroll: true });
  link = undefined;
});
