/* A button that prints the page. */
lesznoNgo.component("print", {
  initialize: function () {
    this.el.addEventListener("click", function () { window.print(); });
  },
});
