"""Earlier versions of a record are for those who may change it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.leszno_ngo.views.reader import reader

history = Blueprint("leszno_ngo_history", __name__)


@history.before_app_request
def refuse_files_of_before() -> None:
    """Ask for the right that ckanext-activity forgets on its page of an earlier file."""
    if tk.request.endpoint != "activity.resource_history":
        return
    try:
        tk.check_access("activity_data_show", reader(), {"id": tk.request.view_args["activity_id"]})
    except tk.ObjectNotFound:
        tk.abort(404)
    except tk.NotAuthorized:
        tk.abort(403)
