// Says how many comments are ticked. That the bar shows only then is CSS.
const queue = document.querySelector("[data-queue]");
const count = queue?.querySelector("[data-ticked]");

function say() {
  const number = queue.querySelectorAll("[name=comment]:checked").length;
  count.textContent = number ? `${number} ticked` : "Ticked";
}

if (count) {
  queue.addEventListener("change", say);
  queue.addEventListener("reset", () => setTimeout(say));
  document.addEventListener("htmx:after:swap", say);
  say();
}
