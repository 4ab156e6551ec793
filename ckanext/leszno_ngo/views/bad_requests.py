"""What a page breaks on because of what was asked is the asker's fault, not the server's.

Many pages of CKAN and of extensions let through what their actions raise (a number that no column
holds, a field that a form lacks, a filter that is none) and would answer with a server error.
"""

from __future__ import annotations

import json
import logging
import re

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.navl.dictization_functions import DataError
from flask import Blueprint, Response
from sqlalchemy import exc

log = logging.getLogger(__name__)

bad_requests = Blueprint("leszno_ngo_bad_requests", __name__)


#: Formats that CKAN's dumps of the DataStore have; its own check of them breaks.
_DUMPS = ("", "csv", "tsv", "json", "xml")


#: Beginnings of the endpoints whose pages break on a list of nothing, and on an order that is none.
_OF_ACTIVITIES = ("activity.",)
_ORDERED = ("group.read", "organization.read")
_ORDER = re.compile(r"[\w.]+ (?:asc|desc)(?:, ?[\w.]+ (?:asc|desc)){0,9}", re.ASCII)


@bad_requests.before_app_request
def look_at_order() -> Response | None:
    """Refuse an order on which CKAN's pages of departments and groups break."""
    asked = tk.request.args.get("sort")
    wrong = tk.request.endpoint in _ORDERED and asked and not _ORDER.fullmatch(asked)
    return _wrong("sort") if wrong else None


@bad_requests.app_errorhandler(IndexError)
def nothing_then(error: IndexError) -> Response:
    """Answer 404 where a page of activities is asked for a time in which there were none."""
    if not (tk.request.endpoint or "").startswith(_OF_ACTIVITIES):
        raise error
    return _answer(404, tk._("There is nothing here"))


@bad_requests.before_app_request
def look_at_dump() -> Response | None:
    """Refuse a dump of the DataStore with parameters that its page breaks on."""
    if tk.request.endpoint != "datastore.dump":
        return None
    asked = tk.request.args
    if asked.get("format", "") not in _DUMPS:
        return _wrong("format")
    return None if _is_object(asked.get("filters")) else _wrong("filters")


def _is_object(given: str | None) -> bool:
    try:
        return not given or isinstance(json.loads(given), dict)
    except (ValueError, RecursionError):
        return False


def _wrong(names: str) -> Response:
    return _answer(400, tk._("A value cannot be used: %(names)s") % {"names": names})


@bad_requests.app_errorhandler(tk.ValidationError)
@bad_requests.app_errorhandler(DataError)
@bad_requests.app_errorhandler(exc.DataError)
def refused(error: Exception) -> Response:
    """Answer 400 to values that an action, or PostgreSQL, does not take."""
    # Fields alone are logged: values may be personal data.
    said = error.error_dict if isinstance(error, tk.ValidationError) else {}
    log.warning("Refused %s: %s %s", tk.request.path, type(error).__name__, ", ".join(said))
    if isinstance(error, exc.DataError):
        model.Session.rollback()
    return _wrong(", ".join(map(str, said)) or "?")


@bad_requests.app_errorhandler(tk.NotAuthorized)
def forbidden(_error: Exception) -> Response:
    """Answer 403 where a page asks for what its reader may not see."""
    return _answer(403, tk._("You may not see this page"))


@bad_requests.app_errorhandler(tk.ObjectNotFound)
def not_found(_error: Exception) -> Response:
    """Answer 404 where a page asks for what is not there."""
    return _answer(404, tk._("There is nothing here"))


def _answer(status: int, text: str) -> Response:
    if tk.request.path.startswith("/api/"):
        return Response(json.dumps(text, ensure_ascii=False), status, mimetype="application/json")
    page = tk.render("error_document_template.html", {"code": status, "content": text})
    return Response(page, status, content_type="text/html; charset=utf-8")
