// The button that makes texts larger, in four steps and round again; kept in this browser only. The step is set before
// the first paint by theme/theme.js.
const STEPS = ["normal", "large", "larger", "largest"];
const button = document.querySelector("[data-text-size-switch]");
const root = document.documentElement;

function show(step) {
  button.querySelector("[data-words]").textContent = `Text size: ${STEPS[step]}`;
}

if (button) {
  const current = () => Number(root.dataset.textSize ?? 0);
  button.addEventListener("click", () => {
    const step = (current() + 1) % STEPS.length;
    if (step) root.dataset.textSize = step;
    else delete root.dataset.textSize;
    try {
      if (step) localStorage.setItem("text-size", step);
      else localStorage.removeItem("text-size");
    } catch {
      // It holds until the next page then.
    }
    show(step);
  });
  show(current());
}
