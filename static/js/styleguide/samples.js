// Samples are to be looked at: nothing that is pressed in one is sent, and a bar of progress is half full.
document.addEventListener("submit", (event) => event.target.closest(".guide-sample") && event.preventDefault(), true);

for (const bar of document.querySelectorAll("[data-upload-progress]")) bar.value = 50;
