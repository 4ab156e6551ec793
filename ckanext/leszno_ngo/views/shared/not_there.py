"""What the reader may not read is not there: one answer for both, on every page and in the API.

It is asked before the page is, so that no page can tell them apart. Who is not logged in is told to
log in by the page of 404 itself, whatever was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.leszno_ngo.ckan_compat import request_data
from ckanext.leszno_ngo.logic import named
from ckanext.leszno_ngo.views.shared.contexts import request_context

not_there = Blueprint("leszno_ngo_not_there", __name__)

#: What arguments of the routes below name.
_ARGUMENTS = {
    **dict.fromkeys(("id", "id_", "_id", "name", "source"), "record"),
    "resource_id": "file",
    "view_id": "view",
    "activity_id": "activity",
    "job_id": "job",
    "object_id": "object",
}
#: Blueprints whose routes name records, beside those of record types.
_OF_RECORDS = frozenset(
    {
        *("activity", "croissant", "dcat", "harvester"),
        *("leszno_ngo_bin", "leszno_ngo_dashboard", "leszno_ngo_documents", "leszno_ngo_export"),
        *("leszno_ngo_follow", "leszno_ngo_forms", "leszno_ngo_harvest_runs"),
        *("leszno_ngo_harvesting", "leszno_ngo_results", "leszno_ngo_versions"),
    }
)
_OF_GROUPS = frozenset({"group", "organization"})
#: Routes whose arguments name something else: endpoint → argument → kind.
_GROUP = {"id": "group"}
_CHANGE = {"id": "activity"}
_OTHERS: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(("feeds.group", "feeds.organization"), _GROUP),
    **dict.fromkeys(("activity.group_activity", "activity.organization_activity"), _GROUP),
    **dict.fromkeys(("datastore.dump", "datastore.dictionary"), {"resource_id": "table"}),
    **dict.fromkeys(
        ("datatablesview.ajax", "datatablesview.filtered_download"), {"resource_view_id": "view"}
    ),
    "activity.user_activity": {},
    **dict.fromkeys(
        (
            "activity.package_changes",
            "activity.group_changes",
            "activity.organization_changes",
        ),
        _CHANGE,
    ),
    "harvester.job_show": {"id": "job", "source": "record"},
    "leszno_ngo_harvesting.abort": {"id": "job", "source": "record"},
    **dict.fromkeys(("leszno_ngo_linked.thing", "leszno_ngo_linked.record"), _ARGUMENTS),
}
_CHANGES = ("old_id", "new_id")


@not_there.before_app_request
def hide() -> Response | None:
    """Answer 404 where something is asked about that the reader may not read, or that is nowhere.

    :returns: in the API as CKAN's API does
    """
    is_api = tk.request.endpoint == "api.action"
    if named.are_there(request_context(), _named_by_action() if is_api else _named_by_route()):
        return None
    return _no_answer() if is_api else tk.abort(404)


def _named_by_action() -> Iterator[named.Named]:
    action = str((tk.request.view_args or {}).get("logic_function"))
    try:
        reads = getattr(tk.get_action(action), "side_effect_free", False)
        given = request_data.action_parameters(reads=reads)
    except (KeyError, ValueError):
        return  # CKAN says so itself
    yield from named.by_action(action, given)


def _named_by_route() -> Iterator[named.Named]:
    args = tk.request.view_args or {}
    for argument, kind in _kinds(args).items():
        if args.get(argument):
            yield named.Named(kind, str(args[argument]))
    if (tk.request.endpoint or "").startswith("activity."):
        for name in filter(tk.request.args.get, _CHANGES):
            yield named.Named("activity", tk.request.args[name])


def _kinds(args: Mapping[str, Any]) -> Mapping[str, str]:
    endpoint, blueprint = tk.request.endpoint or "", tk.request.blueprint or ""
    if endpoint in _OTHERS:
        return _OTHERS[endpoint]
    if endpoint == "harvester.object_show":
        return {"id": "object" if args.get("ref_type") == "object" else "record"}
    if blueprint in _OF_GROUPS:
        return _GROUP
    return _ARGUMENTS if blueprint in _OF_RECORDS or "package_type" in args else {}


def _no_answer() -> Response:
    said = tk._("There is nothing here that you may see")
    error = {"__type": "Not Found Error", "message": said}
    text = json.dumps({"success": False, "error": error}, ensure_ascii=False)
    return Response(text, 404, mimetype="application/json")
