// Runs before the first paint: the reader's own choice of light or dark, and what works here at all (scripts, the
// device's share sheet).
const root = document.documentElement;
root.dataset.script = "";
if (navigator.share) root.dataset.sharing = "";
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const size = localStorage.getItem("text-size");
  if (["1", "2", "3"].includes(size)) root.dataset.textSize = size;
  if (localStorage.getItem("next-card") === "dismissed") root.dataset.nextCard = "dismissed";
} catch {
  // Storage may be forbidden; the system's theme is right then.
}
