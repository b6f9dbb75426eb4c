// Keeps "5 min ago" and the date line true on a page that was kept or stays open. The rule is that of
// webapp/filters.py: whole units, never rounded up, never in the future.
const MINUTE = 60, HOUR = 3600, DAY = 86400;
const AGES = [
  [HOUR, MINUTE, "min", "min"],
  [DAY, HOUR, "hour", "hours"],
  [7 * DAY, DAY, "day", "days"],
  [30 * DAY, 7 * DAY, "week", "weeks"],
  [365 * DAY, 30 * DAY, "month", "months"],
  [Infinity, 365 * DAY, "year", "years"],
];

function relative(seconds) {
  if (seconds < MINUTE) return "just now";
  const [, unit, one, many] = AGES.find(([below]) => seconds < below);
  const number = Math.floor(seconds / unit);
  return `${number} ${number === 1 ? one : many} ago`;
}

function refresh() {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const words = relative((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (time.textContent !== words) time.textContent = words;
  }
  // Asking for a date in words is slow at first, so it waits until the day that the page says is over.
  const line = document.querySelector("time[data-date-line]");
  if (!line || Date.now() < Date.parse(line.dataset.until)) return;
  const now = new Date(), timeZone = line.dataset.dateLine;
  const words = now.toLocaleDateString("en-US", { timeZone, weekday: "long", year: "numeric", month: "long", day: "numeric" });
  if (line.textContent !== words) {
    line.textContent = words;
    line.dateTime = now.toLocaleDateString("sv-SE", { timeZone });
  }
}

refresh();
setInterval(refresh, 30_000);
document.addEventListener("visibilitychange", refresh);
document.addEventListener("htmx:after:swap", refresh);
