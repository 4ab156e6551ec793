/* Links that only scripts hear: CKAN's scripts make them with "javascript:;" for an address, and the
 * site's policy reports every try to follow one. Their listeners run as ever, none is followed. */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (link && (link.protocol === "javascript:" || link.matches('[role=button][href="#"]'))) {
      event.preventDefault();
    }
  }, true);
})();
