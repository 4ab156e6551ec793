"""Following a record: its changes come to one's CKAN dashboard, and by e-mail where that is on."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.views.shared.contexts import request_context

follow = Blueprint("leszno_ngo_follow", __name__)


@follow.route("/obserwuj/<name>", methods=["POST"], defaults={"action": "follow_dataset"})
@follow.route("/nie-obserwuj/<name>", methods=["POST"], defaults={"action": "unfollow_dataset"})
def change(name: str, action: str) -> Response:
    """Begin or cease to follow a record, and go back to its page.

    :param name: the end of the record's address
    :param action: ``follow_dataset`` or ``unfollow_dataset``
    :returns: a redirection; 403 for nobody signed in, 404 for no such record
    """
    try:
        record = tk.get_action("package_show")(request_context(), {"id": name})
        tk.check_access(action, request_context(), {"id": record["id"]})
    except tk.NotAuthorized:
        return tk.abort(403)
    except tk.ObjectNotFound:
        return tk.abort(404)
    if record_types.get(record["type"]) is None:
        return tk.abort(404)
    # What another window has done already need not be done again.
    following = tk.get_action("am_following_dataset")(request_context(), {"id": record["id"]})
    if following != (action == "follow_dataset"):
        tk.get_action(action)(request_context(), {"id": record["id"]})
    return tk.redirect_to(f"{record['type']}.read", id=record["name"])  # type: ignore[return-value]
