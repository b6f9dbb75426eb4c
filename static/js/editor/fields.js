// Small helps in the editor's fields: names as chips, lengths as they are typed, the button that says what it will do.

export function prepareFields(form) {
  for (const input of form.querySelectorAll("[data-chips]")) chips(input);
  for (const input of form.querySelectorAll("[data-count]")) counter(input);
  for (const input of form.querySelectorAll("[data-one-line]")) {
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) event.preventDefault();
    });
  }
  const publish = form.querySelector("[data-publish]");
  const words = publish?.textContent;
  const label = () => {
    const later = form.elements.when?.value === "later" && form.elements.time?.value;
    publish.textContent = later ? `Publish at ${form.elements.time.value}` : words;
  };
  if (publish) {
    form.addEventListener("input", label);
    label();
  }
  for (const input of [form.elements.day, form.elements.time]) {
    input?.addEventListener("input", () => (form.elements.when.value = "later"));
  }
}

function counter(input) {
  const most = Number(input.dataset.count);
  const note = document.createElement("p");
  note.className = "field-hint editor-count";
  const label = input.labels[0]?.textContent.trim();
  const count = () => {
    note.textContent = `${label} ${input.value.length} of ${most}`;
    note.classList.toggle("is-over", input.value.length > most);
  };
  input.addEventListener("input", count);
  input.closest(".field").append(note);
  count();
}

function chips(input) {
  const options = document.getElementById(input.dataset.chips);
  const label = input.labels[0].textContent.trim();
  const list = document.createElement("ul");
  list.className = "chips";
  const add = document.createElement("input");
  add.setAttribute("list", options.id);
  add.setAttribute("aria-label", `Add to ${label.toLowerCase()}`);
  add.placeholder = "Add";
  add.autocomplete = "off";
  const names = () => input.value.split(",").map((name) => name.trim()).filter(Boolean);
  const set = (wanted) => {
    input.value = [...new Set(wanted)].join(", ");
    input.dispatchEvent(new Event("input", { bubbles: true }));
    draw();
  };
  const draw = () => {
    list.replaceChildren(
      ...names().map((name, place) => {
        const item = document.createElement("li");
        item.append(Object.assign(document.createElement("span"), { textContent: name }));
        if (place) item.append(act(`Move ${name} to the front`, "↑", () => set([name, ...names()])));
        item.append(act(`Remove ${name}`, "×", () => set(names().filter((one) => one !== name))));
        return item;
      }),
    );
  };
  const act = (words, sign, run) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: sign });
    button.setAttribute("aria-label", words);
    button.addEventListener("click", () => {
      run();
      add.focus();
    });
    return button;
  };
  const take = () => {
    if (!add.value.trim()) return;
    const typed = add.value;
    add.value = "";
    set([...names(), ...typed.split(",").map((name) => name.trim())]);
  };
  add.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === ",") && !event.isComposing) {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && !add.value) set(names().slice(0, -1));
  });
  add.addEventListener("input", (event) => {
    event.stopPropagation();
    if ([...options.options].some((option) => option.value === add.value) && event.inputType !== "insertText") take();
  });
  add.addEventListener("change", take);
  input.hidden = true;
  input.labels[0].htmlFor = add.id = `${input.id}-add`;
  input.after(list, add);
  input.form.addEventListener("editor:refill", draw);
  draw();
}
