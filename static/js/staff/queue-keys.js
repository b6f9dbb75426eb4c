// One key a decision, as the sheet behind "?" lists them. They rest in fields, in the sheet, and when switched off.
const queue = document.querySelector("[data-queue]");

function areOff() {
  try {
    return localStorage.getItem("keys") === "off";
  } catch {
    return false;
  }
}

function current() {
  return document.activeElement.closest(".queue-row");
}

function step(by) {
  const rows = [...queue.querySelectorAll(".queue-row")];
  const at = rows.indexOf(current());
  const next = at < 0 ? rows.at(by > 0 ? 0 : -1) : rows[at + by];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest", behavior: "instant" });
}

// Where a key's button is: in the row under the keyboard; for decisions in the bar instead while anything is ticked.
function place(key) {
  if ("xrcgop".includes(key)) return current();
  if (!"asht".includes(key)) return document.querySelector("main");
  return queue.querySelector("[name=comment]:checked") ? queue.querySelector(".bulk") : current();
}

function press(key) {
  const close = document.querySelector("#drawer:not([hidden]) [data-drawer-close]");
  if (key === "Escape" && close) return close.click();
  const within = place(key);
  if (!within && "xashtrcgop".includes(key)) return step(1);
  const found = [...(within?.querySelectorAll("[data-key]") ?? [])].find((one) => one.dataset.key === key);
  if (found?.matches("[type=search]")) found.select();
  else found?.click();
}

function isField(element) {
  return element.matches("textarea, select, input:not([type=checkbox]), [contenteditable]");
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || areOff()) return;
  if (isField(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const steps = { j: 1, k: -1 };
  if (event.key in steps) step(steps[event.key]);
  else if (event.repeat || ![..."ashtuxrcgop/?", "Escape"].includes(event.key)) return;
  else press(event.key);
  event.preventDefault();
}

if (queue) document.addEventListener("keydown", onKey);
