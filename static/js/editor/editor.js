// The editor of an article's text. Without this script it is a textarea with HTML.
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { history } from "prosemirror-history";
import { inputRules, smartQuotes, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { EditorState } from "prosemirror-state";
import { tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { ask } from "./ask.js";
import { back, parseBody, roundTrip, serializeBody } from "./body.js";
import { commands, insertBlock, keys, linkAt, pressed, setLink } from "./commands.js";
import { prepareFields } from "./fields.js";
import { cleanPaste } from "./paste.js";
import { choosePicture, preparePictures } from "./pictures.js";
import { pictureView } from "./picture-view.js";
import { prepareSaving } from "./saving.js";
import { schema } from "./schema.js";
import { rawView } from "./raw.js";
import { captionsForAll, isAtTable } from "./tables.js";

const form = document.querySelector("[data-editor]");
// Tests ask how imported texts fare.
window.standfirstEditor = { back, roundTrip };

const { nodes } = schema;
const rules = inputRules({
  rules: [
    ...smartQuotes,
    wrappingInputRule(/^\s*([-*])\s$/, nodes.bullet_list),
    wrappingInputRule(/^1\.\s$/, nodes.ordered_list),
    wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
    textblockTypeInputRule(/^(#{2,4})\s$/, nodes.heading, (match) => ({ level: match[1].length })),
    textblockTypeInputRule(/^```$/, nodes.code_block),
  ],
});

function mount(source) {
  const toolbar = form.querySelector("[data-toolbar]");
  const tableTools = form.querySelector("[data-table-tools]");
  const isReading = "reading" in form.dataset;
  const place = document.createElement("div");
  source.after(place);
  const state = () => EditorState.create({ doc: parseBody(source.value), plugins: [rules, keymap({ ...keys, "Mod-k": () => act("link"), "Alt-F10": toTools }), history(), dropCursor(), gapCursor(), tableEditing(), captionsForAll] });
  const view = new EditorView(place, {
    state: state(),
    editable: () => !isReading,
    attributes: { id: "editor-body", class: "prose editor-prose", role: "textbox", "aria-multiline": "true", "aria-label": "Text", spellcheck: "true" },
    nodeViews: { raw: rawView, picture: pictureView },
    transformPastedHTML: cleanPaste,
    handlePaste: (target, event) => pasteAddress(target, event),
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction));
      if (transaction.docChanged) {
        source.value = serializeBody(view.state.doc);
        source.dispatchEvent(new Event("input", { bubbles: true }));
      }
      mark();
    },
  });

  function mark() {
    for (const button of toolbar.querySelectorAll("[data-command]")) {
      const says = pressed[button.dataset.command];
      if (says) button.setAttribute("aria-pressed", says(view.state));
    }
    tableTools.hidden = toolbar.hidden || place.hidden || !isAtTable(view.state);
    for (const button of tableTools.querySelectorAll("[data-command]")) {
      const { command } = button.dataset;
      button.disabled = !commands[command](view.state);
      if (pressed[command]) button.setAttribute("aria-pressed", pressed[command](view.state));
    }
  }

  function toTools() {
    (tableTools.hidden ? toolbar : tableTools).querySelector("button:enabled")?.focus();
    return true;
  }

  function act(name) {
    if (commands[name]) {
      commands[name](view.state, view.dispatch, view);
      view.focus();
    } else asks[name]?.();
    return true;
  }

  const asks = {
    async link() {
      const here = linkAt(view.state);
      if (!here) return tell("Choose the words that are to be a link first.");
      const href = await ask({ title: "Link", label: "Where it leads", value: here.href, button: "Set the link", canRemove: Boolean(here.href), check: (text) => (/^(https?:\/\/|mailto:|\/|#)\S+$/.test(text) ? "" : "Type a whole address, or a path such as /about/.") });
      if (href !== null) setLink(here, href)(view.state, view.dispatch);
      view.focus();
    },
    async embed() {
      const address = await ask({ title: "Embed a page of another site", label: "Its address", check: (text) => (/^https?:\/\/\S+$/.test(text) ? "" : "Paste the whole address.") });
      if (address) await embed(view, address);
      view.focus();
    },
    async figure() {
      const picture = await choosePicture();
      if (picture) insertBlock(figureOf(picture))(view.state, view.dispatch);
      view.focus();
    },
    async gallery() {
      const pictures = [];
      for (let picture = await choosePicture(); picture; picture = pictures.length < 9 ? await choosePicture() : null) pictures.push(picture);
      if (pictures.length) insertBlock(nodes.raw.create({ html: galleryOf(pictures) }))(view.state, view.dispatch);
      view.focus();
    },
    source() {
      const shows = source.hidden;
      source.hidden = !shows;
      place.hidden = shows;
      toolbar.querySelector("[data-command=source]").setAttribute("aria-pressed", shows);
      for (const button of toolbar.querySelectorAll("[data-command]:not([data-command=source])")) button.disabled = shows;
      if (!shows) view.updateState(state());
      mark();
      (shows ? source : view).focus();
    },
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-command]");
    if (button) act(button.dataset.command);
  });
  toolbar.parentElement.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !place.hidden) view.focus();
  });
  form.addEventListener("editor:refill", () => view.updateState(state()));
  source.hidden = true;
  source.labels[0].addEventListener("click", () => view.focus());
  document.querySelector("[data-plain]")?.remove();
  toolbar.hidden = isReading;
  mark();
}

function tell(words) {
  const line = document.querySelector("#state .editor-state > p");
  if (line) line.textContent = words;
}

function figureOf(picture) {
  const size = Number(picture.width) ? { width: picture.width, height: picture.height } : {};
  const words = [picture.caption, picture.credit].filter(Boolean).join(" ");
  return nodes.figure.create(null, [
    nodes.picture.create({ kept: { src: picture.file, alt: picture.alt, ...size } }),
    nodes.figcaption.create(null, words ? schema.text(words) : null),
  ]);
}

function galleryOf(pictures) {
  const root = document.createElement("figure");
  root.className = `body-gallery body-gallery-${Math.min(3, pictures.length)}`;
  for (const picture of pictures) {
    const image = document.createElement("img");
    image.setAttribute("src", picture.file);
    image.alt = picture.alt;
    if (Number(picture.width)) Object.assign(image, { width: picture.width, height: picture.height });
    const figure = document.createElement("figure");
    figure.append(image);
    if (picture.caption) figure.append(Object.assign(document.createElement("figcaption"), { textContent: picture.caption }));
    root.append(figure);
  }
  return root.outerHTML;
}

async function embed(view, address) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, address });
  const answer = await fetch("/desk/embeds", { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.ok) insertBlock(nodes.raw.create({ html: (await answer.text()).trim() }))(view.state, view.dispatch);
  else tell("This address cannot be embedded.");
}

/** An address of a player's site, pasted on a line of its own, becomes its card. */
function pasteAddress(view, event) {
  const text = event.clipboardData?.getData("text/plain").trim() ?? "";
  const { $from, empty } = view.state.selection;
  const isAlone = empty && $from.parent.type === nodes.paragraph && !$from.parent.content.size;
  const isPlayer = /^https:\/\/(www\.)?(youtube\.com\/watch|youtu\.be\/|vimeo\.com\/\d|soundcloud\.com\/|open\.spotify\.com\/)\S*$/.test(text);
  if (isAlone && isPlayer) embed(view, text);
  return isAlone && isPlayer;
}

if (form) {
  mount(form.elements.body);
  prepareFields(form);
  if (!("reading" in form.dataset)) {
    preparePictures(form);
    prepareSaving(form);
  }
}
