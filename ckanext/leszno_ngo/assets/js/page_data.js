/* Data of a page that scripts of CKAN and its plugins look for in global variables: each
 * <script type="application/json" data-global="name"> becomes one. */
(function () {
  "use strict";
  document.querySelectorAll('script[type="application/json"][data-global]').forEach(function (element) {
    window[element.getAttribute("data-global")] = JSON.parse(element.textContent);
  });
})();
