"""Requests that cannot be answered are refused at the door, on every page of the portal.

An address with hundreds of filters makes a page of megabytes: each is in the addresses of all the
others.

PostgreSQL keeps no text with a NUL or half of a surrogate pair in it, and the driver raises where
one is looked for; CKAN's own pages and actions (``/dataset/%00``) would answer with a server error.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from itertools import chain
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response, current_app

from ckanext.leszno_ngo import bounds, sent_json
from ckanext.leszno_ngo.ckan_compat import request_data
from ckanext.leszno_ngo.logic import uploads
from ckanext.leszno_ngo.views.shared import parameters

guard = Blueprint("leszno_ngo_request_validation", __name__)

#: Parameters that say where a page leads afterwards.
_GO_BACK_TO = ("came_from", "next")
#: Parameters of pages and of CKAN's helpers of forms that count something.
_COUNTS = ("page", "limit", "offset", "rows", "start")
#: PostgreSQL and Solr count pages of some dozen in 32 and 64 bits.
_DIGITS = 9
#: Where whatever is no number breaks a page, which others read as the first one; what does so
#: everywhere (``/user/?limit=x``).
_STRICT = ("/api/", "/harvest/")
_STRICT_NAMES = ("limit", "offset")
#: How many dots an address has at most.
_MOST_DOTS = 500
_ADDRESS = "CKAN_CURRENT_URL"

#: Pages that CKAN has for departments alone, though there is an address for groups, too.
_OF_NOTHING = ("group.bulk_process",)
#: Where pages are for those who make a theme, on their own machine.
_OF_DEVELOPERS = "/testing/"

#: No page has a line break in its address, and the name of a file that has one breaks a header.
_NO_PATH = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
# CKAN takes what begins otherwise for the name of a route.
_BEGINS_AS_ADDRESS = re.compile(r"/|https?://")
_ACTION = re.compile(r"/api/(?:3/)?action/(\w+)$")
#: What a form may have beside its file (MB).
_REST_OF_A_FORM = 2
# How JSON writes what is no text; whole pairs are written so, too, and are looked at more closely.
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


@guard.before_app_request
def refuse() -> Response | None:
    """Refuse an address that is no text, and what asks too much.

    :returns: 404 for a page of nothing and for no text in the path, 400 for it in a parameter and
        for an address with more parameters than anybody chooses, 413 for a form with too much.
    """
    if _is_too_large():
        return tk.abort(413, uploads.too_large(tk.config["ckan.max_resource_size"]))
    if _is_no_page():
        tk.abort(404)
    if b"%00" in tk.request.query_string:
        tk.abort(400, tk._("The address has a character that no text has"))
    if _asks_too_much() or _has_too_many_dots():
        return _too_much()
    if not _ACTION.search(tk.request.path):
        said = _odd_number()
        if said:
            return _refused(said)
    if not all(map(_is_local, map(tk.request.args.get, _GO_BACK_TO))):
        tk.abort(400, tk._("The address to go back to is not one of this portal"))
    return None


@guard.before_app_request
def refuse_jsonp() -> Response | None:
    """Refuse to answer with a script: one with words of the address would pass as the portal's."""
    if tk.request.path.startswith("/api/") and "callback" in tk.request.args:
        return _bad(tk._("The API answers in JSON, and not with a script (JSONP)"))
    return None


@guard.before_app_request
def refuse_what_is_sent() -> Response | None:
    """Refuse what is no text in headers, forms and JSON, and parameters that are none.

    :returns: 400, in the API as JSON
    """
    if tk.request.mimetype == "application/json":
        if _is_too_deep(tk.request.get_data()):
            return _bad(tk._("The data are nested too deep"))
        if _is_no_text(tk.request.get_data()):
            return _bad(_no_text())
    sent = tk.request
    if any(map(sent_json.NO_TEXT.search, sent.headers.values())):
        return _bad(_no_text())
    if any(map(sent_json.NO_TEXT.search, chain(sent.form, *sent.form.listvalues()))):
        tk.abort(400, _no_text())
    action = _ACTION.search(sent.path)
    return _refuse_parameters(action[1]) if action else None


def _is_no_page() -> bool:
    asked = tk.request
    if asked.endpoint in _OF_NOTHING or _NO_PATH.search(asked.path):
        return True
    if asked.path.startswith(_OF_DEVELOPERS) and not current_app.debug:
        return True
    return _is_of_another_file(asked.view_args or {})


def _is_of_another_file(named: Mapping[str, Any]) -> bool:
    """Whether an address names a view beside a file that it does not belong to.

    :param named: what the address names; CKAN's pages ask for the right to the file alone
    """
    view = model.ResourceView.get(named["view_id"]) if named.get("view_id") else None
    return view is not None and view.resource_id != named.get("resource_id", view.resource_id)


def _no_text() -> str:
    return tk._("A text has a character that no text has")


def _asks_too_much() -> bool:
    """Whether the address has more than anybody chooses: each filter is repeated on the page."""
    query = tk.request.query_string
    return len(query) > bounds.QUERY_STRING or query.count(b"&") >= bounds.PARAMETERS


def _has_too_many_dots() -> bool:
    """Whether the address cannot be made again by CKAN, which takes it for the name of a route.

    Flask looks for the parts of such a name by a call within a call for each.
    """
    return tk.request.environ[_ADDRESS].count(".") > _MOST_DOTS


def _too_much() -> Response:
    tk.request.environ[_ADDRESS] = "/"  # what pages make links to other languages of
    said = tk._(
        "The address has too many filters or too long words. Choose at most %(most)s filters"
    )
    return _refused(said % {"most": bounds.PARAMETERS})


def _refused(message: str) -> Response:
    if tk.request.path.startswith("/api/"):
        return _bad(message)
    return tk.abort(400, message)


def _odd_number() -> str | None:
    said = tk._("The parameter %(name)s must be a number from 0 to %(most)s")
    for name in _COUNTS:
        if not _is_count(name, tk.request.args.get(name)):
            return said % {"name": name, "most": 10 ** (_DIGITS - 1) - 1}
    for name in parameters.MOMENTS:
        if not parameters.is_moment(tk.request.args.get(name)):
            return said % {"name": name, "most": parameters.LAST_SECOND}
    return None


def _is_count(name: str, given: str | None) -> bool:
    """Whether a value is no number at all, of which pages make something, or one in bounds."""
    if given is None:
        return True
    if name in _STRICT_NAMES or tk.request.path.startswith(_STRICT):
        return given.isascii() and given.isdecimal() and len(given) < _DIGITS
    digits = given.strip().lstrip("+-")
    return not digits.isdecimal() or len(digits) < _DIGITS


def _is_too_large() -> bool:
    """Whether a form with files is so large that reading it to its end would only cost time."""
    most = tk.config["ckan.max_resource_size"] + _REST_OF_A_FORM
    size = tk.request.content_length or 0
    return tk.request.mimetype == "multipart/form-data" and size > most << 20


def _refuse_parameters(action: str) -> Response | None:
    """Refuse what is no action and parameters on which CKAN's actions break."""
    if tk.request.args.get("start") == "":
        return _bad(tk._("The parameter %(name)s has no value") % {"name": "start"})
    if not parameters.is_action(action):
        return _bad(tk._("There is no such action"))
    if not parameters.may_be_asked(action, tk.request.method):
        return _bad(tk._("This action changes data: it is asked by POST alone"))
    if tk.current_user.is_anonymous and parameters.needs_account(action):
        return _for_accounts()
    try:
        function = tk.get_action(action)
        given = request_data.action_parameters(reads=getattr(function, "side_effect_free", False))
    except (KeyError, ValueError):
        return None  # CKAN says so itself
    except RecursionError:
        return _bad(tk._("The data are nested too deep"))
    if sent_json.is_nested(given):
        return _bad(tk._("The data are nested too deep"))
    if any(map(sent_json.NO_TEXT.search, sent_json.texts(given))):
        return _bad(_no_text())
    odd = _no_number(given)
    if odd:
        return _bad(tk._("The parameter %(name)s has a number that JSON has not") % {"name": odd})
    said = parameters.fault(action, given)
    return _bad(said) if said else None


def _for_accounts() -> Response:
    """Answer as CKAN's API does to who may not."""
    error = {"__type": "Authorization Error", "message": tk._("Log in to do this")}
    text = json.dumps({"success": False, "error": error}, ensure_ascii=False)
    return Response(text, 403, mimetype="application/json")


def _bad(message: str) -> Response:
    """Answer as CKAN's API does to what it cannot read."""
    text = json.dumps(f"Bad request - {message}", ensure_ascii=False)
    return Response(text, 400, mimetype="application/json")


def _is_local(address: str | None) -> bool:
    if address and not (address.isprintable() and _BEGINS_AS_ADDRESS.match(address)):
        return False
    try:
        return not address or tk.h.url_is_local(address)
    except ValueError:
        return False


def _is_too_deep(body: bytes) -> bool:
    try:
        return sent_json.brackets(body) > sent_json.DEEPEST and sent_json.is_nested(
            json.loads(body)
        )
    except RecursionError:
        return True
    except ValueError:
        return False  # no JSON: CKAN says so itself


def _no_number(given: Mapping[str, Any]) -> str | None:
    """Name the parameter in which Infinity or NaN stands (RFC 8259, 6 has none of them)."""
    return next((name for name, value in given.items() if not _is_finite(value)), None)


def _is_finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return all(map(_is_finite, sent_json.inside(value)))


def _is_no_text(body: bytes) -> bool:
    if not _SUSPECT.search(body):
        return False
    try:
        return any(map(sent_json.NO_TEXT.search, sent_json.texts(json.loads(body))))
    except (ValueError, RecursionError):
        return False  # no JSON: CKAN says so itself
