/* Menus that are <details>: Escape closes the one with the focus and gives the focus back to its
 * button; a click or the focus elsewhere closes them. Without scripts they open and close by their
 * buttons alone.
 */
(function () {
  "use strict";
  var MENUS = "details.ln-more, details.ln-add, details.ln-drop";

  function closeOthers(target) {
    document.querySelectorAll(MENUS).forEach(function (menu) {
      if (menu.open && !menu.contains(target)) {
        menu.open = false;
      }
    });
  }

  document.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && event.target.closest ? event.target.closest(MENUS) : null;
    if (menu && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", function (event) {
    closeOthers(event.target);
  });
  document.addEventListener("focusin", function (event) {
    closeOthers(event.target);
  });
})();
