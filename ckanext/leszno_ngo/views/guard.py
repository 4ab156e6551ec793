"""Addresses that no database can be asked by are refused at the door, on every page of the portal.

PostgreSQL keeps no text with a NUL in it, and the driver raises where one is looked for; CKAN's own
pages (``/dataset/%00``) would answer with a server error.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

guard = Blueprint("leszno_ngo_guard", __name__)

_NUL = "\x00"


@guard.before_app_request
def refuse_nul() -> None:
    """Abort with 404 where the path has a NUL, with 400 where a parameter has one."""
    if _NUL in tk.request.path:
        tk.abort(404)
    if b"%00" in tk.request.query_string:
        tk.abort(400, tk._("The address has a character that no text has"))
