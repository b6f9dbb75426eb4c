// The form opens below the comment; one listener for all of them, as for likes.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-flag]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const target = `#${link.dataset.flag}`;
  htmx.ajax("GET", link.getAttribute("href"), { source: link, target, swap: "innerHTML" });
});

// Cancel closes the form where it opened, and the focus goes back to the link that opened it.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-closes]");
  if (!link) return;
  event.preventDefault();
  const place = document.getElementById(link.dataset.closes);
  place.closest(".comment")?.querySelector("[data-flag]")?.focus();
  place.replaceChildren();
});
