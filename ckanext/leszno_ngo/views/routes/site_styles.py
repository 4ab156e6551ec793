"""The styles of this portal alone, as a file."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.leszno_ngo.views.pages import site_styles

own_styles = Blueprint("leszno_ngo_site_styles", __name__)

#: How long a browser may keep them, in seconds: pages link to them with the version in the address.
_AGE = 3600


@own_styles.route("/leszno_ngo/site.css")
def styles() -> Response:
    """Send the styles; nothing where there are none."""
    response = Response(site_styles.text(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={_AGE}"
    response.add_etag()
    return response.make_conditional(tk.request)  # type: ignore[return-value]
