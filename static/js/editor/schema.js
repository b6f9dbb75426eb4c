// What an article's text can be made of. Every node keeps the attributes that it came with, so that nothing is lost.
import { Schema } from "prosemirror-model";

const kept = { kept: { default: null } };

/** All attributes of an element but the named ones, or null. */
export function attributesOf(element, without = []) {
  const found = {};
  for (const { name, value } of element.attributes) {
    if (!without.includes(name) && !name.startsWith("data-pm") && name !== "contenteditable") found[name] = value;
  }
  return Object.keys(found).length ? found : null;
}

const BLOCKS = "P,H2,H3,H4,H5,H6,UL,OL,BLOCKQUOTE,PRE,TABLE,FIGURE,HR,DIV,DETAILS,ASIDE,SECTION,DL,AUDIO,VIDEO";

/** Whether an element's text begins without a paragraph around it, as in `<li>text</li>`. */
function isTight(element) {
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE && child.data.trim()) return true;
    if (child.nodeType === Node.ELEMENT_NODE) return !child.matches(BLOCKS);
  }
  return true;
}

// What is set as one thing, and changed as one.
const OWN = ".body-embed, .body-gallery, .body-cover, .body-media";

function holder(tag, spec) {
  return {
    ...spec,
    attrs: { ...kept, tight: { default: spec.tight ?? false } },
    parseDOM: [{ tag: tag === "div" ? `div:not(${OWN})` : tag, getAttrs: (element) => ({ kept: attributesOf(element), tight: isTight(element) }) }],
    toDOM: (node) => [tag, { ...node.attrs.kept, ...(node.attrs.tight ? { "data-tight": "" } : {}) }, 0],
  };
}

function cell(tag, role) {
  return {
    content: "block+",
    tableRole: role,
    isolating: true,
    attrs: { ...kept, tight: { default: true }, colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null } },
    parseDOM: [
      {
        tag,
        getAttrs: (element) => ({
          kept: attributesOf(element, ["colspan", "rowspan"]),
          tight: isTight(element),
          colspan: Number(element.getAttribute("colspan") || 1),
          rowspan: Number(element.getAttribute("rowspan") || 1),
        }),
      },
    ],
    toDOM: ({ attrs }) => [
      tag,
      {
        ...attrs.kept,
        ...(attrs.colspan > 1 ? { colspan: attrs.colspan } : {}),
        ...(attrs.rowspan > 1 ? { rowspan: attrs.rowspan } : {}),
        ...(attrs.tight ? { "data-tight": "" } : {}),
      },
      0,
    ],
  };
}

const SPANS = "abbr bdi cite del dfn ins kbd mark q s samp small span sub sup time u var".split(" ");

const nodes = {
  doc: { content: "block+" },
  paragraph: {
    group: "block",
    content: "inline*",
    attrs: kept,
    parseDOM: [{ tag: "p", getAttrs: (element) => ({ kept: attributesOf(element) }) }],
    toDOM: (node) => ["p", node.attrs.kept ?? {}, 0],
  },
  heading: {
    group: "block",
    content: "inline*",
    defining: true,
    attrs: { ...kept, level: { default: 2 } },
    parseDOM: [2, 3, 4, 5, 6].map((level) => ({
      tag: `h${level}`,
      getAttrs: (element) => ({ level, kept: attributesOf(element) }),
    })),
    toDOM: (node) => [`h${node.attrs.level}`, node.attrs.kept ?? {}, 0],
  },
  blockquote: holder("blockquote", { group: "block", content: "block+ quote_source?", defining: true }),
  quote_source: {
    content: "inline*",
    attrs: kept,
    parseDOM: [{ tag: "blockquote > cite", priority: 70, getAttrs: (element) => ({ kept: attributesOf(element) }) }],
    toDOM: (node) => ["cite", node.attrs.kept ?? {}, 0],
  },
  group: holder("div", { group: "block", content: "block+" }),
  bullet_list: {
    group: "block",
    content: "list_item+",
    attrs: kept,
    parseDOM: [{ tag: "ul", getAttrs: (element) => ({ kept: attributesOf(element) }) }],
    toDOM: (node) => ["ul", node.attrs.kept ?? {}, 0],
  },
  ordered_list: {
    group: "block",
    content: "list_item+",
    attrs: kept,
    parseDOM: [{ tag: "ol", getAttrs: (element) => ({ kept: attributesOf(element) }) }],
    toDOM: (node) => ["ol", node.attrs.kept ?? {}, 0],
  },
  list_item: holder("li", { content: "paragraph block*", defining: true, tight: true }),
  code_block: {
    group: "block",
    content: "text*",
    marks: "",
    code: true,
    defining: true,
    attrs: { ...kept, inner: { default: {} } },
    parseDOM: [
      {
        tag: "pre",
        preserveWhitespace: "full",
        getAttrs: (element) => {
          const code = element.children.length === 1 && element.firstElementChild.matches("code") && element.firstElementChild;
          return { kept: attributesOf(element), inner: code ? (attributesOf(code) ?? {}) : null };
        },
      },
    ],
    toDOM: ({ attrs }) => (attrs.inner ? ["pre", attrs.kept ?? {}, ["code", attrs.inner, 0]] : ["pre", attrs.kept ?? {}, 0]),
  },
  horizontal_rule: {
    group: "block",
    attrs: kept,
    parseDOM: [{ tag: "hr:not([data-page-break])", getAttrs: (element) => ({ kept: attributesOf(element) }) }],
    toDOM: (node) => ["hr", node.attrs.kept ?? {}],
  },
  page_break: {
    group: "block",
    atom: true,
    parseDOM: [{ tag: "hr[data-page-break]", priority: 60 }],
    toDOM: () => ["hr", { "data-page-break": "" }],
  },
  figure: {
    group: "block",
    content: "(picture | table | captioned_table | blockquote) figcaption?",
    isolating: true,
    attrs: kept,
    parseDOM: [{ tag: "figure", getAttrs: (element) => ({ kept: attributesOf(element) }) }],
    toDOM: (node) => ["figure", node.attrs.kept ?? {}, 0],
  },
  picture: {
    atom: true,
    attrs: { ...kept, link: { default: null } },
    parseDOM: [
      { tag: "figure > a > img", priority: 70, context: "figure/", getAttrs: (element) => ({ kept: attributesOf(element), link: attributesOf(element.parentElement) }) },
      { tag: "figure > img", priority: 70, context: "figure/", getAttrs: (element) => ({ kept: attributesOf(element) }) },
    ],
    toDOM: ({ attrs }) => (attrs.link ? ["a", attrs.link, ["img", attrs.kept ?? {}]] : ["img", attrs.kept ?? {}]),
  },
  figcaption: {
    content: "inline*",
    attrs: kept,
    parseDOM: [{ tag: "figcaption", getAttrs: (element) => ({ kept: attributesOf(element) }) }],
    toDOM: (node) => ["figcaption", node.attrs.kept ?? {}, 0],
  },
  // A table may hold rows only, so that its caption stands before it here; body.js puts it into the table again.
  captioned_table: { group: "block", content: "table_caption table", isolating: true, parseDOM: [{ tag: "x-table" }], toDOM: () => ["x-table", 0] },
  table_caption: {
    content: "inline*",
    attrs: kept,
    parseDOM: [{ tag: "x-caption", getAttrs: (element) => ({ kept: attributesOf(element) }) }],
    toDOM: (node) => ["x-caption", node.attrs.kept ?? {}, 0],
  },
  table: {
    group: "block",
    content: "table_row+",
    tableRole: "table",
    isolating: true,
    attrs: { ...kept, parts: { default: true } },
    parseDOM: [
      {
        tag: "table",
        getAttrs: (element) => ({
          kept: attributesOf(element),
          parts: Boolean(element.querySelector(":scope > thead, :scope > tbody")),
        }),
      },
      { tag: "caption", ignore: true },
    ],
    toDOM: ({ attrs }) => ["table", { ...attrs.kept, ...(attrs.parts ? { "data-parts": "" } : {}) }, ["tbody", 0]],
  },
  table_row: {
    content: "(table_cell | table_header)*",
    tableRole: "row",
    attrs: kept,
    parseDOM: [{ tag: "tr", getAttrs: (element) => ({ kept: attributesOf(element) }) }],
    toDOM: (node) => ["tr", node.attrs.kept ?? {}, 0],
  },
  table_cell: cell("td", "cell"),
  table_header: cell("th", "header_cell"),
  // What none of these can say without losing something: kept as it is.
  raw: { group: "block", atom: true, attrs: { html: {} }, toDOM: (node) => ["x-raw", { html: node.attrs.html }] },
  text: { group: "inline" },
  hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  image: {
    group: "inline",
    inline: true,
    attrs: kept,
    parseDOM: [{ tag: "img", getAttrs: (element) => ({ kept: attributesOf(element) }) }],
    toDOM: (node) => ["img", node.attrs.kept ?? {}],
  },
};

function spelling(name, first, second) {
  return {
    attrs: { tag: { default: first }, ...kept },
    parseDOM: [
      ...[first, second].map((tag) => ({ tag, getAttrs: (element) => ({ tag, kept: attributesOf(element) }) })),
      ...(name === "strong" ? [{ style: "font-weight", getAttrs: (value) => /^(bold|[6-9]00)$/.test(value) && null }] : []),
      ...(name === "em" ? [{ style: "font-style=italic" }] : []),
    ],
    toDOM: (mark) => [mark.attrs.tag, mark.attrs.kept ?? {}, 0],
  };
}

const marks = {
  link: {
    attrs: kept,
    inclusive: false,
    parseDOM: [{ tag: "a", getAttrs: (element) => ({ kept: attributesOf(element) }) }],
    toDOM: (mark) => ["a", mark.attrs.kept ?? {}, 0],
  },
  strong: spelling("strong", "strong", "b"),
  em: spelling("em", "em", "i"),
  code: {
    attrs: kept,
    parseDOM: [{ tag: "code", getAttrs: (element) => ({ kept: attributesOf(element) }) }],
    toDOM: (mark) => ["code", mark.attrs.kept ?? {}, 0],
  },
  span: {
    attrs: { tag: {}, ...kept },
    excludes: "",
    parseDOM: SPANS.map((tag) => ({ tag, getAttrs: (element) => ({ tag, kept: attributesOf(element) }) })),
    toDOM: (mark) => [mark.attrs.tag, mark.attrs.kept ?? {}, 0],
  },
};

export const schema = new Schema({ nodes, marks });
