// Reads the tokens out of the style sheet itself, so that the page can't be behind them.
// On the desk's page those that the desk has of its own.
const owner = document.body.matches(".desk") ? ".desk" : ":root";
const names = new Set();
const walk = (rules) => {
  for (const rule of rules) {
    if (rule.selectorText === owner) for (const name of rule.style) if (name.startsWith("--")) names.add(name);
    if (rule.cssRules) walk(rule.cssRules);
  }
};
for (const sheet of document.styleSheets) walk(sheet.cssRules);

const value = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
const kinds = [
  ["colours", (name) => CSS.supports("color", value(name)), (sample, name) => (sample.style.background = `var(${name})`)],
  ["type", (name) => name.startsWith("--step") || name === "--label" || name === "--control", (sample, name) => {
    sample.textContent = "Ag";
    sample.style.fontSize = `var(${name})`;
  }],
  ["faces", (name) => name === "--serif" || name === "--sans", (sample, name) => {
    sample.textContent = "Ag";
    sample.style.fontFamily = `var(${name})`;
  }],
  ["sizes", (name) => CSS.supports("width", value(name)), (sample, name) => {
    sample.style.inlineSize = `min(100%, var(${name}))`;
    sample.style.background = "var(--accent)";
  }],
  ["others", () => true, () => {}],
];

for (const name of [...names].sort()) {
  const [kind, , paint] = kinds.find(([, fits]) => fits(name));
  const list = document.querySelector(`[data-tokens=${kind}]`);
  const row = document.createElement("li");
  const sample = Object.assign(document.createElement("span"), { className: `token-sample token-sample--${kind}` });
  const words = Object.assign(document.createElement("code"), { textContent: `${name}: ${value(name)}` });
  sample.setAttribute("aria-hidden", "true");
  paint(sample, name);
  row.append(sample, words);
  list.append(row);
}

for (const part of document.querySelectorAll(".guide-part:has([data-tokens])")) part.hidden = !part.querySelector("li");
