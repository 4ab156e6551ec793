"""The styles that a sysadmin typed at ``/ckan-admin/config``, as a file.

CKAN writes them into every page, where the Content-Security-Policy allows none.
"""

from __future__ import annotations

from hashlib import sha256

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

own_styles = Blueprint("leszno_ngo_site_styles", __name__)

#: How long a browser may keep them, in seconds: pages link to them with the version in the address.
_AGE = 3600


@own_styles.route("/leszno_ngo/site.css")
def styles() -> Response:
    """Send the styles; nothing where there are none."""
    response = Response(tk.g.site_custom_css or "", content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={_AGE}"
    response.add_etag()
    return response.make_conditional(tk.request)  # type: ignore[return-value]


def version() -> str:
    """Return what is in the address of the styles, so that a change shows at once."""
    return sha256(tk.g.site_custom_css.encode()).hexdigest()[:8]
