/* What is typed into a form is kept in this browser and on the server until it is saved, discarded
 * or so many days old. Each opening of a form has a number; what is kept of it goes by that number, in
 * both places. Passwords and files are not kept, nor is the token of the session; of addresses and
 * options of sources the server keeps what is no secret, and this browser nothing.
 */
(function () {
  "use strict";
  var PREFIX = "leszno_ngo:form:";
  var DAY = 24 * 60 * 60 * 1000;
  // More than the server takes: what it refuses as too large is here all the same.
  var MOST = 2000000;
  var LOOKS = 2000;
  var SENDS = 4000;

  // Typed, or filled in by the browser on the way back, before the scripts were there.
  var isTypedEarly = Array.from(document.querySelectorAll("form .ln-kept")).some((mark) =>
    Array.from(mark.closest("form").elements).some(isChangedByHand)
  );
  var seeTyping = (event) => (isTypedEarly = isTypedEarly || event.isTrusted);
  document.addEventListener("input", seeTyping);

  function isChangedByHand(control) {
    if (control.options) {
      // without a choice of its own a select shows its first option
      var isChosen = Array.from(control.options).some((one) => one.defaultSelected);
      return isChosen
        ? Array.from(control.options).some((one) => one.selected !== one.defaultSelected)
        : control.selectedIndex > 0;
    }
    return (
      control.checked !== control.defaultChecked ||
      (/^(text|email|tel|url|search|number|date|textarea)/.test(control.type) &&
        control.value !== control.defaultValue)
    );
  }

  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch (error) {
      return null;
    }
  }

  function write(key, entry) {
    var text = JSON.stringify(entry);
    try {
      if (text.length <= MOST) {
        localStorage.setItem(key, text);
        return true;
      }
    } catch (error) {
      // full, or closed by the browser's settings: the server's copy is what there is
    }
    return false;
  }

  function forget(key) {
    try {
      localStorage.removeItem(key);
    } catch (error) {
      // closed by the browser's settings: nothing is in it
    }
  }

  function keys(beginning) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(beginning));
    } catch (error) {
      return [];
    }
  }

  /* On each page of an account: texts that were saved, those of other accounts and old ones go.
   * At logout go those that the server has, too.
   *
   * data-account - id of the account
   * data-saved   - forms saved of late: number~moment up to which what was typed is saved
   * data-days    - how long texts are kept
   */
  lesznoNgo.component("kept-texts", {
    initialize: function () {
      var mine = PREFIX + this.el.dataset.account + ":";
      var keptFor = Number(this.el.dataset.days) * DAY;
      var said = (this.el.dataset.saved || "").split(" ");
      var saved = new Map(said.map((one) => one.split("~")).reverse());
      keys(PREFIX).forEach(function (key) {
        var entry = read(key);
        var isOld = !entry || Date.now() - entry.at > keptFor;
        if (isOld || !key.startsWith(mine) || entry.at <= Number(saved.get(entry.number))) {
          forget(key);
        }
      });
      this.el.querySelector('form[action$="/user/_logout"]').addEventListener("submit", function () {
        keys(mine).filter((key) => read(key).sent).forEach(forget);
      });
    },
  });

  /* A mark inside a form (templates/leszno_ngo/snippets/kept_form.html).
   *
   * data-name, data-account, data-number - which form this is, whose, and which opening of it
   * data-secrets  - names of controls that may have a secret: this browser does not keep them
   * data-typed    - whether it shows something that is not stored
   * data-address, data-discards - where the server keeps and forgets it
   * data-kept, data-local, data-failed, data-restored, data-partly - what is said about it, with {hour}
   * data-when     - how a moment is written, with {day} and {hour}
   */
  lesznoNgo.component("kept", {
    initialize: function () {
      this.form = this.el.closest("form");
      this.form.addEventListener("formdata", this._onFormData);
      this.data = this.el.dataset;
      this.key = this._keyOf(this.data.number);
      this.isLeaving = false;
      // the form's own modules change it first
      setTimeout(this._onReady, 0);
    },

    _keyOf: function (number) {
      return PREFIX + this.data.account + ":" + this.data.name + ":" + number;
    },

    _onReady: function () {
      document.removeEventListener("input", seeTyping);
      this.isFilled = this.data.typed === "true";
      var isStored = this._goBack() || !(this.isFilled || isTypedEarly);
      this._begin(isStored ? this._shown() : null);
      this.storedHere = this.isFilled ? null : this._shown(this._open());
      this._offer();
      setInterval(this._onLook, LOOKS);
      setInterval(this._onSend, SENDS);
      window.addEventListener("beforeunload", this._onLeave);
      window.addEventListener("pagehide", this._onLook);
      window.addEventListener("pageshow", this._onShow);
      this.form.addEventListener("submit", this._onSubmit);
      document.querySelectorAll(".ln-unsaved").forEach(function (list) {
        list.addEventListener("click", this._onRestore);
        list.addEventListener("submit", this._onDiscard);
      }, this);
      if (new URLSearchParams(location.search).get("filled") === "latest") {
        this._restoreLatest();
      }
    },

    /* From here on it is changed where it shows something else. */
    _begin: function (stored) {
      this.stored = stored;
      this.known = stored;
      this.unsent = null;
    },

    /* What was sent from this place of the history, if it was saved: the page that came then has
     * forgotten what was kept here. */
    _saved: function () {
      var sent = (history.state || {}).sentForm;
      var isSaved = sent && sent.name === this.data.name && !read(this._keyOf(sent.number));
      return isSaved ? sent : null;
    },

    /* Gone back to after it was saved, it is the form that was sent, also where the browser has
     * fetched it again: it makes no second record, and it has its rows.
     * Returns whether it shows what is saved. */
    _goBack: function () {
      var sent = this._saved();
      var navigation = performance.getEntriesByType("navigation")[0];
      if (!sent || !navigation || navigation.type !== "back_forward") {
        return false;
      }
      this.data.number = sent.number;
      this.key = this._keyOf(sent.number);
      this.el.querySelector("input").value = sent.opening;
      this._put(sent.fields, (control) => !isChangedByHand(control));
      return this._isAsSent(sent);
    },

    _isAsSent: function (sent) {
      return this._shown(this._open()) === this._shown(sent.fields);
    },

    /* Whatever is sent says when, behind whose form it is. */
    _onFormData: function (event) {
      var name = this.el.querySelector("input").name;
      var opening = event.formData.get(name).split("~")[0];
      event.formData.set(name, opening + "~" + Date.now());
    },

    /* What the form sends, without files and the session's token. */
    _fields: function () {
      var secret = Array.from(this.form.querySelectorAll("[type=password]"), (one) => one.name);
      secret.push("_csrf_token");
      return Array.from(new FormData(this.form)).filter(
        ([name, value]) => typeof value === "string" && !secret.includes(name)
      );
    },

    /* Of these, what this browser may keep. */
    _open: function () {
      var secret = this.data.secrets.split(" ");
      return this._fields().filter(([name]) => !secret.includes(name));
    },

    /* What a person sees of it: without what the form itself carries along. */
    _shown: function (fields) {
      var hidden = this.form.querySelectorAll(":scope > [type=hidden], .ln-kept > [type=hidden]");
      var own = Array.from(hidden, (one) => one.name);
      return JSON.stringify((fields || this._fields()).filter(([name]) => !own.includes(name)));
    },

    _isChanged: function () {
      return this.stored === null || this._shown() !== this.stored;
    },

    _onLook: function () {
      var shown = this._shown();
      if (this.isLeaving || shown === this.known) {
        return;
      }
      this.known = shown;
      if (shown === this.stored) {
        this._forgetThis();
        return;
      }
      this._keepHere(false);
      this.unsent = shown;
    },

    _keepHere: function (sent) {
      var fields = this._open();
      this.isHere = write(this.key, {
        at: Date.now(),
        number: this.data.number,
        sent: sent,
        fields: fields,
      });
    },

    _forgetThis: function () {
      forget(this.key);
      this.unsent = null;
      this._send(this.data.discards, this._fields(), function () {});
      this._say("");
    },

    _onSend: function () {
      var shown = this.unsent;
      if (shown === null || this.isLeaving || this.sending) {
        return;
      }
      this._send(this.data.address, this._fields(), (isKept) => {
        if (isKept && this.unsent === shown) {
          this.unsent = null;
          if (this._shown() === shown) {
            this._keepHere(true);
          }
        }
        this._say(isKept ? this.data.kept : this.isHere ? this.data.local : this.data.failed);
      });
    },

    _send: function (address, fields, done) {
      var token = this.form.querySelector("[name=_csrf_token]");
      var body = new URLSearchParams(fields);
      if (token) {
        body.append(token.name, token.value);
      }
      this.sending = new AbortController();
      return fetch(address, {
        method: "POST",
        body: body,
        redirect: "manual",
        signal: this.sending.signal,
      })
        .then((answer) => answer.status === 204)
        .catch(() => false)
        .then((isKept) => {
          this.sending = null;
          if (!this.isLeaving) {
            done(isKept);
          }
        });
    },

    _say: function (text) {
      var hour = new Date().toTimeString().slice(0, 5);
      this.el.querySelector(".ln-kept-state").textContent = text.replace("{hour}", hour);
    },

    /* Texts that this browser has and the server has not, or not as late as this. */
    _offer: function () {
      var list = document.getElementById("unsaved-forms");
      if (this.isFilled || !list) {
        return;
      }
      keys(this._keyOf("")).forEach((key) => {
        var entry = read(key);
        if (this._shown(entry.fields) === this.storedHere) {
          forget(key);
        } else if (!list.querySelector('li[data-number="' + entry.number + '"]')) {
          list.querySelector("ul").append(this._entry(list.querySelector("template"), entry));
          list.hidden = false;
        }
      });
    },

    _entry: function (pattern, entry) {
      var item = pattern.content.firstElementChild.cloneNode(true);
      var at = new Date(entry.at);
      var day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" });
      var said = this.data.when.replace("{day}", day.format(at));
      var values = new Map(entry.fields);
      var title = values.get("title") || values.get("name");
      item.dataset.number = entry.number;
      item.querySelector(".ln-unsaved-when").textContent = said.replace(
        "{hour}",
        at.toTimeString().slice(0, 5)
      );
      item.querySelector(".ln-unsaved-title").textContent = title ? ": „" + title + "”" : "";
      item.querySelector("a").setAttribute("href", "?filled=" + entry.number);
      var opening = item.querySelector("form > input:not([name=_csrf_token])");
      opening.value = new Map(entry.fields).get(opening.name);
      return item;
    },

    /* The server fills the form in; what only the browser has is sent to it first. */
    _onRestore: function (event) {
      var link = event.target.closest("a");
      if (!link) {
        return;
      }
      var entry = read(this._keyOf(link.closest("[data-number]").dataset.number));
      this._onLook();
      if (!entry || entry.sent) {
        this.isLeaving = true;
        return;
      }
      event.preventDefault();
      this._restore(entry);
    },

    /* The way back from a page that says that the server has not taken the form. */
    _restoreLatest: function () {
      var entries = keys(this._keyOf("")).map(read);
      entries.sort((one, other) => other.at - one.at);
      if (entries.length) {
        this._restore(entries[0]);
      }
    },

    _restore: function (entry) {
      this._send(this.data.address, entry.fields, (isKept) => {
        if (isKept) {
          this.isLeaving = true;
          location.assign("?filled=" + entry.number);
        } else {
          this._fill(entry.fields);
        }
      });
    },

    /* What is too large for the server, or kept while it does not answer. */
    _fill: function (fields) {
      var said = this._put(fields, () => true) ? this.data.restored : this.data.partly;
      this._say(said);
      var offer = document.getElementById("unsaved-forms");
      offer.querySelector("h2").textContent = said;
      offer.querySelector("ul").hidden = true;
      offer.hidden = false;
    },

    /* Puts values into those controls that take one; returns whether all had a place. */
    _put: function (fields, takes) {
      var values = new Map();
      var filled = new Set();
      fields.forEach(([name, value]) => values.set(name, (values.get(name) || []).concat(value)));
      values.forEach((_, name) => this._makeRow(name));
      values.forEach((given, name) => this._makeLines(name, given.length));
      Array.from(this.form.elements).forEach((control) => {
        var given = values.get(control.name) || [];
        if (control.closest(".ln-kept") || control.type === "fieldset") {
          return;
        }
        var isOne = control.name && given.length && control.type !== "file";
        if (control.type === "checkbox" || control.type === "radio") {
          control.checked = takes(control) ? given.includes(control.value) : control.checked;
        } else if (control.options && control.multiple) {
          Array.from(takes(control) ? control.options : []).forEach(
            (one) => (one.selected = given.includes(one.value))
          );
        } else if (isOne) {
          var value = given.shift();
          this._putOne(control, takes(control) ? value : control.value);
          filled.add(control.name);
        }
      });
      return Array.from(filled).every((name) => !values.get(name).length);
    },

    /* What shows a value in a way of its own (forms.js) is told. */
    _putOne: function (control, value) {
      if (control.value !== value) {
        control.value = value;
        control.dispatchEvent(new CustomEvent("leszno-ngo:filled", { bubbles: true }));
      }
    },

    /* Adds lines to ckanext-scheming's field of several texts until there are enough. */
    _makeLines: function (name, count) {
      var lines = () => this.form.querySelectorAll('input[name="' + CSS.escape(name) + '"]').length;
      var button = this.form.querySelector('[data-multiple-add="' + CSS.escape(name) + '"]');
      for (var left = button ? count - lines() : 0; left > 0; left--) {
        button.click();
      }
    },

    /* Adds rows to a table until it has the one that a cell stands in. */
    _makeRow: function (name) {
      var cell = /^(.+)-(\d{1,3})-.+$/.exec(name);
      var table = cell && document.getElementById("field-" + cell[1]);
      var button = table && table.querySelector(".ln-row-add");
      for (var left = cell ? Number(cell[2]) + 1 : 0; button && left > 0; left--) {
        if (!this.form.elements[name]) {
          button.click();
        }
      }
    },

    _onDiscard: function (event) {
      var number = event.target.closest("[data-number]").dataset.number;
      forget(this._keyOf(number));
      if (number === this.data.number) {
        this.isLeaving = true;
        if (this.sending) {
          this.sending.abort();
        }
      }
    },

    _onSubmit: function () {
      this._keepHere(false);
      this.isLeaving = true;
      if (this.sending) {
        this.sending.abort();
      }
      var sent = {
        name: this.data.name,
        number: this.data.number,
        opening: this.el.querySelector("input").value,
        fields: this._open(),
      };
      try {
        history.replaceState({ ...history.state, sentForm: sent }, "");
      } catch (error) {
        // too much for the browser's history: gone back to, it counts as not saved
      }
    },

    _onLeave: function (event) {
      if (!this.isLeaving && this._isChanged()) {
        event.preventDefault();
      }
    },

    _onShow: function (event) {
      if (event.persisted) {
        this.isLeaving = false;
        var sent = this._saved();
        if (sent) {
          this._begin(this._isAsSent(sent) ? this._shown() : null);
        }
      }
    },
  });
})();
