// Escape puts the list of live results away, as leaving the search field does.
document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && event.target.closest?.(".search-box");
  const list = form && form.querySelector(".live-results");
  if (!list) return;
  list.remove();
  form.querySelector("input").focus();
});
