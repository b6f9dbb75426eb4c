// The drawer beside the queue: what is loaded there gets the keyboard, and closing gives it back.
const drawer = document.getElementById("drawer");
let opener;

if (drawer) {
  document.addEventListener("htmx:before:request", (event) => {
    const link = event.target.closest?.('[hx-target="#drawer-in"]');
    if (link) opener = link.closest(".queue-row") ?? link;
  });
  document.addEventListener("htmx:after:swap", () => {
    drawer.hidden = !drawer.querySelector(".drawer-part");
    const head = drawer.querySelector("[data-focus]");
    if (!head) return;
    head.removeAttribute("data-focus");
    head.focus({ preventScroll: true });
    drawer.scrollTop = 0;
  });
  drawer.querySelector("[data-drawer-close]").addEventListener("click", () => {
    drawer.querySelector("#drawer-in").replaceChildren();
    drawer.hidden = true;
    opener?.focus();
  });
}
