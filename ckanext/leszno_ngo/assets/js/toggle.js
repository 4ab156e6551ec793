/* A button that shows and hides the element it controls, where the page is narrow. */
lesznoNgo.component("toggle", {
  initialize: function () {
    this.el.addEventListener("click", this._onClick);
  },

  _onClick: function () {
    var isOpen = this.el.getAttribute("aria-expanded") !== "true";
    this.el.setAttribute("aria-expanded", String(isOpen));
    document.getElementById(this.el.getAttribute("aria-controls")).classList.toggle("show", isOpen);
  },
});
