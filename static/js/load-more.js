// "Load more" goes away with what it has loaded: the focus moves on to the first article that came.
let list, before;

document.addEventListener("htmx:before:swap", (event) => {
  const source = event.detail.ctx?.sourceElement;
  if (!source?.matches(".load-more")) return;
  list = document.querySelector(source.getAttribute("hx-target"));
  before = list?.children.length;
});

document.addEventListener("htmx:after:swap", () => {
  list?.children[before]?.querySelector("a")?.focus({ preventScroll: true });
  list = undefined;
});
