/* A button that copies a text.
 *
 * text - what is copied
 * done - said afterwards, on the button itself
 */
lesznoNgo.component("copy", {
  initialize: function () {
    // one region for the page, made before it is needed: a fresh one is not read out
    if (!document.getElementById("ln-said")) {
      document.body.append(
        lesznoNgo.element("div", { id: "ln-said", role: "status", class: "visually-hidden" })
      );
    }
    if (!navigator.clipboard) {
      // plain http: the browser does not let a page copy
      this.el.hidden = true;
      return;
    }
    this.el.addEventListener("click", this._onClick);
  },

  _onClick: function () {
    navigator.clipboard.writeText(this.el.dataset.text).then(this._onCopied);
  },

  _onCopied: function () {
    var button = this.el;
    var said = document.getElementById("ln-said");
    said.textContent = this.options.done;
    if (button.classList.contains("ln-copied")) {
      return;
    }
    var before = Array.from(button.childNodes);
    button.classList.add("ln-copied");
    button.replaceChildren(this.options.done);
    setTimeout(function () {
      button.classList.remove("ln-copied");
      button.replaceChildren.apply(button, before);
      said.textContent = "";
    }, 2000);
  },
});
