// A like or a report that no answer came to: said below its comment, where the server says what it refuses.
document.addEventListener("htmx:error", (event) => {
  const { sourceElement, response } = event.detail.ctx ?? {};
  if (response || !sourceElement?.matches?.("[data-like], [data-flag]")) return;
  const words = document.createElement("p");
  words.className = "notice notice--danger";
  words.setAttribute("role", "alert");
  words.textContent = "No answer came. Look whether you are online, and try again.";
  sourceElement.closest(".comment").querySelector('[id^="flag-"]').replaceChildren(words);
});
