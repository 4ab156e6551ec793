"""Mended actions of ckanext-harvest; the harvester plugins put them in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import redis
from ckan import logic
from ckan.types import Context

from ckanext.leszno_ngo.harvest import abandoned, messages, store
from ckanext.leszno_ngo.harvest.model import SourceError

_Action = Callable[[Context, dict[str, Any]], Any]


@tk.chained_action
def harvest_source_reindex(_original: _Action, context: Context, data_dict: dict[str, Any]) -> bool:
    """Index a harvest source; by POST alone, as everything that writes.

    ckanext-harvest 1.6.3 indexes it by the wrong schema on CKAN 2.12, after which
    ``harvest_source_show`` gives no ``source_type``, ``frequency`` and ``status``, and
    ``ckan harvester run-test`` fails the second time. CKAN's own indexing is right.

    :param id: id of the source
    :type id: string
    :returns: ``True``
    """
    source_id = tk.get_or_bust(data_dict, "id")
    # Whoever may end a job may: ckanext-harvest calls it without a user.
    allowed = Context(context, ignore_auth=True)  # type: ignore[arg-type,misc]
    tk.check_access("harvest_source_reindex", allowed, {"id": source_id})
    logic.index_update_package(
        Context(ignore_auth=True, user="", use_cache=False, validate=False),
        source_id,
        defer_commit=context.get("defer_commit", False),
    )
    return True


@tk.chained_action
def harvest_sources_reindex(original: _Action, context: Context, data_dict: dict[str, Any]) -> bool:
    """Index all harvest sources; by POST alone, as everything that writes.

    :returns: ``True``
    """
    return original(context, data_dict)


@tk.chained_action
def harvest_source_create(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Create a harvest source; the parameters are those of ckanext-harvest.

    On CKAN 2.12 its answer has no ``status``, on which ``ckan harvester source create`` ends in an
    error after it has made the source.

    :returns: the source
    :rtype: dictionary
    """
    tk.check_access("harvest_source_create", context, data_dict)
    source = original(context, data_dict)
    if not source.get("status"):
        allowed = Context(context, ignore_auth=True)  # type: ignore[arg-type,misc]
        show_status = tk.get_action("harvest_source_show_status")
        source["status"] = show_status(allowed, {"id": source["id"]})
    return source


@tk.chained_action
def harvest_job_create(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Create a harvest job and run it; the parameters are those of ckanext-harvest.

    A job that its worker left behind does not stand in the way: it is ended first.

    :returns: the job
    :rtype: dictionary
    """
    tk.check_access("harvest_job_create", context, data_dict)
    source_id = tk.get_or_bust(data_dict, "source_id")
    abandoned.end(source_id, unsent=True)
    try:
        # Closes the jobs that have ended well.
        tk.get_action("harvest_jobs_run")(Context(ignore_auth=True), {"source_id": source_id})
        return original(context, data_dict)
    except redis.RedisError as error:
        for job in store.open_jobs(source_id):
            if job.gather_started is None:
                abandoned.finish(job.id, "queue_away")
        raise tk.ValidationError({"message": [messages.stop(SourceError("queue_away"))]}) from error


@tk.chained_action
def harvest_jobs_run(original: _Action, context: Context, data_dict: dict[str, Any]) -> list[Any]:
    """Start due harvests and close finished ones; the parameters are those of ckanext-harvest.

    Jobs that their workers left behind are ended before that, with the reason.

    :returns: nothing
    :rtype: list
    """
    tk.check_access("harvest_jobs_run", context, data_dict)
    for source_id in abandoned.end(data_dict.get("source_id")):
        tk.get_action("harvest_source_reindex")(Context(ignore_auth=True), {"id": source_id})
    return original(context, data_dict)


@tk.chained_action
@tk.side_effect_free
def harvest_job_show(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Show a harvest job, with the number of unchanged records that its harvest left alone.

    An unchanged record has no harvest object, so ckanext-harvest cannot count it.

    :param id: id of the job
    :type id: string
    :returns: the job
    :rtype: dictionary
    """
    return _with_figures(original(context, data_dict))


@tk.chained_action
@tk.side_effect_free
def harvest_source_show_status(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Show a harvest source's status; see ``harvest_job_show`` for its last job's figures.

    :param id: id of the source
    :type id: string
    :returns: the status
    :rtype: dictionary
    """
    status = original(context, data_dict)
    if status.get("last_job"):
        status["last_job"] = _with_figures(status["last_job"])
    return status


def _with_figures(job: dict[str, Any]) -> dict[str, Any]:
    summary = store.summary_of(job["id"]) if "stats" in job else None
    if summary is None:
        return job
    return {**job, "stats": {**job["stats"], "not modified": summary["unchanged"]}}


def all_actions() -> dict[str, Callable[..., Any]]:
    """Return the actions by name."""
    return {
        action.__name__: action
        for action in (
            harvest_source_create,
            harvest_source_reindex,
            harvest_sources_reindex,
            harvest_job_create,
            harvest_jobs_run,
            harvest_job_show,
            harvest_source_show_status,
        )
    }
