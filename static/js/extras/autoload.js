// The next article below this one, for those who asked for it: its text only, with a link to its discussion. The
// address and the title follow what is read; a view is counted once somebody has read for a while. It stops after
// two, so that the foot of the page stays within reach.
const KEY = "autoload", MOST = 2, READ_SECONDS = 5;
const box = document.querySelector("[data-autoload]");
const first = document.querySelector("article[data-article-id]");
const places = first ? [{ element: first, url: location.pathname + location.search, title: document.title }] : [];
let loading = false;

const isOn = () => {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
};

async function load() {
  const url = box.dataset.autoload;
  if (!isOn() || loading || !url || places.length > MOST) return;
  loading = true;
  try {
    const answer = await fetch(url);
    if (answer.ok) append(new DOMParser().parseFromString(await answer.text(), "text/html"), url);
  } catch {
    // No connection: the link to the next article is still there.
  }
  loading = false;
}

function append(page, url) {
  const article = page.querySelector("article[data-article-id]");
  if (!article) return;
  for (const part of article.querySelectorAll("form, .share-block, .next-card, .contents, .counts, [hx-get], [hx-post]")) part.remove();
  for (const element of article.querySelectorAll("[id]")) element.removeAttribute("id");
  const title = article.querySelector("h1"), heading = document.createElement("h2");
  heading.className = "autoloaded-headline";
  heading.append(Object.assign(document.createElement("a"), { href: url, textContent: title.textContent }));
  title.replaceWith(heading);
  article.classList.add("autoloaded");
  article.setAttribute("aria-label", heading.textContent);
  const discussion = Object.assign(document.createElement("a"), { href: `${url}#comments`, className: "quiet-link", textContent: "Read and join the discussion" });
  article.append(discussion);
  box.before(article);
  box.dataset.autoload = page.querySelector("a[rel=next]")?.getAttribute("href") ?? "";
  places.push({ element: article, url, title: page.title });
  watchReading(article);
}

function watchReading(article) {
  let timer = 0;
  const seen = new IntersectionObserver(([entry]) => {
    clearTimeout(timer);
    if (entry.isIntersecting) timer = setTimeout(() => {
      seen.disconnect();
      count(article).catch(() => {});
    }, READ_SECONDS * 1000);
  }, { rootMargin: "-40% 0px" });
  seen.observe(article);
}

async function count(article) {
  const body = new URLSearchParams({ from: location.host });
  const answer = await fetch(`/articles/${article.dataset.articleId}/views`, { method: "POST", body });
  if (answer.ok) article.dispatchEvent(new Event("counted", { bubbles: true }));
}

function follow() {
  const middle = innerHeight / 2;
  const here = places.findLast(({ element }) => element.getBoundingClientRect().top < middle) ?? places[0];
  if (!here || here.url === location.pathname + location.search) return;
  history.replaceState(history.state, "", here.url);
  document.title = here.title;
}

function showSwitch() {
  const button = box.querySelector("button");
  button.setAttribute("aria-pressed", String(isOn()));
}

if (box) {
  box.hidden = false;
  showSwitch();
  box.querySelector("button").addEventListener("click", () => {
    try {
      isOn() ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, "on");
    } catch {
      // It stays off where nothing may be kept.
    }
    showSwitch();
    load();
  });
  new IntersectionObserver(([entry]) => entry.isIntersecting && load(), { rootMargin: "600px" }).observe(box);
  addEventListener("scroll", () => places.length > 1 && requestAnimationFrame(follow), { passive: true });
}
