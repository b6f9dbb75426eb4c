// One listener for every like of the page: hundreds of them need not be made ready one by one before any is pressed. They
// are links, to a page with a button, since a browser looks through each form of a page for what it might fill in.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-like]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const refused = `target:#${link.dataset.like.replace("comment", "flag")} swap:innerHTML`;
  link.setAttribute("hx-sync", "this:drop");
  for (const status of ["4xx", "5xx"]) link.setAttribute(`hx-status:${status}`, refused);
  const target = `#${link.dataset.like}`;
  htmx.ajax("POST", link.getAttribute("href"), { source: link, target, swap: "outerMorph" });
});

// A link is followed with Enter, a button pressed with the space bar as well.
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches("[data-like]")) return;
  event.preventDefault();
  if (!event.repeat) event.target.click();
});
