// The review queue by keyboard alone. Each key presses a button that is there for the mouse too.
(() => {
  "use strict";
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select, textarea")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    // the choices of a merge stay out of reach until M has opened them
    if (!button || !button.checkVisibility()) return;
    event.preventDefault();
    if (button.matches("button, a, summary")) button.click();
    else button.focus();
  });
})();
