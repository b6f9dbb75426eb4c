// Files are brought by choosing or by dropping them, with their progress; the list is made anew when they are there.
function send(form, files) {
  const progress = form.querySelector("[data-upload-progress]");
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  for (const file of files) body.append("file", file, file.name);
  const isPicker = Boolean(form.closest("[data-picker-upload]"));
  if (isPicker) body.set("picker", "1");
  const target = document.querySelector(isPicker ? "#picker" : "#_brought");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  progress.hidden = false;
  request.upload.addEventListener("progress", (event) => {
    progress.value = event.lengthComputable ? (100 * event.loaded) / event.total : 50;
  });
  request.addEventListener("loadend", () => {
    progress.hidden = true;
    progress.value = 0;
    form.reset();
    if (request.status === 200 || request.status === 422) {
      if (isPicker) target.innerHTML = request.responseText;
      else target.outerHTML = request.responseText;
      window.htmx.process(isPicker ? target : document.querySelector("#_brought"));
    } else {
      const note = Object.assign(document.createElement("p"), { textContent: request.status === 413 ? "This is too much at once: bring fewer or smaller files." : "The upload did not arrive. Try it again." });
      note.setAttribute("role", "alert");
      form.append(note);
    }
  });
  request.send(body);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-upload]");
  if (!form) return;
  const { files } = form.elements.file;
  if (!files.length) return;
  event.preventDefault();
  send(form, files);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-upload]");
  if (form && event.target.files.length) send(form, event.target.files);
});

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const form = event.target.closest?.("[data-upload]");
    if (!form || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("is-over", name === "dragover");
    if (name === "drop") send(form, event.dataTransfer.files);
  });
}
