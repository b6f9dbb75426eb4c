// Bookmarks, kept in this browser and told to nobody: the buttons of an article, and the page that lists them.
const KEY = "bookmarks";

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(({ url, headline }) => /^\/(?!\/)/.test(url) && headline) : [];
  } catch {
    return [];
  }
}

function write(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list.slice(0, 200)));
    return true;
  } catch {
    return false;
  }
}

function show() {
  const kept = read();
  for (const button of document.querySelectorAll("[data-bookmark]")) {
    const isKept = kept.some(({ url }) => url === button.dataset.bookmark);
    button.setAttribute("aria-pressed", String(isKept));
    button.querySelector("[data-words]").textContent = isKept ? "Saved" : "Save";
    button.setAttribute("aria-label", isKept ? "Saved" : "Save");
  }
  const list = document.querySelector("[data-bookmarks]");
  if (!list) return;
  document.querySelector("[data-bookmarks-empty]").hidden = kept.length > 0;
  const row = document.querySelector("#bookmark-row").content;
  list.replaceChildren(
    ...kept.map(({ url, headline, at }) => {
      const item = row.cloneNode(true);
      Object.assign(item.querySelector("a"), { href: url, textContent: headline });
      item.querySelector("time").dateTime = at;
      item.querySelector("time").textContent = new Date(at).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
      const button = item.querySelector("button");
      button.dataset.forget = url;
      button.setAttribute("aria-label", `Remove: ${headline}`);
      return item;
    }),
  );
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-bookmark], [data-forget]");
  if (!button) return;
  const url = button.dataset.bookmark ?? button.dataset.forget, kept = read();
  const others = kept.filter((one) => one.url !== url);
  const isNew = others.length === kept.length && button.dataset.bookmark;
  const done = write(isNew ? [{ url, headline: button.dataset.headline, at: new Date().toISOString() }, ...others] : others);
  const status = button.form?.querySelector("[role=status]") ?? document.querySelector("[data-bookmark-status]");
  if (status) status.textContent = !done ? "This browser keeps nothing." : isNew ? "Saved in this browser." : "Removed.";
  show();
  keepForJourneys();
  if (button.dataset.forget) (document.querySelector("[data-forget]") ?? document.querySelector("main")).focus();
});
// Only who has saved something has a worker, which keeps those articles for a journey without network.
async function keepForJourneys() {
  const worker = navigator.serviceWorker;
  if (!worker || (!read().length && !worker.controller)) return;
  try {
    await worker.register("/service-worker.js");
    (await worker.ready).active.postMessage({ saved: read().map(({ url }) => url) });
  } catch {
    // Saved articles are a list of links then.
  }
}

// Another tab may have saved something.
window.addEventListener("storage", ({ key }) => key === KEY && show());
window.addEventListener("pageshow", show);
const soon = () => setTimeout(keepForJourneys, 3000);
if (document.readyState === "complete") soon();
else window.addEventListener("load", soon);
