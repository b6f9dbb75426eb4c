// A long table is put in order by the head of a column; pressed again, the other way round. Equal rows keep their places.
const LONG = 8;
const words = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
const number = (text) => Number.parseFloat(text.replace(/[,\s\u00a0\u202f]/g, "").replace("−", "-"));

for (const table of document.querySelectorAll(".prose table")) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const body = table.tBodies[0];
  const isPlain = !table.querySelector("[colspan], [rowspan]") && table.tBodies.length === 1 && table.tHead?.rows.length === 1;
  if (!isPlain || body.rows.length < LONG) continue;
  heads.forEach((head, column) => {
    if (!head.textContent.trim()) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "sort-button" });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.ariaSort === "ascending";
      for (const other of heads) other.ariaSort = null;
      head.ariaSort = down ? "descending" : "ascending";
      const key = (row) => row.cells[column]?.textContent.trim() ?? "";
      const rows = [...body.rows];
      const numeric = rows.every((row) => !key(row) || !Number.isNaN(number(key(row))));
      const order = numeric ? (a, b) => (number(key(a)) || 0) - (number(key(b)) || 0) : (a, b) => words.compare(key(a), key(b));
      body.append(...rows.sort((a, b) => (down ? order(b, a) : order(a, b))));
    });
  });
}
