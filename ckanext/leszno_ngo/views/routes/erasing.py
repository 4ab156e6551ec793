"""Erasing a person's data from every store, for sysadmins (``/panel/usuwanie``)."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo.privacy import erasure, wording
from ckanext.leszno_ngo.privacy.erasure import NothingToEraseError, Wanted
from ckanext.leszno_ngo.privacy.patterns import TooShortError

erasing = Blueprint("leszno_ngo_erasing", __name__)

_MOST_CHARACTERS = 10_000


@erasing.route("/panel/usuwanie", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    """Show the form; where the form was sent, where its texts were found, or what was erased.

    Nothing is erased without the second button, ``confirm``.

    :returns: the page; the form to sign in for anonymous readers; 403 for all but sysadmins; 400
        with what was typed where nothing can be looked for
    """
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.url_for("leszno_ngo_erasing.show"))
    if not getattr(tk.current_user, "sysadmin", False):
        return tk.abort(403)
    form = tk.request.form
    typed = {name: form.get(name, "")[:_MOST_CHARACTERS] for name in ("record", "texts")}
    page = {"typed": typed, "wording": wording, "error": "", "found": None, "done": None}
    if tk.request.method == "GET":
        return _page(page)
    try:
        wanted = Wanted.of(_name(typed["record"]), typed["texts"].splitlines())
    except TooShortError:
        return _page({**page, "error": wording.too_short()}), 400
    except NothingToEraseError:
        error = tk._("There is no such entry. Give the address of its page, or a text")
        return _page({**page, "error": error}), 400
    if form.get("confirm"):
        return _page({**page, "done": erasure.erase(wanted), "by_hand": wording.by_hand()})
    return _page({**page, "found": erasure.preview(wanted)})


def _page(values: dict) -> str:
    return tk.render("leszno_ngo/erasing.html", values)


def _name(address: str) -> str:
    """Return the name of a record that is given by its page's address, its name or id."""
    return address.strip().partition("?")[0].rstrip("/").rpartition("/")[2]
