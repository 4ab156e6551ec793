"""CKAN's own forms open with what was typed into them and not saved."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo.views.shared import ckan_forms, kept_forms

filling = Blueprint("leszno_ngo_filled_forms", __name__)


@filling.before_app_request
def fill_in() -> ResponseReturnValue | None:
    """Answer a form whose address says what was kept of it (``kept_forms.FILLED``)."""
    is_asked_for = tk.request.method == "GET" and kept_forms.FILLED in tk.request.args
    found = ckan_forms.of_page() if is_asked_for and tk.current_user.is_authenticated else None
    if found is None:
        return None
    name, subject = found
    args = tk.request.view_args or {}
    form = ckan_forms.FORMS[name]
    try:
        stored = form.stored(args)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None  # CKAN's view says so
    data = kept_forms.filled(name, subject)
    return form.show(args, {**stored, **data}) if data else None
