// A quiet button beside each heading of a text copies the address of that place.
const say = (words) => {
  const status = document.querySelector(".share-bar [role=status]");
  if (status) status.textContent = words;
};

for (const heading of document.querySelectorAll(".prose :is(h2, h3)[id]")) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "heading-link", textContent: "§" });
  button.setAttribute("aria-label", `Copy the link to: ${heading.textContent}`);
  button.addEventListener("click", async () => {
    const url = new URL(`#${heading.id}`, document.querySelector("link[rel=canonical]").href).href;
    try {
      await navigator.clipboard.writeText(url);
      say("Link copied.");
    } catch {
      say(url);
    }
    history.replaceState(history.state, "", `#${heading.id}`);
  });
  heading.append(button);
}
