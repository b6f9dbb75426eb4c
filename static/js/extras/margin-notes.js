// Where there is a margin, a footnote also stands beside its line, as long as it runs into nothing that is there already.
const MARGIN = matchMedia("(width >= 75rem)");
const GAP = 24;
const text = document.querySelector("main > article > .prose");

function noteOf(mark) {
  const note = mark.hash && document.getElementById(decodeURIComponent(mark.hash.slice(1)));
  return note?.matches("li") && text.contains(note) ? note : null;
}

function aside(mark, note) {
  const beside = Object.assign(document.createElement("aside"), { className: "margin-note", inert: true });
  const number = Object.assign(document.createElement("b"), { textContent: mark.textContent });
  const copy = note.cloneNode(true);
  for (const back of copy.querySelectorAll(`a[href="#${CSS.escape(mark.id)}"], [id]`)) {
    if (back.matches("a")) back.remove();
    else back.removeAttribute("id");
  }
  beside.append(number, " ", copy.textContent.trim());
  return beside;
}

function place() {
  for (const old of text.querySelectorAll(".margin-note")) old.remove();
  if (!MARGIN.matches) return;
  const taken = [...text.querySelectorAll(".contents, .body-wide, .body-full, .body-pull")].map((one) => ({
    top: one.offsetTop,
    end: one.offsetTop + Math.max(one.offsetHeight, one.scrollHeight),
  }));
  for (const mark of text.querySelectorAll("sup a[href^='#'][id]")) {
    const note = noteOf(mark);
    const block = [...text.children].find((child) => child.contains(mark));
    if (!note || !block || block.contains(note)) continue;
    const beside = aside(mark, note);
    text.append(beside);
    const top = block.offsetTop;
    const end = top + beside.offsetHeight;
    beside.style.insetBlockStart = `${top}px`;
    if (taken.some((other) => other.top < end + GAP && other.end + GAP > top)) beside.remove();
    else taken.push({ top, end });
  }
}

if (text) {
  place();
  MARGIN.addEventListener("change", place);
  new ResizeObserver(place).observe(document.documentElement);
}
