"""Earlier versions of a record are for those who may change it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.leszno_ngo.views.shared.contexts import request_context

history = Blueprint("leszno_ngo_history", __name__)


#: Pages of ckanext-activity that ask for no right, or break where there is none: endpoint → the
#: names under which they are given the ids of activities, in the path or in the query.
_FORGETFUL = {
    "activity.resource_history": ("activity_id",),
    "activity.package_changes_multiple": ("old_id", "new_id"),
    "activity.group_changes_multiple": ("old_id", "new_id"),
    "activity.organization_changes_multiple": ("old_id", "new_id"),
}


@history.before_app_request
def refuse() -> None:
    """Ask for the right to read a version before a page shows it: 403, and 404 where none is."""
    for name in _FORGETFUL.get(tk.request.endpoint or "", ()):
        id_ = (tk.request.view_args or {}).get(name) or tk.request.args.get(name)
        try:
            tk.get_action("activity_show")(request_context(), {"id": id_, "include_data": True})
        except (tk.ObjectNotFound, tk.ValidationError):
            tk.abort(404)
        except tk.NotAuthorized:
            tk.abort(403)
