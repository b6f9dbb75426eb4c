// Says so when no answer came to a comment: the text is still in the form, and sending it again never posts it twice.
const box = (event) => event.detail.ctx?.sourceElement?.closest?.("#_reply")?.querySelector("#reply-failed");

document.addEventListener("htmx:error", (event) => {
  const place = box(event);
  if (place && !event.detail.ctx.response) place.textContent = place.dataset.words;
});

document.addEventListener("htmx:before:request", (event) => {
  const place = box(event);
  if (place) place.textContent = "";
});
