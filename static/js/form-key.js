// Gives every comment form a random key of its own, so that two readers of one kept page are never taken for one
// who sends the form again. The form keeps it until it is replaced: a second try after a lost answer has the same key.
function give() {
  for (const input of document.querySelectorAll("[data-form-key]")) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    input.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    input.removeAttribute("data-form-key");
  }
}

give();
document.addEventListener("htmx:after:swap", give);
