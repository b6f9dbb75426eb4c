// Samples are to be looked at: nothing that is pressed or dropped in one is sent, and a bar of progress is half full.
for (const kind of ["submit", "change", "drop"]) {
  document.addEventListener(
    kind,
    (event) => {
      if (!event.target.closest(".guide-sample")) return;
      event.stopPropagation();
      if (kind !== "change") event.preventDefault();
    },
    true,
  );
}

for (const bar of document.querySelectorAll("[data-upload-progress]")) bar.value = 50;
