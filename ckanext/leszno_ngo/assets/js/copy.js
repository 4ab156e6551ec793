/* A button that copies a text.
 *
 * text - what is copied
 * done - said afterwards, on the button itself
 */
ckan.module("leszno-ngo-copy", function ($) {
  "use strict";
  return {
    options: { text: "", done: "" },

    initialize: function () {
      $.proxyAll(this, /_on/);
      // one region for the page, made before it is needed: a fresh one is not read out
      if (!document.getElementById("ln-said")) {
        $('<div id="ln-said" role="status" class="visually-hidden">').appendTo(document.body);
      }
      if (!navigator.clipboard) {
        // plain http: the browser does not let a page copy
        this.el[0].hidden = true;
        return;
      }
      this.el.on("click", this._onClick);
    },

    _onClick: function () {
      var button = this.el;
      var done = this.options.done;
      navigator.clipboard.writeText(String(button.attr("data-module-text"))).then(function () {
        document.getElementById("ln-said").textContent = done;
        var before = button.html();
        if (!button.hasClass("ln-copied")) {
          button.addClass("ln-copied").text(done);
          setTimeout(function () {
            button.removeClass("ln-copied").html(before);
            document.getElementById("ln-said").textContent = "";
          }, 2000);
        }
      });
    },
  };
});
