/* Moves the focus to an element when the page opens: the list of errors of a form that came back. */
ckan.module("leszno-ngo-focus", function () {
  "use strict";
  return {
    initialize: function () {
      this.el[0].focus();
    },
  };
});
