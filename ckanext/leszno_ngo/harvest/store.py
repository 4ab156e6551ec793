"""What a run writes to ckanext-harvest's tables, in bulk.

Objects are written in the transaction of their records with ``state = 'IMPORT'`` and become
``COMPLETE`` when Solr has the records: what an interrupted run left is found by that. A run that
ends before makes them ``ERROR``, as ckanext-harvest does when a person stops a job: it never ends a
job with an object in another state.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from dataclasses import field as member
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.types import make_uuid
from ckanext.harvest.model import (
    HarvestGatherError,
    HarvestJob,
    HarvestObject,
    HarvestObjectError,
    HarvestObjectExtra,
    HarvestSource,
)

from ckanext.leszno_ngo import sent_json
from ckanext.leszno_ngo.catalogue import advisory_lock
from ckanext.leszno_ngo.harvest.model import SourceError
from ckanext.leszno_ngo.harvest.settings import PREFIX
from ckanext.leszno_ngo.harvest.snapshot import (
    CONFIRMED,
    EDITED,
    FINGERPRINT,
    KEPT,
    MARKED,
    MISSING_FROM,
    STORED,
    SUMMARY,
    UNDONE,
)

log = logging.getLogger(__name__)

_object = HarvestObject.__table__
_object_error = HarvestObjectError.__table__
_extra = HarvestObjectExtra.__table__
_error = HarvestGatherError.__table__
_job = HarvestJob.__table__
_source = HarvestSource.__table__
# What ckanext-harvest calls a job that has not ended, that has, and that has ended by a fault.
_OPEN = ("New", "Running")
_FINISHED, _ABORTED = "Finished", "Aborted"


def now() -> dt.datetime:
    """Return the current time as CKAN's tables keep it: UTC without a zone."""
    return dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)


@dataclass(frozen=True)
class Remembered:
    """What is to be remembered of a record.

    :param key: the row's identity in the source.
    :param record_id: the record.
    :param content: what the source said, as ``rules.content_of`` writes it.
    :param status: ``added``, ``updated`` or ``not modified``.
    :param stored: ``Voice.stored``.
    :param replaces: id of the harvest object that it takes the place of.
    :param messages: errors shown on the job's page with this object.
    :param fingerprint: of the raw row.
    :param kept: names of the fields where a person's value stands.
    :param edited: whether somebody else has ever changed the record.
    :param indexed: whether the index need not be told of the record.
    :param object_id: id of the harvest object.
    """

    key: str
    record_id: str
    content: str
    status: str
    stored: Mapping[str, Any] = member(default_factory=dict)
    replaces: str | None = None
    messages: Sequence[str] = ()
    fingerprint: str = ""
    kept: Sequence[str] = ()
    edited: bool = False
    indexed: bool = False
    object_id: str = member(default_factory=make_uuid)


@contextmanager
def source_lock(source_id: str) -> Iterator[None]:
    """Keep a second run of a source out until the block ends.

    :param source_id: the source
    :raises SourceError: ``running`` when another run has it
    """
    with advisory_lock.try_lock(advisory_lock.HARVEST, source_id) as is_free:
        if not is_free:
            raise SourceError("running")
        yield


def remember(job_id: str, source_id: str, entries: Sequence[Remembered]) -> None:
    """Write harvest objects in the current transaction.

    :param job_id: the job
    :param source_id: the source
    :param entries: one a record
    """
    if not entries:
        return
    replaced = [entry.replaces for entry in entries if entry.replaces]
    if replaced:
        model.Session.execute(
            sa.update(_object).where(_object.c.id.in_(replaced)).values(current=False)
        )
    moment = now()
    objects, extras, errors = [], [], []
    for entry in entries:
        object_id = entry.object_id
        objects.append(_object_row(entry, object_id, job_id, source_id, moment))
        if entry.stored:
            value = json.dumps(entry.stored, ensure_ascii=False, sort_keys=True)
            extras.append(_extra_row(object_id, STORED, value))
        if entry.fingerprint:
            extras.append(_extra_row(object_id, FINGERPRINT, entry.fingerprint))
        if entry.kept:
            extras.append(_extra_row(object_id, KEPT, json.dumps(list(entry.kept))))
        if entry.edited:
            extras.append(_extra_row(object_id, EDITED, "1"))
        errors += [_object_error_row(object_id, message, moment) for message in entry.messages]
    model.Session.execute(sa.insert(_object), objects)
    if extras:
        model.Session.execute(sa.insert(_extra), extras)
    if errors:
        model.Session.execute(sa.insert(_object_error), errors)


def _object_row(
    entry: Remembered, object_id: str, job_id: str, source_id: str, moment: dt.datetime
) -> dict[str, Any]:
    return {
        "id": object_id,
        "guid": entry.key,
        "current": True,
        "gathered": moment,
        "fetch_started": moment,
        "fetch_finished": moment,
        "import_started": moment,
        "import_finished": moment,
        "content": entry.content,
        "state": "COMPLETE" if entry.indexed else "IMPORT",
        "retry_times": 0,
        "harvest_job_id": job_id,
        "harvest_source_id": source_id,
        "package_id": entry.record_id,
        "report_status": entry.status,
    }


def _extra_row(object_id: str, key: str, value: str) -> dict[str, Any]:
    return {"id": make_uuid(), "harvest_object_id": object_id, "key": key, "value": value}


def _object_error_row(object_id: str, message: str, moment: dt.datetime) -> dict[str, Any]:
    return {
        "id": make_uuid(),
        "harvest_object_id": object_id,
        "message": message,
        "stage": "Import",
        "created": moment,
    }


def set_missing_from(object_ids: Collection[str], day: str) -> None:
    """Note the first day of the runs that do not have objects, in the current transaction.

    :param object_ids: the harvest objects
    :param day: the day, ISO
    """
    _set_extras(MISSING_FROM, dict.fromkeys(object_ids, day))


def set_marked(object_ids: Collection[str], edited: Collection[str], day: str) -> None:
    """Note the day on which objects' records were marked as missing; in the transaction.

    :param object_ids: the harvest objects
    :param edited: those whose records somebody else has changed
    :param day: the day, ISO
    """
    _set_extras(MARKED, dict.fromkeys(object_ids, day))
    _set_extras(EDITED, dict.fromkeys(edited, "1"))
    # What changes the records from now on is not the mark.
    model.Session.execute(
        sa.update(_object).where(_object.c.id.in_(list(object_ids))).values(import_finished=now())
    )


def forget_missing(object_ids: Collection[str]) -> None:
    """Note that the source has objects again, in the current transaction."""
    for key in (MISSING_FROM, MARKED):
        _set_extras(key, dict.fromkeys(object_ids, ""))


def set_fingerprints(fingerprints: Mapping[str, str]) -> None:
    """Write the fingerprints of rows that are told from others in a new way, in the transaction.

    :param fingerprints: harvest object's id → fingerprint; ``""`` forgets it
    """
    _set_extras(FINGERPRINT, fingerprints)


def set_kept(kept: Mapping[str, Sequence[str]]) -> None:
    """Write in which fields a person's value stands, in the current transaction.

    :param kept: harvest object's id → names of fields; none forgets it
    """
    _set_extras(KEPT, {id_: json.dumps(list(n)) if n else "" for id_, n in kept.items()})


def set_extra(object_id: str, key: str, value: str) -> None:
    """Write an extra of a harvest object, in the current transaction; ``""`` forgets it."""
    _set_extras(key, {object_id: value})


def _set_extras(key: str, values: Mapping[str, str]) -> None:
    if not values:
        return
    model.Session.execute(
        sa.delete(_extra).where(_extra.c.key == key, _extra.c.harvest_object_id.in_(list(values)))
    )
    rows = [_extra_row(id_, key, value) for id_, value in values.items() if value]
    if rows:
        model.Session.execute(sa.insert(_extra), rows)


def pending(source_id: str) -> dict[str, str]:
    """Return the objects of a source whose records the index may lack, with the records."""
    query = sa.select(_object.c.id, _object.c.package_id).where(
        _object.c.harvest_source_id == source_id,
        _object.c.state.in_(("IMPORT", "ERROR")),
        _object.c.package_id.isnot(None),
    )
    return dict(model.Session.execute(query).tuples().all())


def reopen(object_ids: Collection[str]) -> None:
    """Note, in the current transaction, that the index must be told of objects' records again."""
    if object_ids:
        model.Session.execute(
            sa.update(_object).where(_object.c.id.in_(list(object_ids))).values(state="IMPORT")
        )


def release(job_id: str) -> None:
    """Let a job end though the index may lack records of it, and commit."""
    model.Session.execute(
        sa.update(_object)
        .where(_object.c.harvest_job_id == job_id, _object.c.state == "IMPORT")
        .values(state="ERROR")
    )
    model.Session.commit()


def complete(object_ids: Collection[str]) -> None:
    """Note that the index has the records of some objects, and commit."""
    if object_ids:
        model.Session.execute(
            sa.update(_object).where(_object.c.id.in_(list(object_ids))).values(state="COMPLETE")
        )
    model.Session.commit()


def add_errors(job_id: str, messages: Sequence[str]) -> None:
    """Write a job's errors, and commit."""
    _insert_errors(job_id, messages)
    model.Session.commit()


def add_outcome(
    job_id: str, source_id: str, messages: Sequence[str], summary: Mapping[str, Any]
) -> None:
    """Write a job's errors and figures, both or none, and commit.

    :param job_id: the job
    :param source_id: the source
    :param messages: the errors
    :param summary: the figures
    """
    _insert_errors(job_id, messages)
    add_summary(job_id, source_id, summary)
    model.Session.commit()


def _insert_errors(job_id: str, messages: Sequence[str]) -> None:
    if messages:
        moment = now()
        rows = [
            {
                "id": make_uuid(),
                "harvest_job_id": job_id,
                # One line that the database cannot keep would lose all the others.
                "message": sent_json.NO_TEXT.sub("\ufffd", message),
                # The page shows the newest first; the order of the rows is wanted.
                "created": moment - dt.timedelta(microseconds=number),
            }
            for number, message in enumerate(messages)
        ]
        model.Session.execute(sa.insert(_error), rows)


def start_job(source_id: str) -> str:
    """Make a job of a source that is not sent to the queue, and commit; returns its id."""
    job_id = make_uuid()
    model.Session.execute(
        sa.insert(_job).values(id=job_id, created=now(), source_id=source_id, status="New")
    )
    model.Session.commit()
    return job_id


def begin_job(job_id: str) -> bool:
    """Note that a job's run begins, and commit; only for who has the source's lock.

    :param job_id: the job
    :returns: whether it may: a job that has ended does not begin again
    """
    done = model.Session.execute(
        sa.update(_job)
        .where(_job.c.id == job_id, _job.c.status.in_(_OPEN))
        .values(status="Running", gather_started=now())
    )
    model.Session.commit()
    return bool(done.rowcount)  # type: ignore[attr-defined]


def finish_job(job_id: str) -> None:
    """Mark a job as finished, or as aborted where it has no figures, and commit."""
    moment = now()
    status = _ABORTED if summary_of(job_id) is None else _FINISHED
    model.Session.execute(
        sa.update(_job)
        .where(_job.c.id == job_id)
        .values(status=status, gather_finished=moment, finished=moment)
    )
    model.Session.commit()


def finished_without_figures(job_ids: Collection[str]) -> list[str]:
    """Return those of some jobs that ckanext-harvest calls finished and that have no figures.

    :param job_ids: jobs of any harvesters
    :returns: ids of jobs of ours
    """
    query = (
        sa.select(_job.c.id)
        .join(_source, _source.c.id == _job.c.source_id)
        .where(
            _job.c.id.in_(list(job_ids)),
            _job.c.status == _FINISHED,
            _source.c.type.startswith(PREFIX, autoescape=True),
        )
    )
    return [id_ for id_ in model.Session.scalars(query) if summary_of(id_) is None]


@dataclass(frozen=True)
class OpenJob:
    """A job that has not ended; its times are UTC without a zone, None for what has not been."""

    id: str
    source_id: str
    status: str
    created: dt.datetime
    gather_started: dt.datetime | None
    gather_finished: dt.datetime | None


def open_jobs(source_id: str | None = None) -> list[OpenJob]:
    """Return the jobs of our harvesters that have not ended, the oldest first.

    :param source_id: jobs of this source only
    """
    query = (
        sa.select(*(_job.c[member.name] for member in fields(OpenJob)))
        .join(_source, _source.c.id == _job.c.source_id)
        .where(_job.c.status.in_(_OPEN), _source.c.type.startswith(PREFIX, autoescape=True))
        .order_by(_job.c.created)
    )
    if source_id is not None:
        query = query.where(_job.c.source_id == source_id)
    found = [OpenJob(*row) for row in model.Session.execute(query)]
    model.Session.commit()  # what is looked at next must not be seen as it was before
    return found


def open_job(job_id: str) -> OpenJob | None:
    """Return a job as it stands now, None when it has ended."""
    columns = (_job.c[member.name] for member in fields(OpenJob))
    query = sa.select(*columns).where(_job.c.id == job_id, _job.c.status.in_(_OPEN))
    row = model.Session.execute(query).first()
    return OpenJob(*row) if row else None


def interrupted_jobs(source_id: str, but: str) -> list[OpenJob]:
    """Return a source's jobs that began and never ended; only for who has the lock.

    :param source_id: the source
    :param but: the job that runs now
    """
    return [
        job
        for job in open_jobs(source_id)
        if job.id != but and job.gather_started and not job.gather_finished
    ]


def has_outcome(job_id: str) -> bool:
    """Tell whether a job has figures, or an error that says why it has none."""
    said = sa.exists().where(_error.c.harvest_job_id == job_id)
    return summary_of(job_id) is not None or bool(model.Session.scalar(sa.select(said)))


def server_started() -> dt.datetime:
    """Return when PostgreSQL was started, UTC without a zone."""
    started = sa.func.timezone("UTC", sa.func.pg_postmaster_start_time())
    moment = model.Session.scalar(sa.select(started))
    assert moment
    return moment


def run_soon(source_id: str) -> None:
    """Make a source that runs by itself due now, and commit."""
    model.Session.execute(
        sa.update(_source)
        .where(_source.c.id == source_id, _source.c.frequency != "MANUAL")
        .values(next_run=now())
    )
    model.Session.commit()


def add_summary(job_id: str, source_id: str, summary: Mapping[str, Any]) -> None:
    """Keep a run's figures with its job, in the current transaction.

    :param job_id: the job
    :param source_id: the source
    :param summary: the figures
    """
    _note(job_id, source_id, SUMMARY, json.dumps(summary, sort_keys=True))


def _note(job_id: str, source_id: str, key: str, value: str) -> None:
    """Note something about a job: ckanext-harvest has no place but an object of no record."""
    object_id = make_uuid()
    moment = now()
    model.Session.execute(
        sa.insert(_object).values(
            id=object_id,
            guid="",
            current=False,
            gathered=moment,
            import_finished=moment,
            state="COMPLETE",
            retry_times=0,
            harvest_job_id=job_id,
            harvest_source_id=source_id,
            report_status="not modified",
        )
    )
    model.Session.execute(sa.insert(_extra).values(_extra_row(object_id, key, value)))


def summary_of(job_id: str) -> dict[str, Any] | None:
    """Return the figures kept with a job, None where there are none."""
    value = _noted(job_id, SUMMARY)
    return json.loads(value) if value else None


def _noted(job_id: str, key: str) -> str | None:
    query = (
        sa.select(_extra.c.value)
        .join(_object, _object.c.id == _extra.c.harvest_object_id)
        .where(_object.c.harvest_job_id == job_id, _extra.c.key == key)
        .limit(1)
    )
    return model.Session.scalar(query)


def confirm(job_id: str, source_id: str, plan: str) -> None:
    """Note that a person has confirmed the plan that a job is to carry out, and commit.

    :param job_id: the job
    :param source_id: its source
    :param plan: fingerprint of the plan
    """
    _note(job_id, source_id, CONFIRMED, plan)
    model.Session.commit()


def confirmed(job_id: str) -> str:
    """Return the fingerprint of the plan that was confirmed for a job, ``""`` for none."""
    return _noted(job_id, CONFIRMED) or ""


def note_undone(job_id: str, source_id: str, outcome: Mapping[str, Any]) -> None:
    """Note that a job was undone, and commit.

    :param job_id: the job
    :param source_id: its source
    :param outcome: when, by whom, and what became of it (``undo.Undone.summary``)
    """
    _note(job_id, source_id, UNDONE, json.dumps(outcome, ensure_ascii=False))
    model.Session.commit()


def undone(job_id: str) -> dict[str, Any] | None:
    """Return how a job was undone, None where it was not."""
    value = _noted(job_id, UNDONE)
    return json.loads(value) if value else None


def source_of(job_id: str) -> str | None:
    """Return the id of a job's source, None where there is no such job."""
    return model.Session.scalar(sa.select(_job.c.source_id).where(_job.c.id == job_id))


def last_good_run(source_id: str) -> dt.datetime | None:
    """Return when the last run of a source that left nothing to retry began."""
    query = (
        sa.select(_job.c.gather_started, _extra.c.value)
        .join(_object, _object.c.harvest_job_id == _job.c.id)
        .join(_extra, _extra.c.harvest_object_id == _object.c.id)
        .where(_job.c.source_id == source_id, _extra.c.key == SUMMARY)
        .order_by(_job.c.created.desc())
    )
    for started, value in model.Session.execute(query):
        if json.loads(value).get("good"):
            return started
    return None
