/* Suggestions under a search box while a person types: an ARIA combobox with a list
 * (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Without it the box is a plain search.
 *
 * type    - record type, or several with commas between; empty for all of them
 * source  - address of the API's action
 * page    - address of the type's pages (of the catalogue for all types), where choosing opens one;
 *           without it the record chosen is handed to others by the event "leszno-ngo:chosen"
 * label   - name of the list
 * none    - said when there is nothing
 * some    - said when there are suggestions, with {n}
 */
ckan.module("leszno-ngo-suggest", function ($) {
  "use strict";
  var WAIT = 150; // milliseconds without a key before the catalogue is asked
  var LEAST = 2; // characters

  return {
    options: { type: "", source: "", page: "", label: "", none: "", some: "" },

    initialize: function () {
      $.proxyAll(this, /_on/, "_ask", "_show");
      this.input = this.el.find("input")[0];
      var id = this.input.id + "-list";
      this.list = $('<ul role="listbox" hidden>').attr({ id: id, "aria-label": this.options.label })[0];
      this.status = $('<div role="status" class="visually-hidden">')[0];
      $(this.input).attr({
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": id,
      });
      this.el.append(this.list, this.status);
      this.chosen = -1;
      this.asked = 0;
      $(this.input).on("input", this._onInput).on("keydown", this._onKey).on("blur", this._onBlur);
      // mousedown, so that the box keeps the focus while an entry is chosen
      $(this.list).on("mousedown", "[role=option]", this._onPick);
      // typed before this script was there
      if (document.activeElement === this.input && this.input.value) {
        this._onInput();
      }
    },

    _onInput: function () {
      clearTimeout(this.timer);
      this.timer = setTimeout(this._ask, WAIT);
    },

    _ask: function () {
      var typed = this.input.value.trim();
      var number = ++this.asked;
      if (typed.length < LEAST) {
        this._close();
        return;
      }
      var self = this;
      var query = new URLSearchParams({ q: typed });
      if (this.options.type) {
        query.set("type", this.options.type);
      }
      fetch(this.options.source + "?" + query)
        .then(function (answer) {
          return answer.ok ? answer.json() : { result: [] };
        })
        .then(function (answer) {
          // an answer that comes after a newer question, or after the person left, is stale
          if (number === self.asked && document.activeElement === self.input) {
            self._show(answer.result);
          }
        })
        .catch(function () {
          self._close();
        });
    },

    _show: function (found) {
      var self = this;
      this.chosen = -1;
      this.found = found;
      this.list.replaceChildren();
      found.forEach(function (record, position) {
        var option = document.createElement("li");
        option.id = self.list.id + "-" + position;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = self.options.page ? record.title : self._described(record);
        self.list.append(option);
      });
      this._toggle(found.length > 0);
      this._select(-1);
      this.status.textContent = found.length
        ? this.options.some.replace("{n}", found.length)
        : this.options.none;
    },

    /* Two organisations may have one name: a number tells them apart. */
    _described: function (record) {
      var numbers = Object.entries(record.identifiers || {});
      return numbers.length ? record.title + " (" + numbers[0].join(" ").toUpperCase() + ")" : record.title;
    },

    _toggle: function (open) {
      this.list.hidden = !open;
      this.input.setAttribute("aria-expanded", String(open));
    },

    _close: function () {
      this.asked++;
      this._toggle(false);
      this._select(-1);
      this.status.textContent = "";
    },

    _select: function (position) {
      var options = this.list.children;
      this.chosen = position;
      for (var i = 0; i < options.length; i++) {
        options[i].setAttribute("aria-selected", String(i === position));
      }
      if (position >= 0 && options[position]) {
        this.input.setAttribute("aria-activedescendant", options[position].id);
        options[position].scrollIntoView({ block: "nearest" });
      } else {
        this.input.removeAttribute("aria-activedescendant");
      }
    },

    _onKey: function (event) {
      var last = this.list.children.length - 1;
      var open = !this.list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) {
          this._ask();
        } else if (event.key === "ArrowDown") {
          this._select(this.chosen >= last ? -1 : this.chosen + 1);
        } else {
          this._select(this.chosen < 0 ? last : this.chosen - 1);
        }
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        this._close();
      } else if (event.key === "Enter" && open && this.chosen >= 0) {
        event.preventDefault();
        this._go(this.list.children[this.chosen]);
      }
    },

    _onBlur: function () {
      clearTimeout(this.timer);
      this._close();
    },

    _onPick: function (event) {
      event.preventDefault();
      this._go(event.currentTarget);
    },

    _go: function (option) {
      var record = this.found[$(option).index()];
      if (this.options.page) {
        var folder = this.options.type ? "" : record.type + "/";
        window.location.assign(this.options.page + folder + record.name);
      } else {
        this._close();
        this.el.trigger("leszno-ngo:chosen", [record]);
      }
    },
  };
});
