import { withCaptionsBefore } from "./body.js";

// What word processors and other pages put on the clipboard, without what they mean by it: no styles, classes or ids.
const KEPT = { A: ["href"], IMG: [], TD: ["colspan", "rowspan"], TH: ["colspan", "rowspan", "scope"], OL: ["start"] };

// Styles and handlers would be refused, and reported, by the site's policy even in a page that nobody sees: under other
// names they can be read without harm.
function unhung(html) {
  const hung = /(<[^<>]*?\s)(style|on\w+)\s*=/gi;
  let text = html.replace(/<style[\s\S]*?<\/style>/gi, "");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(hung, "$1data-$2=");
  }
  return text;
}

export function cleanPaste(html) {
  const page = new DOMParser().parseFromString(unhung(html), "text/html");
  const isStyled = (element, pattern) => pattern.test(element.dataset.style ?? "");
  // What was copied out of this editor is as it should be.
  if (page.querySelector("[data-pm-slice]")) return html;
  for (const element of page.querySelectorAll("script,style,meta,link,title,iframe,object,form,input,button,o\\:p,img")) {
    element.remove();
  }
  for (const element of [...page.body.querySelectorAll("*")]) {
    const isBold = isStyled(element, /font-weight\s*:\s*(bold|[6-9]00)/i);
    const isItalic = isStyled(element, /font-style\s*:\s*italic/i);
    // Some editors wrap everything into a bold element that is not bold.
    if (element.matches("b,strong") && isStyled(element, /font-weight\s*:\s*normal/i)) element.replaceWith(...element.childNodes);
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
  return withCaptionsBefore(page.body).innerHTML;
}
