// What word processors and other pages put on the clipboard, without what they mean by it: no styles, classes or ids.
const KEPT = { A: ["href"], IMG: [], TD: ["colspan", "rowspan"], TH: ["colspan", "rowspan", "scope"], OL: ["start"] };

export function cleanPaste(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  // What was copied out of this editor is as it should be.
  if (page.querySelector("[data-pm-slice]")) return html;
  for (const element of page.querySelectorAll("script,style,meta,link,title,iframe,object,form,input,button,o\\:p,img")) {
    element.remove();
  }
  for (const element of [...page.body.querySelectorAll("*")]) {
    const isBold = /^(bold|[6-9]00)$/.test(element.style?.fontWeight ?? "");
    const isItalic = element.style?.fontStyle === "italic";
    // Some editors wrap everything into a bold element that is not bold.
    if (element.matches("b,strong") && element.style?.fontWeight === "normal") element.replaceWith(...element.childNodes);
    else if (element.matches("span,font,div,section,article,center")) {
      if (isBold || isItalic) {
        const made = page.createElement(isBold ? "strong" : "em");
        made.append(...element.childNodes);
        element.replaceWith(made);
      } else if (element.matches("span,font")) element.replaceWith(...element.childNodes);
    } else if (element.matches("h1")) {
      const heading = page.createElement("h2");
      heading.append(...element.childNodes);
      element.replaceWith(heading);
    }
    for (const { name } of [...element.attributes]) {
      if (!KEPT[element.nodeName]?.includes(name)) element.removeAttribute(name);
    }
  }
  for (const link of page.querySelectorAll("a")) {
    if (!/^(https?:|mailto:|\/)/.test(link.getAttribute("href") ?? "")) link.replaceWith(...link.childNodes);
  }
  for (const paragraph of page.querySelectorAll("p")) {
    if (!paragraph.textContent.trim() && !paragraph.querySelector("img,br")) paragraph.remove();
  }
  return page.body.innerHTML;
}
