// While the queue is seen, what others decide leaves it by itself, and the numbers follow.
const queue = document.querySelector("[data-queue]");
const EVERY = 10_000;

async function ask() {
  const mark = document.getElementById("_changes");
  if (!document.hidden && mark) {
    const shown = [...queue.querySelectorAll(".queue-row")].map((row) => row.id.replace("comment-", ""));
    const query = new URLSearchParams({ after: mark.dataset.after, status: queue.dataset.queue, shown: shown.join() });
    await htmx.ajax("GET", `/moderation/changes?${query}`, { target: mark, swap: "outerHTML" }).catch(() => {});
  }
  setTimeout(ask, EVERY);
}

if (queue) setTimeout(ask, EVERY);
