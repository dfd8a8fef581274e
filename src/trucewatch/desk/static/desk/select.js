// Words selected in a report's text go into the form that adds an account. Offsets are code points, as the store counts.
(() => {
  "use strict";
  const text = document.querySelector("#text"), form = document.querySelector("#add-form");
  if (!text || !form) return;
  document.addEventListener("selectionchange", () => {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return;
    const range = chosen.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    form.elements.start.value = [...before.toString()].length;
    form.elements.quote.value = range.toString();
  });
  form.elements.quote.addEventListener("input", () => { form.elements.start.value = ""; });
})();
