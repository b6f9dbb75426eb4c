// The card that names the next article: sent away once, it stays away in this browser.
for (const button of document.querySelectorAll("[data-dismiss-card]")) {
  button.addEventListener("click", () => {
    document.documentElement.dataset.nextCard = "dismissed";
    try {
      localStorage.setItem("next-card", "dismissed");
    } catch {
      // It stays away on this page at least.
    }
  });
}
