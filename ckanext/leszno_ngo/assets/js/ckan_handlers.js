/* What CKAN, ckanext-scheming and datatables_view write into attributes of their pages (onclick=, hx-on=,
 * "javascript:" links); our copies of those templates name it in data attributes. */
(function ($) {
  "use strict";

  function byId(id) {
    return document.getElementById(id);
  }

  // Where a file is chosen: each button turns to one of the ways to give it.
  $(document).on("click", "[data-upload-check]", function () {
    var said = this.dataset;
    byId(said.uploadCheck).checked = true;
    if (said.uploadEmpty) { byId(said.uploadEmpty).value = ""; }
    if (said.uploadFocus) { byId(said.uploadFocus).focus(); }
    if (said.uploadClick) { byId(said.uploadClick).click(); }
  });

  // A box that stays ticked.
  $(document).on("click", "input[data-always]", function (event) { event.preventDefault(); });

  // One more line of ckanext-scheming's field of several texts.
  $(document).on("click", "[data-multiple-add]", function () {
    window.MultipleText.multiple_add(this.dataset.multipleAdd);
  });

  // API tokens: nothing ticked, nothing to revoke; a new one is scrolled to.
  $(document).on("change", "#api-tokens-table [name=token]", function () {
    byId("revoke-tokens-button").disabled = !$("#api-tokens-table [name=token]:checked").length;
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target.matches("form[data-tokens]")) { byId("revoke-tokens-button").disabled = true; }
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    var made = event.target.matches("form[data-created]") && byId(event.target.dataset.created);
    if (made) { made.scrollIntoView(false); }
  });

  // What CKAN's scripts make without a name, whenever they make it.
  function name(found, said) {
    found.not("[aria-label]").attr("aria-label", said);
  }
  function nameAll() {
    $("table[data-all]").each(function () { name($("thead input", this), this.dataset.all); });
    $(".resource-item .handle").each(function () {
      name($(this), $(this).closest(".resource-item").find(".heading").text().trim());
    });
    $(".select2-container").each(function () {
      var said = $(this).closest(".form-group").find("label").text().trim();
      name($("[role=combobox]", this), said);
      name($("textarea", this).removeAttr("role"), said);
    });
  }
  nameAll();
  new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });

  // CKAN's script of the button reads the inline style.
  $("[data-closed]").css("display", "none");
})(jQuery);
