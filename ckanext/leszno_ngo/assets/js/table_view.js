/* Makes datatables_view's scripts fit a site whose policy allows no inline handlers and styles. Loaded
 * before them. */
(function ($) {
  "use strict";
  var TAG = /<[a-z][^>]*>/gi;
  var INLINE = /\s(?:style|on[a-z]+)=(?:"[^"]*"|'[^']*')/gi;

  // Theirs and jQuery's way to make elements; the browser would drop and report the same attributes.
  var setter = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");
  Object.defineProperty(Element.prototype, "innerHTML", {
    configurable: true,
    enumerable: true,
    get: setter.get,
    set: function (html) {
      setter.set.call(this, String(html === null ? "" : html).replace(TAG, function (tag) {
        return tag.replace(INLINE, "");
      }));
    },
  });

  $(function () {
    // It is handed to setTimeout() already called: what it returns would be evaluated as a text.
    var observe = window.initFilterObserver;
    window.initFilterObserver = function () {
      observe();
      return $.noop;
    };
  });

  // Functions of datatablesview.js, by the buttons that called them in their attributes.
  $(document)
    .on("click", "#refit-button", function () { window.fitColText(); })
    .on("click", "#modalcopy-button", function () { window.copyModal(title()); })
    .on("click", "#modalprint-button", function () { window.printModal(title()); });
})(jQuery);
