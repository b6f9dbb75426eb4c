// Tabs that are links: HTMX swaps the list, this marks the tab whose list is shown and lets the arrow keys walk.
document.addEventListener("htmx:after:swap", (event) => {
  const tab = event.detail.ctx?.sourceElement;
  if (!tab?.matches("[role=tab]")) return;
  for (const other of tab.closest("[role=tablist]").querySelectorAll("[role=tab]")) {
    other.setAttribute("aria-selected", String(other === tab));
  }
  document.getElementById(tab.getAttribute("aria-controls"))?.setAttribute("aria-labelledby", tab.id);
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest("[role=tab]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !step) return;
  const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
  tabs.at((tabs.indexOf(tab) + step) % tabs.length).focus();
  event.preventDefault();
});
