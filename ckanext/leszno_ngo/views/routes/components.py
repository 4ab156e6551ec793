"""The page of every component, while the portal is debugged and for sysadmins."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.leszno_ngo.views.pages.components import PATH, states

components = Blueprint("leszno_ngo_components", __name__)


@components.route(PATH)
def page() -> str:
    """Show the components.

    :returns: the page; 404 for who is no sysadmin, on a portal that is not debugged
    """
    if not (tk.config.get("debug") or getattr(tk.current_user, "sysadmin", False)):
        return tk.abort(404)
    return tk.render("leszno_ngo/components.html", states())
