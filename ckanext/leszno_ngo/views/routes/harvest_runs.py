"""What an official does with a run of a harvest: confirm what it asked about, undo it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest.logic import HarvestJobExists, HarvestSourceInactiveError
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.leszno_ngo.harvest import messages, store, undo
from ckanext.leszno_ngo.harvest.model import SourceError
from ckanext.leszno_ngo.views.shared.contexts import request_context

harvest_runs = Blueprint("leszno_ngo_harvest_runs", __name__)


@harvest_runs.route("/harvest/<source>/job/<job_id>/undo", methods=["POST"])
def take_back(source: str, job_id: str) -> ResponseReturnValue:
    """Undo a run.

    :param source: name of its source
    :param job_id: the harvest job
    """
    _source_of(job_id)
    try:
        found = undo.undo(job_id, user=tk.current_user.name, as_operator=False)
    except SourceError as stop:
        model.Session.rollback()
        tk.h.flash_error(messages.stop(stop))
    else:
        counts = {"restored": found.restored, "removed": found.removed, "left": len(found.left)}
        tk.h.flash_success(
            tk._("Put back: %(restored)s, taken back: %(removed)s, not undone: %(left)s") % counts
        )
    return tk.redirect_to("harvester.job_show", source=source, id=job_id)


@harvest_runs.route("/harvest/<source>/job/<job_id>/confirm", methods=["POST"])
def confirm(source: str, job_id: str) -> ResponseReturnValue:
    """Run a source again with what a run asked about confirmed: that plan and no other.

    :param source: name of its source
    :param job_id: the harvest job that asked
    """
    source_id = _source_of(job_id)
    plan = (store.summary_of(job_id) or {}).get("plan")
    if not plan:
        return tk.abort(404)
    try:
        create = tk.get_action("harvest_job_create")
        job = create(request_context(), {"source_id": source_id, "run": False})
        store.confirm(job["id"], source_id, plan)
        tk.get_action("harvest_send_job_to_gather_queue")(request_context(), {"id": job["id"]})
    except tk.NotAuthorized:
        return tk.abort(403)
    except (HarvestJobExists, HarvestSourceInactiveError):
        tk.h.flash_error(tk._("This source is being harvested already. Wait until that run ends"))
        return tk.redirect_to("harvester.job_show", source=source, id=job_id)
    tk.h.flash_success(tk._("Confirmed. The source is being fetched again"))
    return tk.redirect_to("harvester.job_show", source=source, id=job["id"])


def _source_of(job_id: str) -> str:
    """Return the id of a job's source, for who may harvest it."""
    source_id = store.source_of(job_id)
    if source_id is None:
        tk.abort(404)
    try:
        tk.check_access("harvest_job_create", request_context(), {"source_id": source_id})
    except tk.NotAuthorized:
        tk.abort(403)
    return str(source_id)
