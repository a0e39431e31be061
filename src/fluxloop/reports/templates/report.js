"use strict";
(() => {
  const results = [...document.querySelectorAll(".result")];
  const texts = new Map();
  const chips = [...document.querySelectorAll(".chips button")];
  const search = document.getElementById("search");
  const persona = document.getElementById("persona");
  let outcome = "";

  const textOf = (result) => {
    if (!texts.has(result)) texts.set(result, result.textContent.toLowerCase());
    return texts.get(result);
  };
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const result of results) {
      const fits = (!outcome || result.dataset.outcome === outcome)
        && (!persona.value || result.dataset.persona === persona.value)
        && words.every((word) => textOf(result).includes(word));
      result.hidden = !fits;
      shown += fits;
    }
    document.getElementById("none").hidden = shown > 0;
  };
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      outcome = chip.dataset.outcome;
      for (const other of chips) other.setAttribute("aria-pressed", other === chip);
      filter();
    });
  }
  const tools = document.getElementById("tools");
  tools.addEventListener("submit", (event) => event.preventDefault());
  search.addEventListener("input", filter);
  persona.addEventListener("change", filter);
  tools.hidden = false;
  filter();
})();
