// The site's script waits until the page has been painted and read to its end: words and pictures go first. This stands at
// that end, so a browser gets here with the style sheet in hand, and looks for forms to fill in only then: before, it
// would lay out the whole page without one to do so, and again with it.
const { later } = document.currentScript.dataset;
if (later) {
  const painted = new Promise((resolve) => {
    if (!window.PerformanceObserver?.supportedEntryTypes?.includes("paint")) resolve();
    else new PerformanceObserver(resolve).observe({ type: "paint", buffered: true });
  });
  const read = new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
  Promise.all([painted, read]).then(() => {
    const script = document.createElement("script");
    script.src = later;
    document.head.append(script);
  });
}
