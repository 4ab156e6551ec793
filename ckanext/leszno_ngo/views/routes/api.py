"""The description of the API (``/api/leszno-ngo/openapi.json``) and pages to read it and try it."""

from __future__ import annotations

import json
import mimetypes
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import flask_swagger_ui
from flask import Blueprint, Response, current_app, send_from_directory

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import formats, openapi
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.views.shared import global_search, http

api = Blueprint("leszno_ngo_api", __name__, url_prefix="/api/leszno-ngo")

_VIEWER = Path(flask_swagger_ui.__file__).parent / "dist"
_OURS = "leszno_ngo_"
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
_FILE = re.compile(r"\.[a-z0-9]+$")
#: How long a program may keep the description before it asks again, in seconds.
_AGE = 3600


@dataclass(frozen=True)
class Made:
    """A description that is kept: as data for the page, as bytes for programs."""

    types: list[RecordType]
    document: dict[str, Any]
    body: bytes
    tag: str


_made: dict[tuple[str, str], Made] = {}


@api.route("/openapi.json")
def description() -> Response:
    """Send the description of the API.

    :returns: OpenAPI 3.1 as JSON; status 304 to a program that has it already
    """
    made = _description()
    response = Response(made.body, content_type="application/json; charset=utf-8")
    response.set_etag(made.tag)
    response.headers["Cache-Control"] = f"public, max-age={_AGE}"
    http.for_everyone(response)
    return response.make_conditional(tk.request)  # type: ignore[return-value]


@api.route("/", strict_slashes=False)
def page() -> str:
    """Show what addresses there are, for people to read."""
    document = _description().document
    tags = {tag["name"]: [] for tag in document["tags"]}
    for address, methods in document["paths"].items():
        for method, operation in methods.items():
            tags.setdefault(operation["tags"][0], []).append((method.upper(), address, operation))
    return tk.render("leszno_ngo/api.html", {"document": document, "by_tag": tags})


@api.route("/konsola")
def console() -> str:
    """Show Swagger UI, with which requests can be tried."""
    return tk.render("leszno_ngo/api_console.html", {})


@api.route("/konsola/<name>")
def viewer(name: str) -> Response:
    """Send a file of Swagger UI from its package."""
    return send_from_directory(_VIEWER, name, max_age=_AGE)


def _description() -> Made:
    """Return the description in the page's language; made once for the same record types."""
    lang = tk.h.leszno_ngo_lang()
    server = tk.url_for("home.index", qualified=True, locale="default").rstrip("/")
    types = record_types.all_types()
    known = _made.get((lang, server))
    if known and len(known.types) == len(types) and all(map(_is, known.types, types)):
        return known
    document = openapi.document(types, global_search.everything(), lang, server, _other_files())
    body = json.dumps(document, ensure_ascii=False).encode()
    made = Made(types, document, body, sha256(body).hexdigest()[:16])
    _made[lang, server] = made
    return made


def _is(one: Any, other: Any) -> bool:
    return one is other


def _other_files() -> dict[str, Any]:
    """Describe the files that have views of their own, single records among them."""
    found = {}
    for rule in current_app.url_map.iter_rules():
        is_ours = rule.endpoint.startswith(_OURS) and "GET" in (rule.methods or ())
        if not is_ours or not _FILE.search(rule.rule) or rule.endpoint == f"{api.name}.description":
            continue
        defaults = rule.defaults or {}
        of_one = record_types.get(defaults.get("package_type")) if "<" in rule.rule else None
        address = _PLACE.sub(r"{\1}", rule.rule)
        view = current_app.view_functions[rule.endpoint]
        found[address] = {"get": openapi.files.of_view(address, _type_of(address), view, of_one)}
    return dict(sorted(found.items()))


def _type_of(address: str) -> str:
    suffix = address.rpartition(".")[2]
    known = formats.FORMATS.get(suffix)
    guessed = mimetypes.guess_type(address)[0]
    return known.content_type if known else guessed or "application/octet-stream"
