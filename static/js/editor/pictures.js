// Choosing pictures of the media library: in the text and for the fields of the panel.
const dialog = document.getElementById("media-picker");
const place = dialog?.querySelector("[data-picker]");
let chosen = null;

function finish(picture) {
  dialog.close();
  chosen?.(picture);
  chosen = null;
}

/** Lets somebody choose or upload a picture. Resolves to {id, src, alt, width, height, caption, credit}, or null. */
export function choosePicture() {
  place.innerHTML = "";
  dialog.showModal();
  window.htmx.ajax("GET", "/desk/media/picker", { target: "#picker", swap: "innerHTML" });
  return new Promise((resolve) => (chosen = resolve));
}

export function preparePictures(form) {
  dialog?.addEventListener("close", () => finish(null), false);
  dialog?.addEventListener("click", (event) => {
    if (event.target.closest("[data-picker-close]")) finish(null);
    const button = event.target.closest("[data-picture]");
    if (button) finish({ ...button.dataset, id: button.dataset.picture });
  });
  form.addEventListener("click", async (event) => {
    const clear = event.target.closest("[data-clear]");
    const choose = event.target.closest("[data-choose]");
    if (clear) setField(form, clear.dataset.clear, null);
    if (!choose) return;
    const picture = await choosePicture();
    if (picture) setField(form, choose.dataset.choose, picture);
    choose.focus();
  });
}

function setField(form, name, picture) {
  const field = form.querySelector(`[data-picture-field="${name}"]`);
  const shown = field.querySelector("[data-picture-shown]");
  shown.replaceChildren();
  if (picture) {
    const image = new Image();
    image.src = picture.src;
    image.alt = picture.alt;
    shown.append(image, Object.assign(document.createElement("p"), { className: "soft", textContent: picture.alt || "No alt text yet" }));
  }
  field.querySelector("[data-clear]").hidden = !picture;
  const input = form.elements[name];
  input.value = picture?.id ?? "";
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
