// Buttons that open a sheet, and the switch in the sheet of keys.
document.addEventListener("click", (event) => {
  const id = event.target.closest("[data-opens]")?.dataset.opens;
  if (id) document.getElementById(id).showModal();
});

const keys = document.querySelector("[data-keys-switch]");

function show(areOff) {
  keys.textContent = areOff ? "Switch keys on" : "Switch keys off";
  keys.setAttribute("aria-pressed", String(areOff));
}

if (keys) {
  try {
    show(localStorage.getItem("keys") === "off");
    keys.addEventListener("click", () => {
      const areOff = localStorage.getItem("keys") !== "off";
      localStorage.setItem("keys", areOff ? "off" : "on");
      show(areOff);
    });
  } catch {
    // Without storage the choice could not be kept.
    keys.hidden = true;
  }
}
