/* Forms of records: links chosen from suggestions, and tables whose rows are added and removed. */

/* A link to one record. The box shows the record's title, a hidden control sends its address.
 * What a person types without choosing is sent as it is, and the catalogue says whether it knows it.
 */
lesznoNgo.component("link", {
  initialize: function () {
    this.input = this.el.querySelector("input");
    this.sent = lesznoNgo.element("input", { type: "hidden", name: this.input.name });
    this.sent.value = this.input.value;
    this.input.removeAttribute("name");
    this.input.value = this.el.dataset.title || this.input.value;
    this.el.append(this.sent);
    this.input.addEventListener("input", this._onInput);
    this.el.addEventListener("leszno-ngo:chosen", this._onChosen);
    this.el.addEventListener("leszno-ngo:filled", this._onFilled);
  },

  _onFilled: function () {
    this.input.value = this.sent.value;
  },

  _onInput: function () {
    this.sent.value = this.input.value.trim();
  },

  _onChosen: function (event) {
    event.stopPropagation();
    this.input.value = event.detail.title;
    this.sent.value = event.detail.name;
  },
});

/* Links to any number of records: a list of titles with a button beside each, and a box for more.
 * The text area stays, out of sight, and is what is sent: one address a line.
 *
 * data-titles - JSON list of the titles of what the text area holds
 * data-remove - text of the buttons
 */
lesznoNgo.component("links", {
  initialize: function () {
    this.sent = this.el.querySelector("textarea");
    var titles = JSON.parse(this.el.dataset.titles || "[]");
    this.records = this._lines().map(function (name, position) {
      return { name: name, title: titles[position] || name };
    });
    this.chosen = lesznoNgo.element("ul", { class: "ln-plain ln-links-chosen" });
    this.input = this._box();
    this.sent.hidden = true;
    this.el.prepend(this.chosen);
    this.el.append(this.input);
    this.input.addEventListener("keydown", this._onKey);
    this.input.addEventListener("change", this._onTyped);
    this.el.addEventListener("leszno-ngo:chosen", this._onChosen);
    this.el.addEventListener("leszno-ngo:filled", this._onFilled);
    this.chosen.addEventListener("click", this._onRemove);
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
    var remove = this.el.dataset.remove;
    this.sent.value = this.records.map((record) => record.name).join("\n");
    this.chosen.replaceChildren(
      ...this.records.map(function (record) {
        var hidden = lesznoNgo.element("span", { class: "visually-hidden" }, ": " + record.title);
        var button = { type: "button", class: "btn btn-link" };
        return lesznoNgo.element("li", {}, [
          lesznoNgo.element("span", {}, record.title),
          lesznoNgo.element("button", button, [remove, hidden]),
        ]);
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

  _onChosen: function (event) {
    event.stopPropagation();
    this._add({ name: event.detail.name, title: event.detail.title });
  },

  /* Enter adds what was typed; it does not send a form that is half done. */
  _onKey: function (event) {
    var isSuggested = this.input.hasAttribute("aria-activedescendant");
    if (event.key === "Enter" && !event.defaultPrevented && !isSuggested) {
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
    var button = event.target.closest("button");
    if (!button) {
      return;
    }
    this.records.splice(Array.from(this.chosen.children).indexOf(button.closest("li")), 1);
    this._write();
    this.input.focus();
  },
});

/* A table inside a form. Rows keep the numbers that their controls are named by; the numbers that
 * people read are counted again after each change. One row, an empty one, is always there, so that
 * a table that was emptied is sent as empty.
 *
 * added, removed - said after it, with {n}
 */
lesznoNgo.component("rows", {
  options: { added: "", removed: "" },

  initialize: function () {
    this.rows = this.el.querySelector(".ln-form-rows");
    this.pattern = this.el.querySelector("template").innerHTML;
    this.status = this.el.querySelector(":scope > [role=status]");
    this.next = this._all().length;
    this.el.querySelector(".ln-row-add").addEventListener("click", this._onAdd);
    this.rows.addEventListener("click", this._onRemove);
  },

  _all: function () {
    return Array.from(this.rows.querySelectorAll(":scope > .ln-form-row"));
  },

  _append: function () {
    // Names of rows stand in the order of words: 0 … 8, 90 … 98, 990 … (form_fields.row_name)
    var index = "9".repeat(Math.floor(this.next / 9)) + (this.next % 9);
    this.next++;
    // only the number in names and ids ("parties-ROW-role"): no label has it so
    var made = document.createElement("template");
    made.innerHTML = this.pattern.replace(/-ROW-/g, "-" + index + "-");
    var row = document.importNode(made.content.firstElementChild, true);
    this.rows.append(row);
    lesznoNgo.start(row);
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
    row.querySelector("input:not([type=hidden]), select, textarea").focus();
  },

  _onAdd: function () {
    var row = this._append();
    this.status.textContent = this.options.added.replace("{n}", this._all().length);
    this._focus(row);
  },

  _onRemove: function (event) {
    if (!event.target.closest(".ln-row-remove")) {
      return;
    }
    var row = event.target.closest(".ln-form-row");
    var position = this._all().indexOf(row);
    row.remove();
    if (!this._all().length) {
      this._append();
    }
    this._count();
    this.status.textContent = this.options.removed.replace("{n}", position + 1);
    this._focus(this._all()[Math.min(position, this._all().length - 1)]);
  },
});
