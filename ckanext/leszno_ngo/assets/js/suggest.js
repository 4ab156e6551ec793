/* Suggestions under a search box while a person types: an ARIA combobox with a list
 * (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Without it the box is a plain search.
 *
 * type    - record type, or several with commas between; empty for all of them
 * source  - address of the suggestions: of the search box (a list of group, title and url), or
 *           the API's action
 * page    - whether choosing opens the page suggested; without it the record chosen is handed to
 *           others by the event "leszno-ngo:chosen", with the record as its detail
 * label   - name of the list
 * none    - said when there is nothing
 * some    - said when there are suggestions, with {n}
 */
(function () {
  "use strict";
  var WAIT = 150; // milliseconds without a key before the catalogue is asked
  var LEAST = 2; // characters

  lesznoNgo.component("suggest", {
    options: { type: "", source: "", page: "", label: "", none: "", some: "" },

    initialize: function () {
      this.input = this.el.querySelector("input");
      var id = this.input.id + "-list";
      var named = { id: id, role: "listbox", hidden: "", "aria-label": this.options.label };
      this.list = lesznoNgo.element("ul", named);
      this.status = lesznoNgo.element("div", { role: "status", class: "visually-hidden" });
      this.input.setAttribute("role", "combobox");
      this.input.setAttribute("aria-autocomplete", "list");
      this.input.setAttribute("aria-expanded", "false");
      this.input.setAttribute("aria-controls", id);
      this.el.append(this.list, this.status);
      this.chosen = -1;
      this.asked = 0;
      this.input.addEventListener("input", this._onInput);
      this.input.addEventListener("keydown", this._onKey);
      this.input.addEventListener("blur", this._onBlur);
      // mousedown, so that the box keeps the focus while an entry is chosen
      this.list.addEventListener("mousedown", this._onPick);
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
          return answer.ok ? answer.json() : [];
        })
        .then(function (answer) {
          // an answer that comes after a newer question, or after the person left, is stale
          if (number === self.asked && document.activeElement === self.input) {
            self._show(answer.result || answer);
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
      var group = "";
      found.forEach(function (record, position) {
        if (record.group && record.group !== group) {
          group = record.group;
          var heading = document.createElement("li");
          heading.setAttribute("role", "presentation");
          heading.className = "ln-suggest-group";
          heading.textContent = group;
          self.list.append(heading);
        }
        var option = document.createElement("li");
        option.id = self.list.id + "-" + position;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        // The kind is said with the entry too: headings are not read in a list of options.
        if (record.group) {
          option.setAttribute("aria-label", record.title + ", " + record.group);
        }
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

    _choices: function () {
      return this.list.querySelectorAll("[role=option]");
    },

    _select: function (position) {
      var options = this._choices();
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
      var last = this._choices().length - 1;
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
        this._go(this._choices()[this.chosen]);
      }
    },

    _onBlur: function () {
      clearTimeout(this.timer);
      this._close();
    },

    _onPick: function (event) {
      var option = event.target.closest("[role=option]");
      if (option) {
        event.preventDefault();
        this._go(option);
      }
    },

    _go: function (option) {
      var record = this.found[Array.from(this._choices()).indexOf(option)];
      if (this.options.page) {
        window.location.assign(record.url);
      } else {
        this._close();
        this.el.dispatchEvent(new CustomEvent("leszno-ngo:chosen", { detail: record, bubbles: true }));
      }
    },
  });
})();
