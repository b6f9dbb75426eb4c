// From an article's HTML to the editor's document and back. A block that would lose anything on the way is kept as it is.
import { DOMParser, DOMSerializer, Fragment } from "prosemirror-model";
import { schema } from "./schema.js";

const PAGE_BREAK = "<!--nextpage-->";
const STANDS_FOR = "<hr data-page-break>";
const parser = DOMParser.fromSchema(schema);
const serializer = DOMSerializer.fromSchema(schema);
const INLINE = "a,abbr,b,bdi,br,cite,code,del,dfn,em,i,img,ins,kbd,mark,q,s,samp,small,span,strong,sub,sup,time,u,var";

// A document that nobody sees: nothing that stands in it is loaded.
const aside = document.implementation.createHTMLDocument("");

function container(html) {
  const template = aside.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** Space that no reader sees goes: runs of it become one, and what stands between blocks is dropped. */
function tidied(root) {
  const walker = aside.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    const parent = text.parentElement;
    if (parent?.closest("pre")) continue;
    text.data = text.data.replace(/[ \t\r\n\f]+/g, " ");
    const isInline = (node) => node && (node.nodeType === Node.TEXT_NODE || node.matches?.(INLINE));
    if (!isInline(text.previousSibling) || text.previousSibling?.nodeName === "BR") text.data = text.data.replace(/^ /, "");
    if (!isInline(text.nextSibling) || text.nextSibling?.nodeName === "BR") {
      if (!parent || !parent.matches(INLINE) || text.nextSibling) text.data = text.data.replace(/ $/, "");
    }
    if (!text.data) text.remove();
  }
  return root;
}

/** What a reader sees of an element, in a form that can be compared: blocks nested, text as runs with their marks. */
export function canonical(element) {
  const runs = [];
  const add = (text, marks) => {
    const key = [...marks].sort().join("|");
    const last = runs.at(-1);
    if (last && last[0] === "text" && last[1] === key) last[2] += text;
    else runs.push(["text", key, text]);
  };
  const name = (one) => {
    const given = [...one.attributes].map(({ name, value }) => `${name}=${value}`).sort();
    return `${one.nodeName.toLowerCase()} ${given.join(" ")}`.trim();
  };
  const walk = (node, marks) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) add(child.data, marks);
      else if (child.nodeType !== Node.ELEMENT_NODE) continue;
      else if (child.matches("br,img")) runs.push([name(child), [...marks].sort().join("|")]);
      else if (child.matches(INLINE)) {
        // An empty one can be a place to jump to.
        if (!child.textContent && !child.querySelector("img,br")) runs.push([name(child)]);
        walk(child, [...marks, name(child)]);
      } else runs.push([name(child), canonical(child)]);
    }
  };
  walk(element, []);
  return JSON.stringify(runs);
}

function blocksOf(element) {
  const wrapper = aside.createElement("div");
  wrapper.append(element.cloneNode(true));
  try {
    const parsed = parser.parse(withCaptionsBefore(wrapper.cloneNode(true)), { preserveWhitespace: true });
    parsed.check();
    const back = tidied(toDom(parsed));
    if (canonical(back) === canonical(wrapper)) return parsed.content.content.map((node) => withCaption(node));
  } catch {
    // What cannot be read at all is kept as it is, too.
  }
  return [schema.node("raw", { html: element.outerHTML })];
}

/** The caption of each table stands before it, as the editor has them; pasted ones, too. */
export function withCaptionsBefore(root) {
  for (const table of root.querySelectorAll("table")) {
    const caption = table.querySelector(":scope > caption");
    if (!caption) continue;
    const box = table.ownerDocument.createElement("x-table");
    table.replaceWith(box);
    box.append(renamed(caption, "x-caption"), table);
    caption.remove();
  }
  return root;
}

function renamed(element, name) {
  const made = element.ownerDocument.createElement(name);
  for (const { name: key, value } of element.attributes) made.setAttribute(key, value);
  made.append(...element.childNodes);
  return made;
}

/** Every figure and every table has a place for a caption; an empty one is left out again on the way back. */
function withCaption(node, parent = null) {
  if (node.isLeaf || node.isTextblock) return node;
  const children = node.content.content.map((child) => withCaption(child, node));
  const { figure, captioned_table: box, figcaption, table, table_caption: caption } = schema.nodes;
  if (node.type === figure && node.lastChild.type !== figcaption) children.push(figcaption.create());
  const made = node.copy(Fragment.from(children));
  const isBare = node.type === table && ![figure, box].includes(parent?.type);
  return isBare ? box.create(null, [caption.create(), made]) : made;
}

/** The document for an article's HTML. */
export function parseBody(html) {
  const root = tidied(container(html.replaceAll(PAGE_BREAK, STANDS_FOR)));
  const blocks = [];
  let loose = "";
  const settle = () => {
    if (loose.trim()) blocks.push(schema.node("raw", { html: loose.trim() }));
    loose = "";
  };
  for (const child of root.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) loose += new XMLSerializer().serializeToString(child);
    else if (child.nodeType !== Node.ELEMENT_NODE) continue;
    else if (child.matches(INLINE)) loose += child.outerHTML;
    else {
      settle();
      blocks.push(...blocksOf(child));
    }
  }
  settle();
  return schema.node("doc", null, blocks.length ? blocks : [schema.node("paragraph")]);
}

function unwrap(element) {
  element.replaceWith(...element.childNodes);
}

function finishTable(table) {
  const body = table.querySelector(":scope > tbody");
  if (!("parts" in table.dataset)) unwrap(body);
  else {
    const rows = [...body.children];
    const end = rows.findIndex((row) => [...row.children].some((one) => one.nodeName !== "TH"));
    if (end > 0) {
      const head = aside.createElement("thead");
      head.append(...rows.slice(0, end));
      body.before(head);
    }
    if (!body.children.length) body.remove();
  }
  delete table.dataset.parts;
  const box = table.parentElement;
  if (box?.nodeName !== "X-TABLE") return;
  const caption = box.firstElementChild;
  if (caption.childNodes.length || caption.attributes.length) table.prepend(renamed(caption, "caption"));
  box.replaceWith(table);
}

function toDom(doc) {
  const root = aside.createElement("div");
  root.append(serializer.serializeFragment(doc.content, { document: aside }));
  for (const element of root.querySelectorAll("[data-tight]")) {
    delete element.dataset.tight;
    const first = element.firstElementChild;
    if (first?.nodeName === "P" && !first.attributes.length) unwrap(first);
  }
  for (const caption of root.querySelectorAll("figcaption:empty")) if (!caption.attributes.length) caption.remove();
  for (const table of root.querySelectorAll("table")) finishTable(table);
  for (const raw of root.querySelectorAll("x-raw")) raw.replaceWith(container(raw.getAttribute("html")));
  return root;
}

/** The HTML of a document, a block a line. */
export function serializeBody(doc) {
  const root = toDom(doc);
  for (const rule of root.querySelectorAll("hr[data-page-break]")) rule.replaceWith(aside.createComment("nextpage"));
  const only = doc.childCount === 1 && doc.firstChild.type.name === "paragraph" && !doc.firstChild.content.size;
  if (only) return "";
  return [...root.childNodes]
    .map((node) => (node.nodeType === Node.COMMENT_NODE ? PAGE_BREAK : (node.outerHTML ?? new XMLSerializer().serializeToString(node))))
    .join("\n");
}

/** What a reader sees of an article's HTML, for comparing two of them. */
export function seen(html) {
  const root = aside.createElement("div");
  root.append(tidied(container(html.replaceAll(PAGE_BREAK, STANDS_FOR))));
  return canonical(root);
}

/** How a text fares on its way through the editor: whether it stays the same, and how much was kept as it is. */
export function roundTrip(html) {
  const doc = parseBody(html);
  let raw = 0;
  doc.forEach((node) => (raw += node.type.name === "raw" ? 1 : 0));
  return { same: seen(serializeBody(doc)) === seen(html), blocks: doc.childCount, raw };
}

export function back(html) {
  return serializeBody(parseBody(html));
}
