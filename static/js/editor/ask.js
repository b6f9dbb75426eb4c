// One question in a dialog: an address, the words of a caption. Resolves to the answer, "" for "remove", null for none.
const dialog = document.getElementById("_dialogs");

export function ask({ title, label, value = "", button = "Insert", canRemove = false, check = () => "" }) {
  const input = dialog.querySelector("[data-ask-value]");
  const error = dialog.querySelector("[data-ask-error]");
  dialog.querySelector("#ask-title").textContent = title;
  dialog.querySelector("[data-ask-label]").textContent = label;
  dialog.querySelector("[value=ok]").textContent = button;
  dialog.querySelector("[data-ask-remove]").hidden = !canRemove;
  input.value = value;
  error.textContent = "";
  dialog.returnValue = "";
  dialog.showModal();
  input.select();
  return new Promise((resolve) => {
    const form = dialog.querySelector("form");
    const submit = (event) => {
      const problem = event.submitter?.value === "ok" ? check(input.value.trim()) : "";
      if (!problem) return;
      event.preventDefault();
      error.textContent = problem;
      input.focus();
    };
    form.addEventListener("submit", submit);
    dialog.addEventListener(
      "close",
      () => {
        form.removeEventListener("submit", submit);
        resolve(dialog.returnValue === "ok" ? input.value.trim() : dialog.returnValue === "remove" ? "" : null);
      },
      { once: true },
    );
  });
}
