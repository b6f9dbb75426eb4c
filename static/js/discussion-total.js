// Carries the number of comments from the discussion's heading to every other place of the page that shows it.
document.addEventListener("htmx:after:swap", () => {
  const total = document.getElementById("discussion-total")?.dataset.total;
  const article = document.querySelector("[data-comment-count]");
  if (total && article) article.dataset.commentCount = total;
});
