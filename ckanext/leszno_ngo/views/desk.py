"""The desk of a signed-in official (``/panel``): what waits for them, and by when."""

from __future__ import annotations

import datetime as dt
import logging

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchError
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo import moments, record_types
from ckanext.leszno_ngo.catalogue import figures
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import desk as lists
from ckanext.leszno_ngo.vocabularies import Term

log = logging.getLogger(__name__)

desk = Blueprint("leszno_ngo_desk", __name__)


@desk.route("/panel")
def show() -> ResponseReturnValue:
    """Show what waits for the departments of whoever is signed in.

    :returns: the page; the form to sign in for anonymous readers; status 503 while Solr is away
    """
    if tk.current_user.is_anonymous:
        return tk.redirect_to("user.login", came_from=tk.h.url_for("leszno_ngo_desk.show"))
    context = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    units = _units(context, "update_dataset")
    member_of = _units(context, "read")
    ids = [unit["id"] for unit in units]
    try:
        # The figures of /program: what counts there must not be called missing here.
        year = str(moments.today(dt.datetime.now(dt.timezone.utc)).year)
        forms = [line.term for line in figures.work_out(year).forms if line.term and not line.count]
        found = {
            "drafts": lists.drafts([unit["id"] for unit in member_of]),
            "due": lists.due(ids),
            "year": year,
            "forms": [(term, _types_of(term)) for term in forms],
        }
    except SearchError as error:
        log.error("The desk has no lists: %s", error)
        return tk.render("leszno_ngo/desk.html", {"units": member_of, "found": None}), 503
    return tk.render("leszno_ngo/desk.html", {"units": member_of, "found": found})


def _units(context: dict, permission: str) -> list[dict]:
    ask = tk.get_action("organization_list_for_user")
    return ask(dict(context), {"permission": permission})  # type: ignore[arg-type]


def _types_of(term: Term) -> list[RecordType]:
    """The record types by which a form of the programme is served."""
    return [t for t in record_types.all_types() if term.code in t.programme_forms]
