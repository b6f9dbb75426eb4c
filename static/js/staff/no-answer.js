// Says so when a decision got no answer at all; what the site refuses it says itself.
document.addEventListener("htmx:error", () => {
  const toast = document.getElementById("toast");
  if (!toast) return;
  const note = document.createElement("p");
  note.className = "notice";
  note.textContent = "The site does not answer. Look at your connection and decide again.";
  toast.replaceChildren(note);
});
