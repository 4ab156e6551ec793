/* Forms of records: links chosen from suggestions, and tables whose rows are added and removed. */

/* A link to one record. The box shows the record's title, a hidden control sends its address.
 * What a person types without choosing is sent as it is, and the catalogue says whether it knows it.
 */
ckan.module("leszno-ngo-link", function ($) {
  "use strict";
  return {
    initialize: function () {
      $.proxyAll(this, /_on/);
      this.input = this.el.find("input")[0];
      this.sent = $('<input type="hidden">').attr("name", this.input.name).val(this.input.value)[0];
      this.input.removeAttribute("name");
      this.input.value = this.el.attr("data-title") || this.input.value;
      this.el.append(this.sent);
      $(this.input).on("input", this._onInput);
      this.el.on("leszno-ngo:chosen", this._onChosen).on("leszno-ngo:filled", this._onFilled);
    },

    _onFilled: function () {
      this.input.value = this.sent.value;
    },

    _onInput: function () {
      this.sent.value = this.input.value.trim();
    },

    _onChosen: function (event, record) {
      event.stopPropagation();
      this.input.value = record.title;
      this.sent.value = record.name;
    },
  };
});

/* Links to any number of records: a list of titles with a button beside each, and a box for more.
 * The text area stays, out of sight, and is what is sent: one address a line.
 *
 * data-titles - JSON list of the titles of what the text area holds
 * data-remove - text of the buttons
 */
ckan.module("leszno-ngo-links", function ($) {
  "use strict";
  return {
    initialize: function () {
      $.proxyAll(this, /_on/);
      this.sent = this.el.find("textarea")[0];
      var titles = JSON.parse(this.el.attr("data-titles") || "[]");
      this.records = this._lines().map(function (name, position) {
        return { name: name, title: titles[position] || name };
      });
      this.chosen = $('<ul class="ln-plain ln-links-chosen">')[0];
      this.input = this._box();
      this.sent.hidden = true;
      this.el.prepend(this.chosen).append(this.input);
      $(this.input).on("keydown", this._onKey).on("change", this._onTyped);
      this.el.on("leszno-ngo:chosen", this._onChosen).on("leszno-ngo:filled", this._onFilled);
      $(this.chosen).on("click", "button", this._onRemove);
      this._write();
    },

    _onFilled: function () {
      var known = new Map(this.records.map((record) => [record.name, record.title]));
      this.records = this._lines().map((name) => ({ name: name, title: known.get(name) || name }));
      this._write();
    },

    _lines: function () {
      return this.sent.value.split("\n").map((line) => line.trim()).filter(Boolean);
    },

    /* The box takes over what makes the text area a control with a label. */
    _box: function () {
      var box = document.createElement("input");
      box.type = "text";
      box.className = "form-control";
      box.autocomplete = "off";
      box.spellcheck = false;
      ["id", "aria-describedby", "aria-invalid", "aria-required"].forEach((name) => {
        if (this.sent.hasAttribute(name)) {
          box.setAttribute(name, this.sent.getAttribute(name));
        }
      });
      this.sent.removeAttribute("id");
      return box;
    },

    _write: function () {
      var remove = this.el.attr("data-remove");
      this.sent.value = this.records.map((record) => record.name).join("\n");
      this.chosen.replaceChildren(
        ...this.records.map(function (record) {
          var button = $('<button type="button" class="btn btn-link">').text(remove);
          button.append($('<span class="visually-hidden">').text(": " + record.title));
          return $("<li>").append($("<span>").text(record.title), button)[0];
        })
      );
    },

    _add: function (record) {
      if (!this.records.some((known) => known.name === record.name)) {
        this.records.push(record);
      }
      this.input.value = "";
      this._write();
    },

    _onChosen: function (event, record) {
      event.stopPropagation();
      this._add({ name: record.name, title: record.title });
    },

    /* Enter adds what was typed; it does not send a form that is half done. */
    _onKey: function (event) {
      if (event.key === "Enter" && !event.isDefaultPrevented()) {
        event.preventDefault();
        this._onTyped();
      }
    },

    _onTyped: function () {
      var typed = this.input.value.trim();
      if (typed) {
        this._add({ name: typed, title: typed });
      }
    },

    _onRemove: function (event) {
      var position = $(event.currentTarget).closest("li").index();
      this.records.splice(position, 1);
      this._write();
      this.input.focus();
    },
  };
});

/* A table inside a form. Rows keep the numbers that their controls are named by; the numbers that
 * people read are counted again after each change. One row, an empty one, is always there, so that
 * a table that was emptied is sent as empty.
 *
 * added, removed - said after it, with {n}
 */
ckan.module("leszno-ngo-rows", function ($) {
  "use strict";
  // Names of rows stand in the order of words: 0 … 8, 90 … 98, 990 … (form_fields.row_name)
  var IN_A_ROW = 9;

  return {
    options: { added: "", removed: "" },

    initialize: function () {
      $.proxyAll(this, /_on/);
      this.rows = this.el.find(".ln-form-rows")[0];
      this.pattern = this.el.find("template")[0].innerHTML;
      this.button = this.el.find(".ln-row-add");
      this.status = this.el.children("[role=status]")[0];
      this.next = this._all().length;
      this.button.on("click", this._onAdd);
      $(this.rows).on("click", ".ln-row-remove", this._onRemove);
    },

    _all: function () {
      return Array.from(this.rows.querySelectorAll(":scope > .ln-form-row"));
    },

    _append: function () {
      var index = "9".repeat(Math.floor(this.next / IN_A_ROW)) + (this.next % IN_A_ROW);
      this.next++;
      // only the number in names and ids ("parties-ROW-role"): no label has it so
      var made = document.createElement("template");
      made.innerHTML = this.pattern.replace(/-ROW-/g, "-" + index + "-");
      var row = document.importNode(made.content.firstElementChild, true);
      this.rows.append(row);
      $(row).find("[data-module]").each(function () {
        ckan.module.initializeElement(this);
      });
      this._count();
      return row;
    },

    _count: function () {
      this._all().forEach(function (row, position) {
        row.querySelectorAll(".ln-row-number").forEach(function (number) {
          number.textContent = position + 1;
        });
      });
    },

    _focus: function (row) {
      $(row).find("input:not([type=hidden]), select, textarea").first().trigger("focus");
    },

    _onAdd: function () {
      var row = this._append();
      this.status.textContent = this.options.added.replace("{n}", this._all().length);
      this._focus(row);
    },

    _onRemove: function (event) {
      var row = event.currentTarget.closest(".ln-form-row");
      var position = this._all().indexOf(row);
      row.remove();
      if (!this._all().length) {
        this._append();
      }
      this._count();
      this.status.textContent = this.options.removed.replace("{n}", position + 1);
      this._focus(this._all()[Math.min(position, this._all().length - 1)]);
    },
  };
});
