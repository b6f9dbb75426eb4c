// Tables: their captions, rows, columns and heads, and the ways of the keys through them.
import { Fragment, Slice } from "prosemirror-model";
import { Plugin, Selection, TextSelection } from "prosemirror-state";
import { ReplaceAroundStep } from "prosemirror-transform";
import { addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, goToNextCell, isInTable, selectedRect, TableMap, toggleHeader } from "prosemirror-tables";
import { schema } from "./schema.js";

const { nodes } = schema;

/** How deep the table around the cursor or the box around it lies; 0: the cursor is in none. */
function depthOfTable({ selection: { $from } }) {
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (node.type === nodes.table || (boxes(node) && holdsTable(node))) return depth;
  }
  return 0;
}

const boxes = (node) => node.type === nodes.captioned_table || node.type === nodes.figure;
const holdsTable = (node) => [nodes.table, nodes.captioned_table].includes(node.firstChild.type) || node.type === nodes.captioned_table;

export const isAtTable = (state) => depthOfTable(state) > 0;

function select(state, dispatch, at, direction) {
  dispatch?.(state.tr.setSelection(Selection.near(state.doc.resolve(at), direction)).scrollIntoView());
  return true;
}

/** From the cells to the caption, and from the caption to the first cell, whose words are chosen as `Tab` does it. */
function step(direction) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    for (let depth = depthOfTable(state); depth > 0 && $from.depth > 0; depth -= 1) {
      const box = $from.node(depth);
      if (!boxes(box)) continue;
      const next = box.maybeChild($from.index(depth) + direction);
      if (!next) continue;
      if (direction < 0) return select(state, dispatch, $from.before(depth + 1), direction);
      const { $from: first } = Selection.near(state.doc.resolve($from.after(depth + 1)), 1);
      dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, first.start(), first.end())).scrollIntoView());
      return true;
    }
    return false;
  };
}

/** The caption that a table has or could have. */
function toCaption(state, dispatch) {
  const { $from } = state.selection;
  for (let depth = depthOfTable(state); depth > 0; depth -= 1) {
    const box = $from.node(depth);
    if (box.type === nodes.captioned_table) return select(state, dispatch, $from.start(depth) + box.firstChild.nodeSize - 1, -1);
    if (box.type === nodes.figure && box.lastChild.type === nodes.figcaption) return select(state, dispatch, $from.end(depth) - 1, -1);
  }
  return false;
}

/** The whole table, with its caption and what is around both. */
function deleteTable(state, dispatch) {
  const { $from } = state.selection;
  let depth = depthOfTable(state);
  if (!depth) return false;
  while (depth > 1 && boxes($from.node(depth - 1))) depth -= 1;
  const tr = state.tr.delete($from.before(depth), $from.after(depth));
  dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(Math.min($from.before(depth), tr.doc.content.size)))).scrollIntoView());
  return true;
}

const KINDS = ["row", "column"];

/** Where the cells of the first row or column begin within a table. */
function firstCells(table, kind) {
  const map = TableMap.get(table);
  return map.cellsInRect({ left: 0, top: 0, right: kind === "row" ? map.width : 1, bottom: kind === "row" ? 1 : map.height });
}

/** Whether every cell of the first row, or of the first column, is a head. */
function hasHead(kind) {
  return (state) => {
    if (!isInTable(state)) return false;
    const { table } = selectedRect(state);
    return firstCells(table, kind).every((at) => table.nodeAt(at).type === nodes.table_header);
  };
}

/** A new row or column takes its part in the heads that the table has. */
function keepingHeads(command) {
  return (state, dispatch) => {
    const change = (tr) => {
      const { tableStart } = selectedRect(state);
      const table = tr.doc.nodeAt(tableStart - 1);
      for (const kind of KINDS.filter((one) => hasHead(one)(state))) {
        for (const at of firstCells(table, kind)) tr.setNodeMarkup(tableStart + at, nodes.table_header, table.nodeAt(at).attrs);
      }
      dispatch(tr);
    };
    return command(state, dispatch && change);
  };
}

const rowAfter = keepingHeads(addRowAfter);
const columnAfter = keepingHeads(addColumnAfter);

/** A new row with the cursor in its first cell. */
function rowBelow(state, dispatch) {
  if (!isInTable(state)) return false;
  const { tableStart, bottom, map } = selectedRect(state);
  return rowAfter(state, dispatch && ((tr) => {
    const table = tr.doc.nodeAt(tableStart - 1);
    let at = tableStart;
    for (let row = 0; row < Math.min(bottom, map.height); row += 1) at += table.child(row).nodeSize;
    dispatch(tr.setSelection(Selection.near(tr.doc.resolve(at + 1))));
  }));
}

export function newTable() {
  const text = (type, words) => type.create({ tight: true }, nodes.paragraph.create(null, words ? schema.text(words) : null));
  const head = nodes.table_row.create(null, ["First", "Second", "Third"].map((words) => text(nodes.table_header, words)));
  const row = () => nodes.table_row.create(null, [0, 1, 2].map(() => text(nodes.table_cell)));
  return nodes.captioned_table.create(null, [nodes.table_caption.create(), nodes.table.create({ parts: true }, [head, row(), row()])]);
}

export const tableCommands = {
  caption: toCaption,
  rowBefore: keepingHeads(addRowBefore),
  rowAfter,
  columnBefore: keepingHeads(addColumnBefore),
  columnAfter,
  rowDelete: deleteRow,
  columnDelete: deleteColumn,
  headerRow: toggleHeader("row", { useDeprecatedLogic: false }),
  headerColumn: toggleHeader("column", { useDeprecatedLogic: false }),
  tableDelete: deleteTable,
};

export const tablePressed = { headerRow: hasHead("row"), headerColumn: hasHead("column") };

const inCaption = (command) => (state, dispatch) => state.selection.$from.parent.type === nodes.table_caption && command(state, dispatch);

export const tableKeys = {
  tab: [goToNextCell(1), step(1)],
  shiftTab: [goToNextCell(-1), step(-1)],
  enter: inCaption(step(1)),
  modEnter: rowBelow,
  modShiftEnter: columnAfter,
};

/** A table that has come by the clipboard gets its place for a caption like every other. */
export const captionsForAll = new Plugin({
  appendTransaction(transactions, _before, state) {
    if (!transactions.some((one) => one.docChanged)) return null;
    const bare = [];
    state.doc.descendants((node, at, parent) => {
      if (node.type === nodes.table && !boxes(parent)) bare.push([at, at + node.nodeSize]);
      return !node.isTextblock;
    });
    const tr = state.tr;
    for (const [from, to] of bare.reverse()) {
      const box = nodes.captioned_table.create(null, nodes.table_caption.create());
      tr.step(new ReplaceAroundStep(from, to, from, to, new Slice(Fragment.from(box), 0, 0), box.nodeSize - 1, true));
    }
    return bare.length ? tr : null;
  },
});
