"""The styles of this portal alone, as a file: the city's colour, and what a sysadmin typed.

CKAN writes what was typed at ``/ckan-admin/config`` into every page, where the
Content-Security-Policy allows no styles.
"""

from __future__ import annotations

from hashlib import sha256

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.leszno_ngo import colours, config

own_styles = Blueprint("leszno_ngo_site_styles", __name__)

#: How long a browser may keep them, in seconds: pages link to them with the version in the address.
_AGE = 3600


@own_styles.route("/leszno_ngo/site.css")
def styles() -> Response:
    """Send the styles; nothing where there are none."""
    response = Response(_text(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={_AGE}"
    response.add_etag()
    return response.make_conditional(tk.request)  # type: ignore[return-value]


def version() -> str:
    """Return what is in the address of the styles, so that a change shows at once.

    :returns: empty where the portal has no styles of its own
    """
    text = _text()
    return sha256(text.encode()).hexdigest()[:8] if text else ""


def require_colour() -> None:
    """Look at the city's colour.

    :raises ValueError: text cannot be read on it: said at the start, not on the pages
    """
    config.colour()


def _text() -> str:
    colour = config.colour()
    return (colours.stylesheet(colour) if colour else "") + (tk.g.site_custom_css or "")
