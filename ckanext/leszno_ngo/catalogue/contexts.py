"""On whose behalf the catalogue asks CKAN's actions."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Context


def anonymous_context() -> Context:
    """Return the context of nobody in particular: whoever asks, only public records are found."""
    return {"user": "", "auth_user_obj": None}


def site_user() -> str:
    """Return the name of the site's own account, which does what no person asks for."""
    return tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
