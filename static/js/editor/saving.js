// Saves what is typed a moment after typing stops, says who else is here, and keeps a copy in the browser while the
// server cannot be reached.
const QUIET = 2500;
const POLL = 15000;

export function prepareSaving(form) {
  const address = form.dataset.editor;
  const place = document.getElementById("state");
  const key = `standfirst-editor:${address}`;
  let timer = 0;
  let isSaving = false;
  let isDirty = false;
  let isLeaving = false;

  const show = (html) => {
    place.innerHTML = html;
    const lacks = place.querySelector("[data-missing-now]")?.textContent ?? "";
    const line = form.querySelector("[data-missing]");
    if (!line) return;
    line.hidden = !lacks;
    line.querySelector("span").textContent = lacks;
  };
  const values = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));

  async function save() {
    if (isSaving || !isDirty || isLeaving) return;
    isSaving = true;
    isDirty = false;
    try {
      const answer = await fetch(address, { method: "POST", body: values(), headers: { "HX-Request": "true" } });
      if (answer.ok) {
        show(await answer.text());
        localStorage.removeItem(key);
      } else if (answer.status === 409) {
        // Somebody was faster: the server has not taken this text, so the browser keeps it as well.
        show(await answer.text());
        keep();
      } else if (answer.status === 401 || answer.status === 400) {
        keep();
        tell("You are signed out, or this page is too old. Your text is kept in this browser: sign in again and load the page.");
      } else throw new Error(String(answer.status));
    } catch {
      isDirty = true;
      keep();
      tell("The server does not answer. Your text is kept in this browser and saved as soon as it does.");
      timer = setTimeout(save, 4 * QUIET);
    }
    isSaving = false;
    form.dataset.state = isDirty ? "typed" : localStorage.getItem(key) ? "kept" : "saved";
    if (isDirty && !timer) timer = setTimeout(save, QUIET);
  }

  function tell(words) {
    const line = place.querySelector(".editor-state > p");
    if (line) line.textContent = words;
    place.querySelector(".editor-state")?.classList.add("is-bad");
  }

  function keep() {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: values().toString() }));
    } catch {
      // A full store loses nothing that the page still holds.
    }
  }

  function changed() {
    form.dataset.state = "typed";
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = 0;
      save();
    }, QUIET);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => (isLeaving = true));
  addEventListener("pageshow", () => (isLeaving = false));
  addEventListener("visibilitychange", () => document.hidden && save());
  addEventListener("beforeunload", (event) => {
    if (isDirty && !isLeaving) {
      keep();
      event.preventDefault();
    }
  });
  form.addEventListener("click", async (event) => {
    const preview = event.target.closest("[data-preview]");
    if (!preview || !isDirty) return;
    event.preventDefault();
    await save();
    location.assign(preview.href);
  });
  setInterval(async () => {
    if (document.hidden || isSaving || isDirty) return;
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, revision: form.elements.revision.value });
    const answer = await fetch(`${address}/presence`, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.ok && !isDirty && !isSaving) show(await answer.text());
  }, POLL);
  offerKept(form, key);
}

/** After a crash: what the browser kept and the server never got. */
function offerKept(form, key) {
  // A form that was sent and taken has brought it to the server; one that was refused still holds it.
  if (document.querySelector("#_said .desk-said")) localStorage.removeItem(key);
  const stored = JSON.parse(localStorage.getItem(key) ?? "null");
  if (!stored || document.querySelector(".editor-conflict, .editor-errors")) return;
  const note = document.createElement("div");
  note.className = "editor-errors";
  note.setAttribute("role", "alert");
  note.innerHTML = '<p>This browser kept a text of yours that was never saved. <button type="button" class="button button--small">Put it into the editor</button> <button type="button" class="button--link">Forget it</button></p>';
  const [use, forget] = note.querySelectorAll("button");
  use.addEventListener("click", () => {
    for (const [name, value] of new URLSearchParams(stored.values)) {
      const control = form.elements[name];
      if (!control || ["csrf_token", "revision"].includes(name) || control instanceof RadioNodeList || control.type === "checkbox") continue;
      control.value = value;
    }
    form.dispatchEvent(new CustomEvent("editor:refill"));
    form.dispatchEvent(new Event("input", { bubbles: true }));
    note.remove();
  });
  forget.addEventListener("click", () => {
    localStorage.removeItem(key);
    note.remove();
  });
  form.querySelector(".editor-desk").before(note);
}
