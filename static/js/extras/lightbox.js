// Pictures of an article in full size: a button on each opens a dialog; arrows go on, Escape and a click close it.
const pictures = [...document.querySelectorAll("article[data-article-id] figure img")].filter((image) => !image.closest("a"));
let dialog, at = 0;

function largest(image) {
  const offered = [...(image.closest("picture")?.querySelectorAll("source") ?? [])].map((source) => source.srcset);
  const last = offered[0]?.split(",").pop().trim().split(" ")[0];
  return last ?? image.currentSrc ?? image.src;
}

function show(index) {
  at = (index + pictures.length) % pictures.length;
  const image = pictures[at], shown = dialog.querySelector("img");
  Object.assign(shown, { src: largest(image), alt: image.alt, width: image.getAttribute("width"), height: image.getAttribute("height") });
  const caption = image.closest("figure").querySelector("figcaption")?.textContent.trim() ?? "";
  dialog.querySelector("p").textContent = (pictures.length > 1 ? `${at + 1} of ${pictures.length}. ` : "") + caption;
}

function make() {
  dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  dialog.setAttribute("aria-label", "Picture");
  dialog.innerHTML =
    '<button type="button" data-step="0" autofocus>Close</button><img alt=""><p role="status"></p>' +
    '<button type="button" data-step="-1" aria-label="Previous picture">←</button><button type="button" data-step="1" aria-label="Next picture">→</button>';
  dialog.addEventListener("click", ({ target }) => {
    const step = Number(target.dataset.step ?? 0);
    step ? show(at + step) : target.tagName !== "P" && dialog.close();
  });
  dialog.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowLeft" || key === "ArrowRight") show(at + (key === "ArrowRight" ? 1 : -1));
  });
  dialog.addEventListener("close", () => pictures[at].closest("figure").querySelector(".enlarge")?.focus());
  document.body.append(dialog);
  for (const button of dialog.querySelectorAll("[aria-label$=picture]")) button.hidden = pictures.length < 2;
}

for (const [index, image] of pictures.entries()) {
  const figure = image.closest("figure");
  if (figure.querySelector(".enlarge")) continue;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "enlarge" });
  button.setAttribute("aria-label", image.alt ? `Enlarge: ${image.alt}` : "Enlarge the picture");
  button.addEventListener("click", () => {
    if (!dialog) make();
    show(index);
    dialog.showModal();
  });
  figure.append(button);
}
