"""A run as ckanext-harvest sees it: a source, a job, their errors and figures."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest.model import HarvestSource
from sqlalchemy.exc import SQLAlchemyError

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.harvest import (
    database,
    kept_secrets,
    messages,
    rights,
    run,
    settings,
    store,
    waiting,
)
from ckanext.leszno_ngo.harvest.model import Incoming, SourceError
from ckanext.leszno_ngo.harvest.prepare import Source
from ckanext.leszno_ngo.harvest.report import Report

log = logging.getLogger(__name__)

# Seconds between tries to keep the outcome of a run.
_PAUSES = (1, 2, 4, 8, 15, 30)
_wait = time.sleep


@dataclass(frozen=True)
class SavedSource:
    """A harvest source as ckanext-harvest keeps it, or as it would be kept.

    :param id: its id; ``""`` where it is not saved.
    :param url: its address.
    :param title: its title.
    :param type: name of its harvester.
    :param config: its configuration, JSON.
    """

    id: str
    url: str
    title: str
    type: str
    config: str = ""

    @classmethod
    def of(cls, source_id: str) -> SavedSource | None:
        """Return a source by its id, None when there is none."""
        found: Any = HarvestSource.get(source_id)
        if found is None:
            return None
        return cls(found.id, found.url, found.title or "", found.type, found.config or "")


def _no_progress(_stage: str, _done: int, _total: int | None) -> None:
    """Ignore the progress of a run: the default where no caller reports it."""


def perform(
    harvest_source: SavedSource,
    job_id: str,
    *,
    file: Path | None = None,
    changes: dict[str, Any] | None = None,
    operator: bool = False,
    dry_run: bool = False,
    progress: run.Progress = _no_progress,
    rows: Sequence[Incoming] | None = None,
    confirmed: str = "",
) -> Report:
    """Harvest a source and keep with the job what came of it.

    :param harvest_source: the source
    :param job_id: the job; ``""`` for a dry run
    :param file: a file to read instead of the source's address
    :param changes: settings of this run only, over the source's own
    :param operator: the run acts for who keeps the server, not for who saved the source
    :param dry_run: find out and report everything, change nothing
    :param progress: told how far the run is
    :param rows: only these rows, which the source said before
    :param confirmed: fingerprint of the doubtful plan that a person has confirmed; by default what
        was confirmed with the job
    :returns: what was done; a run that stopped says why in ``stop``
    """
    with messages.portal_language():
        try:
            with store.source_lock(harvest_source.id):
                if not dry_run and not store.begin_job(job_id):
                    return Report("", stop=SourceError("ended"))
                make = partial(_source, harvest_source, file, changes or {}, operator=operator)
                return _harvest(make, harvest_source.id, job_id, dry_run, progress, rows, confirmed)
        except SourceError as error:
            report = Report("", dry_run=dry_run, stop=error)
        except database.AWAY as error:
            report = Report("", dry_run=dry_run, stop=database.stop(error))
        if not dry_run:
            _keep(report, job_id, harvest_source.id)
        return report


def _harvest(
    make: Callable[[], Source],
    source_id: str,
    job_id: str,
    dry_run: bool,  # noqa: FBT001
    progress: run.Progress,
    rows: Sequence[Incoming] | None,
    confirmed: str,
) -> Report:
    try:
        source = make()
    except SourceError as error:
        report = Report("", dry_run=dry_run, stop=error)
    else:
        plan = confirmed or (store.confirmed(job_id) if job_id else "")
        report = run.run(
            source, job_id, dry_run=dry_run, progress=progress, rows=rows, confirmed=plan
        )
    if not dry_run:
        _keep(report, job_id, source_id)
    return report


def take_accepted() -> None:
    """Put the rows that officials accepted into the catalogue, each by a job of its source.

    A source that runs at this moment, or is gone, keeps its rows for its next run.
    """
    for source_id, rows in waiting.accepted().items():
        source = SavedSource.of(source_id)
        if source is None:
            continue
        job_id = store.start_job(source_id)
        try:
            perform(source, job_id, rows=rows)
        finally:
            finish(job_id, source_id)


def ended(job_id: str, code: str) -> None:
    """Note why a job's run ended before its end; while the database is away, only log it.

    :param job_id: the job
    :param code: ``cancelled`` by a person, ``fault`` of the program
    """
    try:
        model.Session.rollback()
        with messages.portal_language():
            store.add_errors(job_id, [messages.stop(SourceError(code))])
        store.release(job_id)
    except database.REFUSED as error:
        _not_noted(job_id, error)


def _not_noted(job_id: str, error: SQLAlchemyError) -> None:
    """Say in the log what the database could not be told; ``abandoned.end`` tells it later."""
    model.Session.rollback()
    log.error("The end of harvest job %s was not noted: %s", job_id, database.name(error))


def _source(
    harvest_source: SavedSource, file: Path | None, changes: dict[str, Any], *, operator: bool
) -> Source:
    kind = harvest_source.type.removeprefix(settings.PREFIX)
    try:
        own = settings.parse(kind, harvest_source.config)
    except settings.SettingsError as error:
        problems = "; ".join(messages.problem(p) for p in error.problems)
        raise SourceError("settings", problems=problems) from error
    fault = "" if file else settings.address_fault(harvest_source.url)
    if fault and not settings.is_by_hand(harvest_source.url):
        raise SourceError(fault)
    package = model.Package.get(harvest_source.id)
    of_source = (package.owner_org if package else None) or ""
    own = _with_organisation(own.changed(changes), of_source)
    return Source(
        harvest_source.id,
        harvest_source.url,
        harvest_source.title,
        own,
        rights.OPERATOR if operator else rights.rights_of_source(harvest_source.id, own),
        file=file,
        secret_addresses=kept_secrets.addresses(harvest_source.id),
    )


def _with_organisation(own: settings.Settings, of_source: str) -> settings.Settings:
    """Return settings whose organisation is the id of one that is there."""
    if not own.owner_org:
        if not of_source and not tk.config["ckan.auth.create_unowned_dataset"]:
            raise SourceError("no_owner")
        return replace(own, owner_org=of_source)
    organisation = model.Group.get(own.owner_org)
    if organisation is None or not organisation.is_organization or organisation.state != "active":
        raise SourceError("owner_org", name=own.owner_org)
    return replace(own, owner_org=organisation.id)


def _keep(report: Report, job_id: str, source_id: str) -> None:
    """Keep what came of a run; a database that is away is given a minute to come back."""
    errors = report.errors(record_types.get(report.record_type))
    for pause in _PAUSES:
        error = _save_report(report, errors, job_id, source_id)
        if error is None:
            return
        _wait(pause)
    if error := _save_report(report, errors, job_id, source_id):
        _not_noted(job_id, error)


def _save_report(
    report: Report, errors: list[str], job_id: str, source_id: str
) -> SQLAlchemyError | None:
    try:
        store.add_outcome(job_id, source_id, errors, report.summary())
        if report.stop:
            store.release(job_id)
    except database.REFUSED as error:
        model.Session.rollback()
        return error
    return None


def finish(job_id: str, source_id: str) -> None:
    """End a job that no worker of ckanext-harvest runs, and show its figures on the source's page.

    :param job_id: the job
    :param source_id: its source
    """
    try:
        store.finish_job(job_id)
    except database.REFUSED as error:
        _not_noted(job_id, error)
        return
    tk.get_action("harvest_source_reindex")({"ignore_auth": True}, {"id": source_id})
