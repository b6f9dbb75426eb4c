// One listener for every like of the page: hundreds of forms need not be made ready one by one before any is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-like]")) return;
  event.preventDefault();
  htmx.ajax("POST", form.getAttribute("action"), { source: form, event });
});
