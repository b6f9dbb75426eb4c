// A decision puts the keyboard on the next comment at once; where none is left, on the line that says so. What an undo brings back
// (data-focus) gets the keyboard again.
const queue = document.querySelector("[data-queue]");

function neighbour(row) {
  const rows = [...queue.querySelectorAll(".queue-row")];
  const waiting = rows.filter((one) => one === row || !one.classList.contains("htmx-request"));
  const at = waiting.indexOf(row);
  return waiting[at + 1] ?? waiting[at - 1];
}

function focusOn(element) {
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: "nearest", behavior: "instant" });
}

if (queue) {
  document.addEventListener("htmx:before:request", (event) => {
    const row = event.target.closest(".queue-row");
    if (row) focusOn(neighbour(row));
  });
  document.addEventListener("htmx:after:swap", () => {
    const back = queue.querySelector("[data-focus]");
    if (back) {
      back.removeAttribute("data-focus");
      return focusOn(back);
    }
    if (document.activeElement !== document.body) return;
    focusOn(queue.querySelector(".queue-row") ?? document.getElementById("_queue_rest"));
  });
}
