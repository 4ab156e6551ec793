/* Parts of a page that scripts add something to: <div data-component="suggest" data-source="...">.
 *
 * A component is an object of functions. Each element that names it gets one of its own, whose
 * functions know it as `this`; `this.el` is the element, `this.options` are its data attributes
 * over the component's own options, and `initialize` is called when the page is there. An element
 * may name several components, which begin in that order. They need none of CKAN's scripts.
 */
(function () {
  "use strict";
  var known = {};

  function begin(element, name) {
    var component = known[name];
    if (!component) {
      return;
    }
    var own = { el: element, options: Object.assign({}, component.options, element.dataset) };
    Object.keys(component).forEach(function (key) {
      if (typeof component[key] === "function") {
        own[key] = component[key].bind(own);
      }
    });
    try {
      own.initialize();
    } catch (error) {
      // what fails alone leaves the others of the page at work
      window.console.error("The component " + name + " is not there", error);
    }
  }

  window.lesznoNgo = {
    component: function (name, functions) {
      known[name] = functions;
    },

    /* Begin the components inside a part of the page that was added. */
    start: function (root) {
      root.querySelectorAll("[data-component]").forEach(function (element) {
        element.dataset.component.split(/\s+/).forEach(function (name) {
          begin(element, name);
        });
      });
    },

    /* Make an element with attributes, and texts and elements in it. */
    element: function (tag, attributes, inside) {
      var made = document.createElement(tag);
      Object.entries(attributes || {}).forEach(function (one) {
        made.setAttribute(one[0], one[1]);
      });
      made.append.apply(made, [].concat(inside || []));
      return made;
    },
  };

  // Scripts behind this one are read before.
  document.addEventListener("DOMContentLoaded", function () {
    window.lesznoNgo.start(document);
  });
})();
