// The keys of a list of the desk: j and k go through its rows, and what has a key of its own is pressed by it. They
// rest in fields and dialogs, and where they were switched off (see the queue's own keys).
const isQueue = document.querySelector("[data-queue]");
const rows = () => [...document.querySelectorAll(".article-row .headline, .media-grid a")];

function isOff() {
  try {
    return localStorage.getItem("keys") === "off";
  } catch {
    return false;
  }
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isOff() || document.querySelector("dialog[open]")) return;
  if (event.target.matches("textarea, select, input:not([type=checkbox], [type=radio]), [contenteditable]")) return;
  const by = { j: 1, k: -1 }[event.key];
  if (by) {
    const links = rows();
    links[Math.max(0, links.indexOf(document.activeElement) + by)]?.focus();
    return;
  }
  const found = event.repeat || event.key.length > 1 ? null : document.querySelector(`main [data-key="${CSS.escape(event.key)}"]`);
  if (!found) return;
  event.preventDefault();
  if (found.matches("[type=search]")) found.select();
  else found.click();
}

if (!isQueue && document.querySelector(".desk")) document.addEventListener("keydown", onKey);
