// A filter is used as soon as it is chosen; the button is for browsers without this.
const filters = document.getElementById("_filters");

if (filters) {
  filters.querySelector("[type=submit]").hidden = true;
  filters.addEventListener("change", () => filters.requestSubmit());
}
