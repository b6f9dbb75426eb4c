// A video's card becomes its player where the reader clicks it, and not before: nothing is asked of another site
// until then. A second click, or the middle button, is left to the browser.
const PLAYERS = [
  [/^https:\/\/(?:www\.)?youtube\.com\/watch\?(?:.*&)?v=([\w-]{6,20})/, "https://www.youtube-nocookie.com/embed/"],
  [/^https:\/\/youtu\.be\/([\w-]{6,20})/, "https://www.youtube-nocookie.com/embed/"],
  [/^https:\/\/(?:www\.)?vimeo\.com\/(\d+)/, "https://player.vimeo.com/video/"],
];

function playerOf(address) {
  for (const [pattern, player] of PLAYERS) {
    const found = pattern.exec(address);
    if (found) return `${player}${found[1]}?autoplay=1&dnt=1`;
  }
  return null;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".body-embed > a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const source = playerOf(link.href);
  if (!source) return;
  event.preventDefault();
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: source, title: link.textContent.trim(), allowFullscreen: true, referrerPolicy: "strict-origin-when-cross-origin" });
  frame.allow = "autoplay; fullscreen; picture-in-picture";
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-presentation");
  frame.className = "player";
  link.hidden = true;
  link.before(frame);
  frame.focus();
});
