// A block that is kept as it is: shown as readers see it, its HTML behind a button.
export function rawView(node, view, getPos) {
  const dom = document.createElement("div");
  dom.className = "editor-raw";
  const shown = document.createElement("div");
  const source = document.createElement("textarea");
  source.className = "editor-raw-source";
  source.setAttribute("aria-label", "HTML of this block");
  source.rows = 6;
  source.hidden = true;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--small", textContent: "HTML" });
  const show = (html) => {
    shown.innerHTML = html;
    source.value = html;
    // Links and players rest while the text is written.
    for (const link of shown.querySelectorAll("a,button,summary")) link.tabIndex = -1;
  };
  button.addEventListener("click", () => {
    source.hidden = !source.hidden;
    button.textContent = source.hidden ? "HTML" : "Done";
    if (!source.hidden) return source.focus();
    if (source.value === node.attrs.html) return view.focus();
    view.dispatch(view.state.tr.setNodeMarkup(getPos(), null, { html: source.value }));
    view.focus();
  });
  shown.addEventListener("click", (event) => event.preventDefault());
  show(node.attrs.html);
  dom.append(shown, button, source);
  return {
    dom,
    update(next) {
      if (next.type !== node.type) return false;
      node = next;
      show(node.attrs.html);
      return true;
    },
    stopEvent: (event) => source.contains(event.target) || button.contains(event.target),
    ignoreMutation: () => true,
    selectNode: () => dom.classList.add("is-selected"),
    deselectNode: () => dom.classList.remove("is-selected"),
  };
}
