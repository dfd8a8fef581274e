// Brushing: days chosen by dragging along the bars, a box taken from the map. Both only fill in the form, which can be
// filled in by hand as well, and the address keeps what was chosen.
(() => {
  "use strict";
  const form = document.querySelector("#filters");
  if (!form) return;
  const ns = "http://www.w3.org/2000/svg";
  const dayOf = (svg, event) => {
    const box = svg.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const first = Date.parse(svg.dataset.since), last = Date.parse(svg.dataset.until);
    const day = Math.min(last, first + Math.floor((share * (last - first + 86400000)) / 86400000) * 86400000);
    return { x: share * 720, day: new Date(day).toISOString().slice(0, 10) };
  };
  let from = null, band = null, dragged = false;
  document.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest?.("#timeline svg.bars");
    dragged = false;
    if (!svg || event.button !== 0) return;
    event.preventDefault();
    from = { svg, clientX: event.clientX, ...dayOf(svg, event) };
  });
  document.addEventListener("pointermove", (event) => {
    if (!from || Math.abs(event.clientX - from.clientX) < 5) return;
    dragged = true;
    if (!band) {
      band = document.createElementNS(ns, "rect");
      band.setAttribute("class", "band");
      band.setAttribute("y", "-2");
      band.setAttribute("height", "98");
      from.svg.append(band);
    }
    const to = dayOf(from.svg, event);
    band.setAttribute("x", Math.min(from.x, to.x));
    band.setAttribute("width", Math.abs(to.x - from.x));
  });
  document.addEventListener("pointerup", (event) => {
    if (!from) return;
    const days = [from.day, dayOf(from.svg, event).day].sort();
    from = null;
    band?.remove();
    band = null;
    if (!dragged) return;
    form.elements.since.value = days[0];
    form.elements.until.value = days[1];
    form.requestSubmit();
  });
  document.addEventListener("dragstart", (event) => { if (event.target.closest?.("svg.bars")) event.preventDefault(); });
  document.addEventListener("click", (event) => {
    const bar = event.target.closest?.("#timeline svg.bars a");
    if (!bar) return;
    event.preventDefault();  // a drag ends in a click too
    if (dragged) return;
    form.elements.since.value = bar.dataset.since;
    form.elements.until.value = bar.dataset.until;
    form.requestSubmit();
  }, true);
  document.querySelector("#take-box")?.addEventListener("click", () => {
    const box = document.querySelector(".map[data-brush]").dataset.box;
    if (!box) return;
    form.elements.bbox.value = box;
    form.requestSubmit();
  });
})();
