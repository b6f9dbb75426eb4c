// A picture in the text, with the field for what somebody who cannot see it has to know.
export function pictureView(node, view, getPos) {
  const dom = document.createElement("div");
  dom.className = "editor-picture";
  dom.contentEditable = "false";
  const image = document.createElement("img");
  const label = document.createElement("label");
  const input = document.createElement("input");
  label.append("Alt text ", input);
  input.maxLength = 1000;
  input.placeholder = "What it shows";
  const show = () => {
    const kept = node.attrs.kept ?? {};
    image.src = kept.src ?? "";
    image.alt = kept.alt ?? "";
    if (input.value !== image.alt) input.value = image.alt;
    label.classList.toggle("is-empty", !image.alt);
  };
  input.addEventListener("change", () => {
    const kept = { ...node.attrs.kept, alt: input.value.trim() };
    view.dispatch(view.state.tr.setNodeMarkup(getPos(), null, { ...node.attrs, kept }));
  });
  input.addEventListener("input", (event) => event.stopPropagation());
  show();
  dom.append(image, label);
  return {
    dom,
    update(next) {
      if (next.type !== node.type) return false;
      node = next;
      show();
      return true;
    },
    stopEvent: (event) => label.contains(event.target),
    ignoreMutation: () => true,
    selectNode: () => dom.classList.add("is-selected"),
    deselectNode: () => dom.classList.remove("is-selected"),
  };
}
