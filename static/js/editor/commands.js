// What the toolbar and the keys do to the text.
import { baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { TextSelection } from "prosemirror-state";
import { schema } from "./schema.js";
import { newTable, tableCommands, tableKeys, tablePressed } from "./tables.js";

const { nodes, marks } = schema;

function isIn(state, type, attrs = {}) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth >= 0; depth -= 1) {
    const node = $from.node(depth);
    if (node.type === type) return Object.entries(attrs).every(([name, value]) => node.attrs[name] === value);
  }
  return false;
}

function quoteWith(kept) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    for (let depth = $from.depth; depth > 0; depth -= 1) {
      const node = $from.node(depth);
      if (node.type !== nodes.blockquote) continue;
      const isSame = (node.attrs.kept?.class ?? "") === (kept?.class ?? "");
      if (isSame) return lift(state, dispatch);
      dispatch?.(state.tr.setNodeMarkup($from.before(depth), null, { ...node.attrs, kept }));
      return true;
    }
    return wrapIn(nodes.blockquote, { kept })(state, dispatch);
  };
}

function list(type) {
  return (state, dispatch, view) => {
    const { $from } = state.selection;
    for (let depth = $from.depth; depth > 0; depth -= 1) {
      const node = $from.node(depth);
      if (node.type !== nodes.bullet_list && node.type !== nodes.ordered_list) continue;
      if (node.type === type) return liftListItem(nodes.list_item)(state, dispatch);
      dispatch?.(state.tr.setNodeMarkup($from.before(depth), type, node.attrs));
      return true;
    }
    return wrapInList(type)(state, dispatch, view);
  };
}

/** Puts a block where the cursor is, and the cursor behind it or into it. */
export function insertBlock(node, { goesInside = false } = {}) {
  return (state, dispatch) => {
    const { $to } = state.selection;
    const isEmpty = $to.parent.type === nodes.paragraph && !$to.parent.content.size && $to.depth === 1;
    const after = isEmpty ? $to.before(1) : $to.after(1);
    const tr = isEmpty ? state.tr.replaceWith(after, $to.after(1), node) : state.tr.insert(after, node);
    const end = after + node.nodeSize;
    if (end >= tr.doc.content.size) tr.insert(end, nodes.paragraph.create());
    tr.setSelection(TextSelection.near(tr.doc.resolve(goesInside ? after : end + 1)));
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

/** A footnote: its number where the cursor is, its text in the list at the end, where the cursor goes. */
function addNote(state, dispatch) {
  if (!state.selection.$from.parent.inlineContent) return false;
  const used = [];
  state.doc.descendants((node) => {
    const id = node.attrs.kept?.id ?? "";
    const match = /^a-note-(\d+)$/.exec(id);
    if (match) used.push(Number(match[1]));
  });
  const number = Math.max(0, ...used) + 1;
  const anchor = (id, href) => marks.link.create({ kept: { ...(id ? { id } : {}), href } });
  const sup = marks.span.create({ tag: "sup" });
  const back = schema.text("↩", [anchor("", `#a-noteref-${number}`)]);
  const item = nodes.list_item.create(
    { kept: { id: `a-note-${number}` }, tight: true },
    nodes.paragraph.create(null, [schema.text(" "), back]),
  );
  const tr = state.tr.insert(state.selection.to, schema.text(String(number), [sup, anchor(`a-noteref-${number}`, `#a-note-${number}`)]));
  const last = tr.doc.lastChild;
  const holdsNotes = last?.type === nodes.ordered_list && /^a-note-/.test(last.lastChild.attrs.kept?.id ?? "");
  let at = tr.doc.content.size;
  if (holdsNotes) tr.insert((at -= 1), item);
  else {
    tr.insert(at, [nodes.horizontal_rule.create(), nodes.ordered_list.create(null, item)]);
    at += 2;
  }
  tr.setSelection(TextSelection.create(tr.doc, at + 2));
  dispatch?.(tr.scrollIntoView());
  return true;
}

export const commands = {
  paragraph: setBlockType(nodes.paragraph),
  heading2: (state, dispatch) =>
    setBlockType(isIn(state, nodes.heading, { level: 2 }) ? nodes.paragraph : nodes.heading, { level: 2 })(state, dispatch),
  heading3: (state, dispatch) =>
    setBlockType(isIn(state, nodes.heading, { level: 3 }) ? nodes.paragraph : nodes.heading, { level: 3 })(state, dispatch),
  strong: toggleMark(marks.strong),
  em: toggleMark(marks.em),
  bullets: list(nodes.bullet_list),
  numbers: list(nodes.ordered_list),
  quote: quoteWith(null),
  pull: quoteWith({ class: "body-pull" }),
  table: insertBlock(newTable(), { goesInside: true }),
  note: addNote,
  code: (state, dispatch) =>
    state.selection.empty
      ? setBlockType(isIn(state, nodes.code_block) ? nodes.paragraph : nodes.code_block)(state, dispatch)
      : toggleMark(marks.code)(state, dispatch),
  rule: insertBlock(nodes.horizontal_rule.create()),
  undo,
  redo,
  ...tableCommands,
};

function hasMark(state, type) {
  const { from, $from, to, empty } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type);
}

/** Which buttons say something about the place where the cursor is. */
export const pressed = {
  paragraph: (state) => state.selection.$from.parent.type === nodes.paragraph && !isIn(state, nodes.list_item) && !isIn(state, nodes.blockquote),
  heading2: (state) => isIn(state, nodes.heading, { level: 2 }),
  heading3: (state) => isIn(state, nodes.heading, { level: 3 }),
  strong: (state) => hasMark(state, marks.strong),
  em: (state) => hasMark(state, marks.em),
  link: (state) => hasMark(state, marks.link),
  bullets: (state) => isIn(state, nodes.bullet_list),
  numbers: (state) => isIn(state, nodes.ordered_list),
  quote: (state) => isIn(state, nodes.blockquote) && !isPull(state),
  pull: (state) => isPull(state),
  code: (state) => isIn(state, nodes.code_block) || hasMark(state, marks.code),
  ...tablePressed,
};

function isPull(state) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type === nodes.blockquote) return $from.node(depth).attrs.kept?.class === "body-pull";
  }
  return false;
}

/** The link around the cursor or in the selection: its range and address, or null. */
export function linkAt(state) {
  const { from, to, empty, $from } = state.selection;
  if (!empty) {
    let href = "";
    state.doc.nodesBetween(from, to, (node) => (href ||= marks.link.isInSet(node.marks)?.attrs.kept?.href ?? ""));
    return { from, to, href };
  }
  const index = $from.parent.childAfter($from.parentOffset);
  const mark = index.node && marks.link.isInSet(index.node.marks);
  if (!mark) return null;
  const start = $from.start() + index.offset;
  return { from: start, to: start + index.node.nodeSize, href: mark.attrs.kept?.href ?? "" };
}

export function setLink({ from, to }, href) {
  return (state, dispatch) => {
    const tr = state.tr.removeMark(from, to, marks.link);
    if (href) tr.addMark(from, to, marks.link.create({ kept: { href } }));
    dispatch?.(tr);
    return true;
  };
}

const hardBreak = chainCommands(exitCode, (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
});

export const keys = {
  ...baseKeymap,
  "Mod-z": undo,
  "Mod-y": redo,
  "Mod-Shift-z": redo,
  "Mod-b": commands.strong,
  "Mod-i": commands.em,
  "Mod-Alt-0": commands.paragraph,
  "Mod-Alt-2": commands.heading2,
  "Mod-Alt-3": commands.heading3,
  "Shift-Enter": hardBreak,
  Enter: chainCommands(tableKeys.enter, splitListItem(nodes.list_item), leaveCaption, baseKeymap.Enter),
  "Mod-Enter": chainCommands(tableKeys.modEnter, baseKeymap["Mod-Enter"]),
  "Mod-Shift-Enter": tableKeys.modShiftEnter,
  "Mod-]": sinkListItem(nodes.list_item),
  "Mod-[": liftListItem(nodes.list_item),
  Tab: chainCommands(...tableKeys.tab),
  "Shift-Tab": chainCommands(...tableKeys.shiftTab),
};

/** In a caption, Enter goes on behind the figure. */
function leaveCaption(state, dispatch) {
  const { $from } = state.selection;
  if ($from.parent.type !== nodes.figcaption) return false;
  const after = $from.after(1);
  const tr = state.tr;
  if (after >= state.doc.content.size || tr.doc.resolve(after).nodeAfter?.type !== nodes.paragraph) tr.insert(after, nodes.paragraph.create());
  dispatch?.(tr.setSelection(TextSelection.near(tr.doc.resolve(after + 1))).scrollIntoView());
  return true;
}
