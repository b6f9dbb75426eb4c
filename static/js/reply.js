// Replies in place: moves the one form under the comment that is answered, and back. Without this, the same links
// lead to pages with the form where it belongs.
const form = () => document.getElementById("_reply");
const home = () => document.querySelector("[data-reply-home]");

function place(id, name) {
  const box = form(), head = box.querySelector("#reply");
  box.querySelector("[name=parent]").value = id;
  box.querySelector("[type=submit]").textContent = id ? "Post reply" : "Post comment";
  for (const link of box.querySelectorAll("[data-reply-cancel], [data-reply-quote]")) link.hidden = !id;
  head.textContent = id ? "Reply to " : head.dataset.replyWords;
  if (id) head.append(Object.assign(document.createElement("bdi"), { textContent: name }));
  const comment = id && document.getElementById(`comment-${id}`);
  comment ? comment.after(box) : home().append(box);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-reply], [data-reply-cancel]");
  if (!link || !form() || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.reply) {
    place(link.dataset.reply, link.dataset.replyName);
    form().querySelector("textarea").focus();
  } else {
    const parent = form().querySelector("[name=parent]").value;
    place("", "");
    (document.querySelector(`[data-reply="${parent}"]`) ?? form().querySelector("textarea")).focus();
  }
});

// Quotes what is marked in the comment that is answered, or else its beginning.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-reply-quote]");
  const text = link && document.querySelector(`#comment-${form().querySelector("[name=parent]").value} .comment-text`);
  if (!text) return;
  event.preventDefault();
  const marked = getSelection(), box = form().querySelector("textarea");
  const words = (text.contains(marked.anchorNode) && marked.toString().trim()) || text.innerText.trim();
  const safe = words.slice(0, 400).replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
  box.setRangeText(`<blockquote>${safe}</blockquote>\n\n`, box.selectionStart, box.selectionEnd, "end");
  link.hidden = true;
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
});

// A list that is about to be replaced must not take the form, and what is typed in it, along.
document.addEventListener("htmx:before:swap", (event) => {
  if (form() && event.detail.tasks.some(({ target }) => target !== form() && target?.contains?.(form()))) place("", "");
});

document.addEventListener("htmx:after:swap", () => {
  if (form() && !form().querySelector("[name=parent]").value && !home().contains(form())) home().append(form());
});
