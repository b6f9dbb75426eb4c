// HTMX would look at each link and form of the page in one long task, before a reader can do anything. What it has to
// make ready is named here, and done a few milliseconds at a time, so that a touch in between is answered.
const PIECES = "[hx-get], [hx-post]";
const AT_ONCE = 8;

document.addEventListener("htmx:before:process", (event) => {
  if (event.target !== document.body) return;
  event.preventDefault();
  const pieces = [...document.body.querySelectorAll(PIECES)];
  const some = () => {
    const end = performance.now() + AT_ONCE;
    while (pieces.length && performance.now() < end) htmx.process(pieces.shift());
    if (pieces.length) setTimeout(some);
  };
  some();
});
