// Where a reader came from, which goes with the view, and how far they read: which quarter of the text came into sight
// last. Only its number is sent, once the view was counted and the page is left or put aside. Nothing runs while
// somebody scrolls: the browser itself says when one of four blocks of text is there.
const BLOCKS = ".prose :is(p, li, dd, td, pre, h2, h3):not(.contents *, :has(p, li, pre))";
const read = new Map();

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (isView(ctx)) ctx.request.body.set("from", document.referrer.split("/")[2] ?? "");
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (isView(ctx) && ctx.response.raw.ok) watch(document.querySelector("article[data-article-id]"));
});
// From the next article, which counts its view by itself.
document.addEventListener("counted", (event) => watch(event.target));

const isView = (ctx) => /^\/articles\/\d+\/views$/.test(ctx?.request?.action);

function watch(article) {
  const { articleId, page = 1, pages = 1 } = article.dataset;
  if (read.has(articleId)) return;
  const blocks = [...article.querySelectorAll(BLOCKS)], quarters = new Map();
  const whole = blocks.reduce((sum, block) => sum + block.textContent.length, 0);
  let length = 0, last = Math.floor(4 * (page - 1) / pages);
  for (const block of blocks) {
    length += block.textContent.length;
    const quarter = Math.floor(4 * (page - 1 + length / whole) / pages);
    if (quarter > last) quarters.set(block, (last = quarter));
  }
  const note = { seen: 0, said: 0 };
  read.set(articleId, note);
  const sight = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) {
      note.seen = Math.max(note.seen, quarters.get(target));
      sight.unobserve(target);
    }
  }, { rootMargin: "0px 0px -10%" });
  for (const block of quarters.keys()) sight.observe(block);
}

function say() {
  for (const [id, note] of read) {
    const reached = new URLSearchParams({ reached: note.seen * 25 });
    if (note.seen > note.said && navigator.sendBeacon(`/articles/${id}/depth`, reached)) note.said = note.seen;
  }
}
addEventListener("pagehide", say);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && say());
