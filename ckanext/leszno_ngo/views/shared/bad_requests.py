"""What a page breaks on because of what was asked is the asker's fault, not the server's.

Many pages of CKAN and of extensions let through what their actions raise (a number that no column
holds, a field that a form lacks, a filter that is none) and would answer with a server error.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.navl.dictization_functions import DataError
from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue
from jinja2 import UndefinedError
from sqlalchemy import exc
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, NotFound

from ckanext.leszno_ngo import sent_json

log = logging.getLogger(__name__)

bad_requests = Blueprint("leszno_ngo_bad_requests", __name__)


#: Beginnings of the endpoints whose pages break on a list of nothing, and on an order that is none.
_OF_ACTIVITIES = ("activity.",)
#: Of previews of tables, which their own script asks.
_OF_PREVIEWS = ("datatablesview.ajax", "datatablesview.filtered_download")
_ORDERED = ("group.read", "organization.read")
_ORDER = re.compile(r"|[\w.]+ (?:asc|desc)(?:, ?[\w.]+ (?:asc|desc)){0,9}", re.ASCII)
#: Where CKAN's pages are, in the path of their code.
_VIEWS = "/ckan/views/"


def _is_object(given: str | None) -> bool:
    try:
        return not given or isinstance(sent_json.read(given), dict)
    except ValueError:
        return False


#: What pages of CKAN and its extensions take, and break on anything else: endpoint → parameter.
_TAKEN: Mapping[str, Mapping[str, Callable[[str], object]]] = {
    "activity.dashboard": {"type": re.compile("|dataset|group|organization|user").fullmatch},
    "api.user_autocomplete": {"limit": re.compile("[0-9]{1,6}").fullmatch},
    "datastore.dump": {
        "format": re.compile("|csv|tsv|json|xml").fullmatch,
        "filters": _is_object,
        # Words in PostgreSQL's own syntax break on what is none.
        "plain": re.compile("|1|t|true|y|yes|on", re.IGNORECASE).fullmatch,
    },
    **dict.fromkeys(_ORDERED, {"sort": _ORDER.fullmatch}),
}


@bad_requests.before_app_request
def check_registration() -> ResponseReturnValue | None:
    """Refuse values on which pages break."""
    for name, is_taken in _TAKEN.get(tk.request.endpoint or "", {}).items():
        given = tk.request.args.get(name)
        if given is not None and not is_taken(given):
            return _wrong([name])
    return None


@bad_requests.app_errorhandler(UndefinedError)
def is_not_searched(error: UndefinedError) -> ResponseReturnValue:
    """Answer 400 where CKAN's page of a department shows a search that Solr has refused.

    :raises UndefinedError: it is a fault of another page's template
    """
    if tk.request.endpoint not in _ORDERED:
        raise error
    return _answer(BadRequest(tk._("The search engine does not understand this query")))


@bad_requests.app_errorhandler(FileNotFoundError)
def is_not_stored(error: FileNotFoundError) -> ResponseReturnValue:
    """Answer 404 where a description of a file has no file.

    :raises FileNotFoundError: it is no download
    """
    if not (tk.request.endpoint or "").endswith("resource.download"):
        raise error
    return _answer(NotFound(tk._("There is nothing here")))


@bad_requests.app_errorhandler(AttributeError)
@bad_requests.app_errorhandler(RecursionError)
@bad_requests.app_errorhandler(TypeError)
@bad_requests.app_errorhandler(ValueError)
def is_no_question(error: Exception) -> ResponseReturnValue:
    """Answer 400 where a table's preview is asked in a way that its script never asks.

    :raises Exception: it is a fault of another page
    """
    if not _is_of_previews():
        raise error
    return _answer(BadRequest(tk._("The question to the table could not be read")))


def _is_of_previews() -> bool:
    return (tk.request.endpoint or "").startswith(_OF_PREVIEWS)


@bad_requests.app_errorhandler(IndexError)
def nothing_then(error: IndexError) -> ResponseReturnValue:
    """Answer 404 where a page of activities is asked for a time in which there were none."""
    if _is_of_previews():
        return is_no_question(error)
    if not (tk.request.endpoint or "").startswith(_OF_ACTIVITIES):
        raise error
    return _answer(NotFound(tk._("There is nothing here")))


@bad_requests.app_errorhandler(tk.ValidationError)
@bad_requests.app_errorhandler(DataError)
def refused(error: Exception) -> ResponseReturnValue:
    """Answer 400 to values that an action does not take, with the names of their fields."""
    # Fields alone are said and logged: values may be personal data.
    names = [str(name) for name in getattr(error, "error_dict", ())]
    log.warning("Refused %s: %s %s", tk.request.path, type(error).__name__, ", ".join(names))
    return _wrong(names)


@bad_requests.app_errorhandler(exc.DataError)
def does_not_fit(error: exc.DataError) -> ResponseReturnValue:
    """Answer 400 to values that PostgreSQL does not take; it may be a fault of a check, too."""
    # The message of PostgreSQL has the value in it, as the parameters do.
    kind = type(error.orig).__name__
    log.error("PostgreSQL refused %s: %s in %s", tk.request.path, kind, error.statement)
    model.Session.rollback()
    return _wrong([])


@bad_requests.app_errorhandler(KeyError)
def is_not_whole(error: KeyError) -> ResponseReturnValue:
    """Answer 400 to a form without a control that CKAN's page takes for granted.

    :raises KeyError: it is no such form, but a fault of the program
    """
    if _is_of_previews():
        return is_no_question(error)
    name = error.args[0] if error.args else None
    is_of_form = tk.request.method == "POST" and name not in tk.request.form
    if not is_of_form or _VIEWS not in _raised_in(error):
        raise error
    return _answer(BadRequest(tk._("The form could not be read")))


def _raised_in(error: Exception) -> str:
    """Return the path of the code that raised an error."""
    frames = traceback.extract_tb(error.__traceback__)
    # CKAN finds its blueprints by a path with dots in it.
    return Path(frames[-1].filename).resolve().as_posix() if frames else ""


@bad_requests.app_errorhandler(tk.NotAuthorized)
def forbidden(_error: Exception) -> ResponseReturnValue:
    """Answer 403 where a page asks for what its reader may not see."""
    return _answer(Forbidden(tk._("You may not see this page")))


@bad_requests.app_errorhandler(tk.ObjectNotFound)
def not_found(_error: Exception) -> ResponseReturnValue:
    """Answer 404 where a page asks for what is not there."""
    return _answer(NotFound(tk._("There is nothing here")))


def _wrong(names: list[str]) -> ResponseReturnValue:
    if names:
        text = tk._("A value cannot be used: %(names)s") % {"names": ", ".join(names)}
    else:
        text = tk._("A value does not fit: it is too long, too large or of another kind")
    return _answer(BadRequest(text))


def _answer(error: HTTPException) -> ResponseReturnValue:
    if tk.request.path.startswith("/api/"):
        text = json.dumps(error.description, ensure_ascii=False)
        return Response(text, error.code, mimetype="application/json")
    return current_app.handle_http_exception(error)  # type: ignore[return-value]
