/* Moves the focus to an element when the page opens: the list of errors of a form that came back. */
lesznoNgo.component("focus", {
  initialize: function () {
    this.el.focus();
  },
});
