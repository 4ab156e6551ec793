/* The question before something is done, in place of CKAN's: the harmless button comes first and is
 * in focus, the other one is red and named after the act. The texts are in a template of page.html.
 */
(function (ckan) {
  "use strict";
  if (!ckan || !ckan.confirm) {
    return;
  }
  var asks = "[data-module~=confirm-action]";
  var act = "";

  // CKAN's module does not say which control asks.
  document.addEventListener(
    "click",
    function (event) {
      var control = event.target.closest ? event.target.closest(asks) : null;
      if (control) {
        act = control.getAttribute("aria-label") || control.textContent.trim();
        // in a table the first cell says what the row is
        var row = control.closest("tr");
        var name = row ? row.cells[0].textContent.replace(/\s+/g, " ").trim() : "";
        act += name ? ": " + name : "";
      }
    },
    true
  );

  ckan.confirm = function (options) {
    var template = document.getElementById("ln-dialog");
    if (!options || !options.message || document.querySelector("dialog.ln-dialog[open]")) {
      return;
    }
    var dialog = template.content.firstElementChild.cloneNode(true);
    var yes = dialog.querySelector("[value=confirm]");
    dialog.querySelector("p").textContent = options.message;
    yes.textContent = options.confirmText || act || yes.textContent;
    dialog.addEventListener("click", function (event) {
      if (event.target.value === "confirm" && options.onConfirm) {
        options.onConfirm();
      }
      if (event.target.value) {
        dialog.close();
      }
    });
    dialog.addEventListener("close", function () {
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  };
})(this.ckan);
