// Sharing: copy the link, use the device's own share sheet, and bring the counters up to date afterwards.
let said = null;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share-copy], [data-share-device]");
  if (!button) return;
  event.preventDefault();
  const form = button.form;
  const url = form.dataset.shareUrl;
  let words = "";
  try {
    if (button.hasAttribute("data-share-copy")) {
      await navigator.clipboard.writeText(url);
      words = form.dataset.copied;
    } else {
      await navigator.share({ title: form.dataset.shareTitle, url });
    }
  } catch (error) {
    // A reader who closes the share sheet has not shared; a browser that refuses the clipboard shows the address.
    if (error.name === "AbortError") return;
    words = url;
    if (!button.hasAttribute("data-share-copy")) return say(form, words);
  }
  say(form, words);
  said = { form, words };
  count(form, button.value);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-share-url]");
  if (!form || event.defaultPrevented) return;
  // The network opens in a tab of its own; the counters are asked for when the reader comes back to this one.
  const refresh = () => document.visibilityState === "visible" && form.isConnected && bring(form);
  document.addEventListener("visibilitychange", refresh, { once: false, signal: AbortSignal.timeout(600000) });
  window.addEventListener("focus", refresh, { once: true });
});

async function count(form, network) {
  const before = document.getElementById("_counters");
  await htmx.ajax("POST", form.getAttribute("action"), { target: "#_counters", swap: "outerHTML", values: { network } });
  // Where the answer to the view has taken the counters' place meanwhile, the answer to the share found none to swap.
  const now = document.getElementById("_counters");
  if (now !== before && now.dataset.shareCount === before.dataset.shareCount) bring(form);
}

function bring(form) {
  htmx.ajax("GET", form.dataset.counters, { target: "#_counters", swap: "outerHTML" });
}

function say(form, text) {
  const status = form?.querySelector("[role=status]");
  if (status && status.textContent !== text) status.textContent = text;
}

// What the server sends anew knows nothing of what was said in the form that it takes the place of.
document.addEventListener("htmx:after:swap", () => {
  if (said) say(document.querySelector(`form.${said.form.className}[data-share-url]`), said.words);
});
