// Does the work that a newsroom may ask of a commenter's browser as soon as somebody goes into the form; nothing of it is seen.
async function work(field) {
  field.dataset.isAsked = "";
  const answer = await fetch(field.dataset.proof).catch(() => null);
  if (!answer?.ok) return;
  const challenge = await answer.json();
  const worker = new Worker(field.dataset.worker);
  worker.addEventListener("message", ({ data: solution }) => {
    worker.terminate();
    if (solution?.derivedKey) field.value = btoa(JSON.stringify({ challenge, solution }));
  });
  worker.postMessage({ type: "work", challenge, counterMode: "uint32", counterStart: 0, counterStep: 1, timeout: 90_000 });
}

function begin(element) {
  const field = element.closest?.("form")?.querySelector("[data-proof]:not([data-is-asked])");
  if (field) work(field);
}

document.addEventListener("focusin", (event) => begin(event.target));
begin(document.activeElement);
