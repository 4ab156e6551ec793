"""Public pages that browsers and proxies may keep: for a moment, and longer by asking (RFC 9111).

A page for anybody says for how long it is good, and has a tag of all that it depends on: the state
of the catalogue (``catalogue/page_changes.py``), the address, the portal's settings, and the time,
since "open until" passes by itself. Who asks with the tag of the present state is told so by one
statement of SQL: no page is made, and Solr is not asked.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any, TypeVar

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import CKANApp
from flask import Blueprint, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import page_changes
from ckanext.leszno_ngo.ckan_compat import request_data
from ckanext.leszno_ngo.logic.page_parts import PAGES
from ckanext.leszno_ngo.request_state import Slot
from ckanext.leszno_ngo.views.shared.response_rules import is_for_anyone, token_headers

caching = Blueprint("leszno_ngo_page_caching", __name__)

#: How long a page may be shown without asking, in seconds.
AGE = 60
#: How long a tag is good while nothing changes, in seconds: a deadline may pass meanwhile.
PERIOD = 300
#: How long a file whose name changes with it may be kept, in seconds.
_FOREVER = 31_536_000
_MARK = "ln-"
_TAG = "leszno_ngo_page_tag"
#: The tag of the page, noted before it is made.
_NOTED: Slot[str] = Slot("leszno_ngo_page_tag", "")
_ADDRESS = "leszno_ngo_page_address"
# As they come: CKAN takes the language out of the path.
_PARTS = ("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
#: CKAN's pages that anybody reads, and those of this extension that are no plugin's part.
_ENDPOINTS = frozenset(
    {"home.index", "home.about", "dataset.search", "dataset.read", "dataset_resource.read"}
    | {"organization.index", "organization.read", "group.index", "group.read"}
    | {"leszno_ngo_calendar.month", "leszno_ngo_map.show", "leszno_ngo_linked.vocabulary"}
    | {"leszno_ngo_statement.accessibility", "leszno_ngo_api.page"}
)
#: Lists of entries: a page a type.
_SEARCHES = "leszno_ngo_records"
_ASSETS = "webassets.index"
_View = TypeVar("_View", bound=Callable[..., Any])


def may_be_kept(view: _View) -> _View:
    """Mark the view of a plugin's page or file that anybody reads, to be kept as pages are.

    :param view: is made of nothing but what public pages are made of
    """
    setattr(view, _TAG, True)
    return view


def put_on(app: CKANApp) -> CKANApp:
    """Answer who has a page already before anything else looks at the request."""
    settings = _settings(app.config)
    app.config[_TAG] = settings
    app.wsgi_app = _answering(app.wsgi_app, settings)
    request_data.say_last(app, _as_said)
    return app


def _settings(config: Mapping[str, Any]) -> str:
    """Return a digest of what pages depend on as long as the process lives."""
    plain = {k: v for k, v in config.items() if isinstance(v, (str, int, float, bool))}
    versions = [version(name) for name in ("ckan", "ckanext-leszno-ngo")]
    return hashlib.sha256(repr((sorted(plain.items()), versions)).encode()).hexdigest()


def _tag(environ: Mapping[str, Any], settings: str, state: str) -> str:
    depends = (settings, state, int(time.time() // PERIOD), environ[_ADDRESS])
    return _MARK + hashlib.sha256(repr(depends).encode()).hexdigest()[:32]


def _answering(app: Callable[..., Any], settings: str) -> Callable[..., Any]:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        environ[_ADDRESS] = [str(environ.get(name, "")) for name in _PARTS]
        asked = environ.get("HTTP_IF_NONE_MATCH", "")
        if _MARK in asked and _asks_for_anybody(environ):
            known = _tag_now(environ, settings)
            model.Session.close()
            if known and f'W/"{known}"' in asked:
                start_response("304 NOT MODIFIED", _headers(known))
                return []
        return app(environ, start_response)

    return answer


def _headers(known: str) -> list[tuple[str, str]]:
    return [("ETag", f'W/"{known}"'), ("Cache-Control", _said(AGE)), ("Vary", "Accept, Cookie")]


def _said(age: int) -> str:
    return f"public, max-age={age}"


def _tag_now(environ: Mapping[str, Any], settings: str) -> str:
    """Return the tag of a page as it is now; empty where the database does not say."""
    try:
        return _tag(environ, settings, page_changes.state())
    except SQLAlchemyError:
        model.Session.rollback()
        return ""


def _asks_for_anybody(environ: Mapping[str, Any]) -> bool:
    """Whether a request is one for a page, of nobody in particular."""
    session = tk.config.get("SESSION_COOKIE_NAME") or "session"
    tokens = [f"HTTP_{name.upper().replace('-', '_')}" for name in token_headers()]
    cookies = environ.get("HTTP_COOKIE", "")
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and not any(name in environ for name in tokens)
        and not any(f"{name}=" in cookies for name in (session, "remember_token"))
    )


@caching.before_app_request
def _look() -> None:
    """Note the state of the catalogue before the page is made of it."""
    if _is_public_page() and _asks_for_anybody(tk.request.environ):
        _NOTED.set(_tag_now(tk.request.environ, tk.config[_TAG]))


def _is_public_page() -> bool:
    endpoint = tk.request.endpoint or ""
    blueprint, _, name = endpoint.rpartition(".")
    return (
        endpoint in _ENDPOINTS
        or endpoint in PAGES
        or blueprint == _SEARCHES
        or hasattr(current_app.view_functions.get(endpoint), _TAG)
        or (name == "read" and record_types.get(blueprint) is not None)
    )


@caching.after_app_request
def _let_keep(response: Response) -> Response:
    """Let a public page be kept."""
    if response.status_code not in (200, 304) or not is_for_anyone(response):
        return response
    if known := _NOTED.get():
        response.set_etag(known, weak=True)
        tk.request.environ[_TAG] = _said(AGE)
    elif tk.request.endpoint == _ASSETS:
        tk.request.environ[_TAG] = f"{_said(_FOREVER)}, immutable"
    elif (said := response.headers.get("Cache-Control", "")).startswith("public, max-age="):
        tk.request.environ[_TAG] = said  # by the view itself
    return response


def _as_said(response: Response) -> Response:
    """Put back what was said of keeping a response, over what CKAN says of all."""
    if said := tk.request.environ.get(_TAG):
        response.headers["Cache-Control"] = said
    return response
