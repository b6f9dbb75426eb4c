// The preview at a phone's or a desk's width.
const widths = document.querySelector("[data-preview-widths]");
const frame = document.querySelector("[data-preview-frame]");
widths?.addEventListener("change", (event) => frame.classList.toggle("is-phone", event.target.value === "phone"));
