"""Mended actions of ckanext-harvest; the harvester plugins put them in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
import redis
import sqlalchemy as sa
from ckan import model
from ckan.types import Context
from ckanext.harvest.logic import HarvestJobExists
from ckanext.harvest.model import HarvestObject, HarvestObjectError, HarvestSource
from ckanext.harvest.utils import DATASET_TYPE_NAME
from flask import has_request_context

from ckanext.leszno_ngo import sent_json
from ckanext.leszno_ngo.ckan_compat import harvesting
from ckanext.leszno_ngo.harvest import (
    abandoned,
    auth,
    clear,
    kept_secrets,
    messages,
    naming,
    rights,
    settings,
    store,
)
from ckanext.leszno_ngo.harvest.model import SourceError
from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS

_Action = Callable[[Context, dict[str, Any]], Any]


class JobWaits(HarvestJobExists, tk.ValidationError):
    """A job of the source has not ended; the API says so, pages and commands catch the other."""

    def __init__(self) -> None:
        said = tk._("This source is being harvested already. Wait until that run ends")
        tk.ValidationError.__init__(self, {"source_id": [said]})


@tk.chained_action
def harvest_source_reindex(_original: _Action, context: Context, data_dict: dict[str, Any]) -> bool:
    """Index a harvest source; by POST alone, as everything that writes.

    :param id: id of the source
    :type id: string
    :returns: ``True``
    """
    source_id = tk.get_or_bust(data_dict, "id")
    # ckanext-harvest's commands and jobs call it without a user.
    is_asked = context.get("user") or has_request_context()
    asker = context if is_asked else harvesting.without_rules(context)
    tk.check_access("harvest_source_reindex", asker, {"id": source_id})
    harvesting.index_source(source_id, defer_commit=context.get("defer_commit", False))
    return True


@tk.chained_action
def harvest_sources_reindex(original: _Action, context: Context, data_dict: dict[str, Any]) -> bool:
    """Index all harvest sources; by POST alone, as everything that writes.

    :returns: ``True``
    """
    return original(context, data_dict)


@tk.chained_action
def harvest_abort_failed_jobs(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> str:
    """End the jobs that have run for too long; for sysadmins. The parameters are ckanext-harvest's.

    :returns: what was done
    :rtype: string
    """
    tk.check_access("harvest_abort_failed_jobs", context, data_dict)
    return original(context, data_dict)


@tk.chained_action
def harvest_source_create(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Create a harvest source; the parameters are those of ckanext-harvest.

    :returns: the source
    :rtype: dictionary
    """
    tk.check_access("harvest_source_create", context, data_dict)
    _refuse_secrets(context, data_dict)
    with kept_secrets.apart(data_dict) as without:
        source = original(context, without)
    return harvesting.with_status(context, source)


@tk.chained_action
def harvest_source_update(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Update a harvest source; the parameters are those of ckanext-harvest.

    :returns: the source
    :rtype: dictionary
    """
    _kept_source(data_dict)
    tk.check_access("harvest_source_update", context, data_dict)
    _refuse_secrets(context, data_dict)
    with kept_secrets.apart(data_dict, kept_secrets.stored(data_dict)) as without:
        return original(context, without)


@tk.chained_action
def harvest_source_patch(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Update the given fields of a harvest source; the parameters are those of ckanext-harvest.

    :returns: the source
    :rtype: dictionary
    """
    _kept_source(data_dict)
    tk.check_access("harvest_source_patch", context, data_dict)
    _refuse_secrets(context, data_dict)
    with kept_secrets.apart(data_dict, kept_secrets.stored(data_dict)) as without:
        return original(context, without)


@tk.chained_action
def harvest_source_delete(original: _Action, context: Context, data_dict: dict[str, Any]) -> None:
    """Send a harvest source to the bin, and no other dataset; its records stay.

    :param id: id or name of the source
    :type id: string
    """
    _kept_source(data_dict)
    original(context, data_dict)


@tk.chained_action
def package_create(original: _Action, context: Context, data_dict: dict[str, Any]) -> Any:
    """Create a dataset; secrets in the options of a harvest source are kept apart.

    :returns: as CKAN's
    :rtype: dictionary
    """
    if data_dict.get("type") != DATASET_TYPE_NAME:
        return original(context, data_dict)
    with kept_secrets.apart(data_dict) as without:
        return original(context, without)


@tk.chained_action
def package_update(original: _Action, context: Context, data_dict: dict[str, Any]) -> Any:
    """Update a dataset; secrets in the options of a harvest source are kept apart.

    :returns: as CKAN's
    :rtype: dictionary
    """
    stored = kept_secrets.stored(data_dict)
    if stored is None:
        return original(context, data_dict)
    with kept_secrets.apart(data_dict, stored) as without:
        return original(context, without)


def _refuse_secrets(context: Context, source: Mapping[str, Any]) -> None:
    """Refuse a source with secrets before ckanext-harvest logs it, as it logs whatever it is given.

    :raises ValidationError: its address has a password or is none of the web, or its options are
        none of ours
    """
    errors: dict[str, Any] = {}
    if not _is_readable(source.get("config")):
        raise tk.ValidationError({"config": [tk._("Write the options as the text of an object")]})
    url = source.get("url")
    fault = rights.address_fault(context, source) if isinstance(url, str) and url else ""
    if fault:
        errors["url"] = [messages.stop(SourceError(fault))]
    kind = str(source.get("source_type") or "").removeprefix(settings.PREFIX)
    if kind in SOURCE_KINDS:
        try:
            settings.parse(kind, source.get("config"))
        except settings.SettingsError as error:
            errors["config"] = [f"{messages.problem(found)}." for found in error.problems]
    if errors:
        raise tk.ValidationError(errors)


def _is_readable(config: Any) -> bool:
    """Whether options are a text that can be looked at; whether it is JSON is said later."""
    try:
        sent_json.read(config or "{}")
    except TypeError:
        return False
    except ValueError as error:
        return not isinstance(error, sent_json.SentJsonError)
    return True


@tk.chained_action
def harvest_source_clear(
    _original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Send to the bin the records that only a harvest source has ever written.

    ckanext-harvest destroys every record of a source in the tables. Here a record stays that
    another source gives, that a person made or changed, that another record links to, or that the
    caller may not delete; ``harvest_source_restore`` brings the others back.

    :param id: id or name of the source
    :type id: string
    :returns: ``id``, ``removed`` (how many) and ``kept`` (reason → how many)
    :rtype: dictionary
    """
    tk.check_access("harvest_source_clear", context, data_dict)
    source_id = _kept_source(data_dict)
    with _told_when_running():
        done = clear.clear(context, source_id)
    tk.get_action("harvest_source_reindex")(Context(ignore_auth=True), {"id": source_id})
    kept = {reason: len(entries) for reason, entries in done.keep.items()}
    return {"id": source_id, "removed": len(done.remove), "kept": kept}


def harvest_source_restore(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Bring back the records that ``harvest_source_clear`` sent to the bin last.

    :param id: id or name of the source
    :type id: string
    :returns: ``id``, ``restored`` (how many) and ``failed`` (list of ``title`` and ``why``)
    :rtype: dictionary
    """
    tk.check_access("harvest_source_restore", context, data_dict)
    source_id = _kept_source(data_dict)
    with _told_when_running():
        done = clear.restore(context, source_id)
    tk.get_action("harvest_source_reindex")(Context(ignore_auth=True), {"id": source_id})
    named = naming.entries(context, [id_ for id_, _ in done.failed])
    unnamed = tk._("an entry that you may not see")
    failed = [{"title": named.get(id_, unnamed), "why": why} for id_, why in done.failed]
    return {"id": source_id, "restored": done.restored, "failed": failed}


def _kept_source(data_dict: dict[str, Any]) -> str:
    package = model.Package.get(tk.get_or_bust(data_dict, "id"))
    if package is None or HarvestSource.get(package.id) is None:
        raise tk.ObjectNotFound(tk._("Harvest source not found"))
    return package.id


@contextmanager
def _told_when_running() -> Iterator[None]:
    try:
        yield
    except SourceError as error:
        raise tk.ValidationError({"message": [messages.stop(error)]}) from error


@tk.chained_action
def harvest_source_index_clear(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Take all records of a harvest source out of the search; for sysadmins only.

    :param id: id of the source
    :type id: string
    :returns: ``id``
    :rtype: dictionary
    """
    tk.check_access("harvest_source_index_clear", context, data_dict)
    return original(context, data_dict)


@tk.chained_action
def harvest_source_job_history_clear(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Forget the jobs of a harvest source and all that is remembered of it; for sysadmins only.

    :param id: id of the source
    :type id: string
    :param keep_current: keep what the last jobs said
    :type keep_current: boolean
    :returns: ``id``
    :rtype: dictionary
    """
    tk.check_access("harvest_source_job_history_clear", context, data_dict)
    return original(context, data_dict)


@tk.chained_action
@tk.side_effect_free
def harvest_object_show(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Show what a source said of a record; its errors and notes are for those who keep the source.

    :param id: id of the harvest object
    :type id: string
    :param attr: ``guid`` where ``id`` is a guid (optional)
    :type attr: string
    :param dataset_id: id or name of a record, in the place of ``id``
    :type dataset_id: string
    :returns: the harvest object
    :rtype: dictionary
    """
    shown = original(context, data_dict)
    if auth.may_keep(context, shown["source"]):
        return shown
    return {**shown, "errors": [], "extras": {}}


@tk.chained_action
@tk.side_effect_free
def harvest_log_list(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> list[dict[str, Any]]:
    """List the log of ckanext-harvest, for sysadmins; the parameters are those of ckanext-harvest.

    :returns: the entries
    :rtype: list of dictionaries
    """
    tk.check_access("harvest_log_list", context, data_dict)
    return original(harvesting.without_rules(context), data_dict)


@tk.chained_action
@tk.side_effect_free
def harvest_object_list(
    _original: _Action, context: Context, data_dict: dict[str, Any]
) -> list[str]:
    """List the ids of harvest objects that the caller may see.

    :param source_id: id of a source (optional)
    :type source_id: string
    :param only_current: leave out what sources said before (default: true)
    :type only_current: boolean
    :returns: the ids
    :rtype: list of strings
    """
    tk.check_access("harvest_object_list", context, data_dict)
    query = sa.select(HarvestObject.id).where(auth.visible_objects(context))
    if data_dict.get("source_id"):
        query = query.where(HarvestObject.harvest_source_id == str(data_dict["source_id"]))
    if tk.asbool(data_dict.get("only_current", True)):
        query = query.where(HarvestObject.current.is_(True))
    return list(model.Session.scalars(query))


@tk.chained_action
@tk.side_effect_free
def harvest_source_list(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> list[dict[str, Any]]:
    """List the harvest sources that the caller may see; the parameters are ckanext-harvest's.

    :returns: the sources
    :rtype: list of dictionaries
    """
    tk.check_access("harvest_source_list", context, data_dict)
    listed = original(context, data_dict)
    if context.get("ignore_auth"):
        return listed
    return [
        {**one, "url": settings.without_secret(one["url"])} for one in listed if _seen(context, one)
    ]


def _seen(context: Context, source: Mapping[str, Any]) -> bool:
    try:
        tk.check_access("package_show", Context(user=context.get("user", "")), {"id": source["id"]})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


@tk.chained_action
def harvest_job_create(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Create a harvest job and run it; the parameters are those of ckanext-harvest.

    A job that its worker left behind does not stand in the way: it is ended first.

    :returns: the job
    :rtype: dictionary

    :raises JobWaits: a job of the source has not ended
    """
    tk.check_access("harvest_job_create", context, data_dict)
    source_id = tk.get_or_bust(data_dict, "source_id")
    abandoned.end(source_id, unsent=True)
    try:
        # Closes the jobs that have ended well.
        tk.get_action("harvest_jobs_run")(Context(ignore_auth=True), {"source_id": source_id})
        return original(context, data_dict)
    except HarvestJobExists as error:
        raise JobWaits from error
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
    at_work = [job.id for job in store.open_jobs(data_dict.get("source_id"))]
    done = original(context, data_dict)
    abandoned.correct(at_work, "interrupted")  # by ckan.harvest.timeout
    return done


@tk.chained_action
def harvest_job_abort(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """End a harvest job; the parameters are those of ckanext-harvest.

    :returns: the job, aborted where it has no figures
    :rtype: dictionary
    """
    job = original(context, data_dict)
    abandoned.correct([job["id"]], "cancelled")
    return tk.get_action("harvest_job_show")(context, {"id": job["id"]})


@tk.chained_action
@tk.side_effect_free
def harvest_job_show(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Show a harvest job, with the number of unchanged records that its harvest left alone.

    An unchanged record has no harvest object, so ckanext-harvest cannot count it.

    :param id: id of the job
    :type id: string
    :returns: the job; its lines name records that the caller may see alone
    :rtype: dictionary
    """
    job = _with_figures(original(context, data_dict))
    return naming.in_summary(context, _without_hidden(context, job))


@tk.chained_action
@tk.side_effect_free
def harvest_job_report(
    original: _Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Show what was wrong in a harvest job; lines name records that the caller may see alone.

    :param id: id of the job
    :type id: string
    :returns: ``gather_errors`` and ``object_errors`` (harvest object → ``guid`` and ``errors``),
        without objects of records that the caller may not see
    :rtype: dictionary
    """
    tk.check_access("harvest_job_report", context, data_dict)
    report = original(context, data_dict)
    hidden = auth.hidden_objects(context, report["object_errors"])
    objects = {id_: one for id_, one in report["object_errors"].items() if id_ not in hidden}
    groups = [report["gather_errors"], *(one["errors"] for one in objects.values())]
    lines = [error for errors in groups for error in errors]
    reader = naming.Reader(context, (error["message"] for error in lines))
    for error in lines:
        error["message"] = reader.shown(error["message"])
    return {**report, "object_errors": objects}


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
        job = _with_figures(status["last_job"])
        job = naming.in_summary(context, _without_hidden(context, job))
        if not auth.may_keep(context, data_dict["id"]):
            # What was wrong with rows is not for readers of the source's page.
            job = {name: value for name, value in job.items() if not name.endswith("_summary")}
        status["last_job"] = job
    return status


def _without_hidden(context: Context, job: dict[str, Any]) -> dict[str, Any]:
    """Leave out the lines that are about records alone which the reader may not see."""
    if not job.get("object_error_summary"):
        return job
    by_message: dict[str, set[str]] = {}
    of_job = (
        sa.select(HarvestObjectError.message, HarvestObject.id)
        .join(HarvestObject, HarvestObject.id == HarvestObjectError.harvest_object_id)
        .where(HarvestObject.harvest_job_id == job["id"])
    )
    for message, object_id in model.Session.execute(of_job):
        by_message.setdefault(message, set()).add(object_id)
    hidden = auth.hidden_objects(context, set().union(*by_message.values()))
    shown = [
        one
        for one in job["object_error_summary"]
        if not by_message.get(one["message"], {""}) <= hidden
    ]
    return {**job, "object_error_summary": shown}


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
            package_create,
            package_update,
            harvest_source_create,
            harvest_source_update,
            harvest_source_delete,
            harvest_source_patch,
            harvest_source_list,
            harvest_source_clear,
            harvest_source_restore,
            harvest_source_index_clear,
            harvest_source_job_history_clear,
            harvest_log_list,
            harvest_object_show,
            harvest_object_list,
            harvest_abort_failed_jobs,
            harvest_source_reindex,
            harvest_sources_reindex,
            harvest_job_create,
            harvest_jobs_run,
            harvest_job_abort,
            harvest_job_report,
            harvest_job_show,
            harvest_source_show_status,
        )
    }
