// Asks now and then how many comments have come, while the page is seen; less and less often while none comes.
const [SHORTEST, LONGEST] = [30_000, 600_000];
let pause = SHORTEST, timer;

const place = () => document.querySelector("[data-new-comments]");

async function ask() {
  const box = place();
  if (!box) return;
  const seen = document.getElementById("discussion-total")?.dataset.total ?? 0;
  const before = box.textContent.trim();
  await htmx.ajax("GET", `${box.dataset.newComments}?seen=${seen}`, { target: box, swap: "innerHTML" }).catch(() => {});
  pause = box.textContent.trim() === before ? Math.min(LONGEST, pause * 1.5) : SHORTEST;
  wait();
}

function wait() {
  clearTimeout(timer);
  if (!document.hidden && place()) timer = setTimeout(ask, pause);
}

document.addEventListener("visibilitychange", () => {
  pause = SHORTEST;
  wait();
});
wait();
