// The button that turns the page dark or light, whatever the system says, and remembers it in this browser only.
const button = document.querySelector("[data-theme-switch]");
const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : systemIsDark.matches;
}

function show() {
  button.setAttribute("aria-pressed", String(isDark()));
}

if (button) {
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    root.dataset.theme = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // It holds until the next page then.
    }
    show();
  });
  systemIsDark.addEventListener("change", show);
  show();
}
