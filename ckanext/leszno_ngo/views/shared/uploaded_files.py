"""How files that people sent are handed out: saved by the browser, never shown on our origin.

A page in HTML, SVG or XML that somebody uploads would run its scripts with the rights of whoever
opens it here. So every such file is an attachment of exactly its type and, were it shown all the
same, in a sandbox: no scripts, no forms, an origin of its own.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.leszno_ngo import config, file_kinds
from ckanext.leszno_ngo.exports import formats

uploaded_files = Blueprint("leszno_ngo_uploaded_files", __name__)

_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
#: What no name of a file has: control characters, and those that turn the direction of writing.
_NO_NAME = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]")
_UNNAMED = "plik"


@uploaded_files.after_app_request
def hand_out(response: Response) -> Response:
    """Put the headers on every answer that has a file in it, whole or in part."""
    if _is_uploaded(tk.request.path) and response.status_code in (200, 206, 304):
        response.headers.update(_HEADERS)
        response.headers.set("Content-Disposition", "attachment", **_names(_name()))
    return response


def _is_uploaded(path: str) -> bool:
    """Whether an address is one of a file: a resource's, a picture's, one of CKAN's storages."""
    endpoint = tk.request.endpoint or ""
    if endpoint == "static":
        return path.startswith("/uploads/")
    return endpoint.endswith("resource.download") or endpoint.startswith("file.")


def _name() -> str:
    """Return the name to save by. Whoever makes a link writes it: one that runs gets an ending."""
    name = _NO_NAME.sub("", tk.request.path.rstrip("/").rpartition("/")[2])
    if name.startswith("."):  # CKAN keeps nothing else of a name without a Latin letter
        name = _UNNAMED + name
    known = {*config.upload_types(), *formats.FORMATS}
    return name if file_kinds.ending(name) in known else f"{name or _UNNAMED}.bin"


def _names(name: str) -> dict[str, str]:
    """Return a name as a header has it: in ASCII, and whole beside it (RFC 6266, section 4.3)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    if plain == name:
        return {"filename": name}
    return {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
