// The sheet of sections opens and closes by itself (it is a popover); this keeps the focus with it.
const sheet = document.querySelector("nav[popover]");

if (sheet) {
  sheet.addEventListener("toggle", (event) => {
    document.documentElement.classList.toggle("has-sheet", event.newState === "open");
    if (event.newState === "open") sheet.querySelector("button")?.focus();
  });
  sheet.addEventListener("focusout", (event) => {
    const outside = event.relatedTarget && !sheet.contains(event.relatedTarget);
    if (outside && sheet.matches(":popover-open")) sheet.hidePopover();
  });
}
