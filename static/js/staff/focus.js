// A click into a picture sets its focal point; its cuts follow at once.
const shown = document.querySelector("[data-focus]");
const fields = ["focus-x", "focus-y"].map((id) => document.getElementById(id));

function follow() {
  for (const image of document.querySelectorAll(".media-cuts img")) {
    image.style.objectPosition = fields.map((field) => `${field.value}%`).join(" ");
  }
}

shown?.addEventListener("click", (event) => {
  const box = shown.querySelector("img").getBoundingClientRect();
  fields[0].value = Math.round((100 * (event.clientX - box.left)) / box.width);
  fields[1].value = Math.round((100 * (event.clientY - box.top)) / box.height);
  follow();
});
for (const field of fields) field?.addEventListener("input", follow);
