"""What officials do with a harvest source: every change asks by POST, with CKAN's token.

ckanext-harvest changes things when an address is opened. Its addresses stay: opened, they show a
page that asks; the button on it does what is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from ckanext.harvest.logic import HarvestJobExists, HarvestSourceInactiveError
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo import sent_json
from ckanext.leszno_ngo.harvest import clear as clearing
from ckanext.leszno_ngo.views.shared.contexts import request_context

harvesting = Blueprint("leszno_ngo_harvesting", __name__)

# Names of a list on the page of a source that is to be cleared.
_LISTED = 50


@harvesting.before_app_request
def ask_first() -> ResponseReturnValue | None:
    """Show a page that asks where ckanext-harvest would act, whichever plugin's route is first."""
    page = _PAGES.get(tk.request.endpoint or "")
    if page is None or tk.request.method not in ("GET", "HEAD"):
        return None
    return page(**(tk.request.view_args or {}))


@harvesting.route("/harvest/refresh/<id>", methods=["GET", "POST"])
def refresh(id: str) -> ResponseReturnValue:
    """Start a harvest.

    :param id: the source's id or name
    """
    source = _source(id, "harvest_source_update")
    if tk.request.method != "POST":
        return _ask("refresh", source)
    try:
        tk.get_action("harvest_job_create")(
            request_context(), {"source_id": source["id"], "run": True}
        )
        said = tk._("Harvest will start shortly. Refresh this page for updates.")
        tk.h.flash_success(said)
    except HarvestSourceInactiveError:
        tk.h.flash_error(tk._("The source is deleted. Restore it first"))
    except HarvestJobExists:
        tk.h.flash_notice(tk._("A harvest job has already been scheduled for this source"))
    except tk.ValidationError as error:
        tk.h.flash_error(_text_of(error))
    return _to_source(source)


@harvesting.route("/harvest/<source>/job/<id>/abort", methods=["GET", "POST"])
def abort(source: str, id: str) -> ResponseReturnValue:
    """Stop a harvest.

    :param source: the source's id or name
    :param id: the job
    """
    found = _source(source, "harvest_source_update")
    _allow("harvest_job_abort", {"id": id})
    if tk.request.method != "POST":
        return _ask("abort", found, job=id)
    try:
        tk.get_action("harvest_job_abort")(request_context(), {"id": id})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Harvest job not found"))
    tk.h.flash_success(tk._("Harvest job stopped"))
    return _to_source(found)


@harvesting.route("/harvest/delete/<id>", methods=["GET", "POST"])
def delete(id: str) -> ResponseReturnValue:
    """Delete a source; its records and jobs stay.

    :param id: the source's id or name
    """
    source = _source(id, "harvest_source_delete")
    if tk.request.method != "POST":
        return _ask("delete", source)
    tk.get_action("harvest_source_delete")(request_context(), {"id": source["id"]})
    tk.h.flash_success(tk._("The source is deleted. Its records stay"))
    return tk.redirect_to("harvest.search")


@harvesting.route("/harvest/clear/<id>", methods=["GET", "POST"])
def clear(id: str) -> ResponseReturnValue:
    """Say which records of a source would go to the bin, and send them there.

    :param id: the source's id or name
    """
    source = _source(id, "harvest_source_clear")
    if tk.request.method != "POST":
        found = clearing.preview(request_context(), source["id"])
        return _ask("clear", source, preview=found, listed=_LISTED)
    try:
        done = tk.get_action("harvest_source_clear")(request_context(), {"id": source["id"]})
    except tk.ValidationError as error:
        tk.h.flash_error(_text_of(error))
    else:
        said = tk.ungettext(
            "%(num)d record is in the bin. It can be restored on this page",
            "%(num)d records are in the bin. They can be restored on this page",
            done["removed"],
        )
        tk.h.flash_success(f"{said}. {tk._('Stay')}: {sum(done['kept'].values())}")
    return _to_source(source)


@harvesting.route("/harvest/restore/<id>", methods=["POST"])
def restore(id: str) -> ResponseReturnValue:
    """Bring back what was cleared last.

    :param id: the source's id or name
    """
    source = _source(id, "harvest_source_restore")
    try:
        done = tk.get_action("harvest_source_restore")(request_context(), {"id": source["id"]})
    except tk.ValidationError as error:
        tk.h.flash_error(_text_of(error))
        return _to_source(source)
    said = tk.ungettext("%(num)d record is back", "%(num)d records are back", done["restored"])
    tk.h.flash_success(said)
    for one in done["failed"][:_LISTED]:
        tk.h.flash_error(tk._("Not restored: %(title)s: %(why)s") % one)
    return _to_source(source)


def show_object(id: str, ref_type: str) -> ResponseReturnValue:
    """Show what a source said of a record, as data and never as a page.

    :param id: the harvest object, or the record
    :param ref_type: ``object`` or ``dataset``: which of them
    """
    key = "id" if ref_type == "object" else "dataset_id"
    try:
        found = tk.get_action("harvest_object_show")(request_context(), {key: id})
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.NotAuthorized:
        return tk.abort(403)
    content = found["content"] or found["extras"].get("original_document") or ""
    if not content:
        return tk.abort(404)
    response = Response(content, mimetype="application/json" if _is_json(content) else "text/plain")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _is_json(content: str) -> bool:
    try:
        sent_json.read(content, None)
    except ValueError:
        return False
    return True


#: Endpoints of ckanext-harvest that act, or show what they should not, when they are opened.
_PAGES: dict[str, Callable[..., ResponseReturnValue]] = {
    "harvester.refresh": refresh,
    "harvester.job_abort": abort,
    "harvester.delete": delete,
    "harvester.clear": clear,
    "harvester.object_show": show_object,
}


def _source(id_: str, permission: str) -> dict[str, Any]:
    try:
        tk.check_access(permission, request_context(), {"id": id_})
        return tk.get_action("harvest_source_show")(request_context(), {"id": id_})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Harvest source not found"))
    except tk.NotAuthorized:
        return tk.abort(403)


def _allow(permission: str, data: dict[str, Any]) -> None:
    context: Context = request_context()
    try:
        tk.check_access(permission, context, data)
    except tk.NotAuthorized:
        tk.abort(403)


def _ask(what: str, source: dict[str, Any], **more: Any) -> str:
    return tk.render(f"leszno_ngo/harvest/{what}.html", {"source": source, **more})


def _to_source(source: dict[str, Any]) -> ResponseReturnValue:
    return tk.redirect_to("harvester.admin", id=source["name"])


def _text_of(error: tk.ValidationError) -> str:
    return " ".join(str(text) for text in error.error_summary.values())
