"""What holds for every answer before it leaves: who may keep it, and what spreadsheets make of it.

CKAN lets caches keep whatever is not a page of its own (``Cache-Control: public``), an answer to an
official included. Here an answer is public only where nobody in particular has asked for it.
"""

from __future__ import annotations

import re

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, session

from ckanext.leszno_ngo.ckan_compat import request_data
from ckanext.leszno_ngo.exports import safe_csv

answers = Blueprint("leszno_ngo_response_rules", __name__)

#: CKAN's dumps of the DataStore that spreadsheets open: value of ``format`` → delimiter.
_TABLES = {"csv": ",", "tsv": "\t"}

_XML = re.compile(r"[/+]xml$")
#: Control characters, U+FFFE and U+FFFF as UTF-8 writes them (XML 1.0, 2.2).
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


@answers.after_app_request
def keep_private(response: Response) -> Response:
    """Take an answer that was made for somebody out of public caches and from other sites."""
    if is_for_anyone(response):
        return response
    response.cache_control.public = None  # type: ignore[assignment]
    response.cache_control.private = True
    if response.headers.get("Access-Control-Allow-Origin") == "*":
        del response.headers["Access-Control-Allow-Origin"]
    request_data.keep_from_public_caches()
    return response


def is_for_anyone(response: Response) -> bool:
    """Whether the answer is what anybody gets who asks without an account or a session."""
    has_token = any(name in tk.request.headers for name in token_headers())
    return not (
        has_token
        or tk.current_user.is_authenticated
        or session.modified
        or "Set-Cookie" in response.headers
    )


def token_headers() -> tuple[str, str]:
    """Return the names of the headers by which a request says whose it is."""
    return ("Authorization", tk.config["apitoken_header_name"])


@answers.after_app_request
def protect_formulas(response: Response) -> Response:
    """Have a dump of the DataStore protected as our own files are."""
    delimiter = _TABLES.get(tk.request.args.get("format") or "csv")
    if tk.request.endpoint == "datastore.dump" and delimiter and response.status_code == 200:
        response.response = safe_csv.stream(response.iter_encoded(), delimiter)
        response.headers.pop("Content-Length", None)
    return response


@answers.after_app_request
def keep_xml_whole(response: Response) -> Response:
    """Write spaces for characters that XML has not, in whatever CKAN and extensions write as XML.

    Files that are stored are handed out as they are.
    """
    if response.direct_passthrough or not _is_xml(response):
        return response
    if response.is_streamed:
        response.response = map(_in_xml, response.iter_encoded())
    elif _NOT_IN_XML.search(response.get_data()):
        response.set_data(_in_xml(response.get_data()))
    return response


def _is_xml(response: Response) -> bool:
    """Whether an answer is XML; dumps of the DataStore say of none what they are."""
    is_dump = tk.request.endpoint == "datastore.dump" and tk.request.args.get("format") == "xml"
    return is_dump or bool(_XML.search(response.mimetype or ""))


def _in_xml(part: bytes) -> bytes:
    return _NOT_IN_XML.sub(lambda found: b" " * len(found[0]), part)
