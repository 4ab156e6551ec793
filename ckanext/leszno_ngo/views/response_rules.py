"""What holds for every answer before it leaves: who may keep it, and what spreadsheets make of it.

CKAN lets caches keep whatever is not a page of its own (``Cache-Control: public``), an answer to an
official included. Here an answer is public only where nobody in particular has asked for it.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, session

from ckanext.leszno_ngo.ckan_compat import request_data
from ckanext.leszno_ngo.exports import safe_csv

answers = Blueprint("leszno_ngo_response_rules", __name__)

#: CKAN's dumps of the DataStore that spreadsheets open: value of ``format`` → delimiter.
_TABLES = {"csv": ",", "tsv": "\t"}


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
