"""Delete what is kept longer than the options of ``retention`` say.

What undoes a harvest is in a table of its own and goes by its own option; jobs that can still be
undone stay with their reports. Records in the bin and past states of registers go whole, with their
files. Harvest objects that are current are never deleted: they are what is
remembered of a source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping
from functools import partial

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo import config, datetimes
from ckanext.leszno_ngo.catalogue import bin
from ckanext.leszno_ngo.privacy import purging
from ckanext.leszno_ngo.registers import dataset_description, identity

#: Tables whose rows are counted before and after.
TABLES = (
    "activity",
    "harvest_job",
    "harvest_object",
    "harvest_object_extra",
    "harvest_object_error",
    "harvest_gather_error",
    "harvest_log",
    "leszno_ngo_harvest_undo",
    "leszno_ngo_waiting",
)

_AT_ONCE = 1e-6

# The last job of a source stays: its page shows it.
_OLD_JOBS = """
    SELECT id FROM harvest_job AS job
    WHERE status IN ('Finished', 'Aborted') AND coalesce(finished, created) < :before AND EXISTS (
        SELECT FROM harvest_job AS later
        WHERE later.source_id = job.source_id AND later.created > job.created
    )
"""
_OLD_OBJECTS = f"""
    SELECT id FROM harvest_object
    WHERE current IS NOT TRUE AND harvest_job_id IN ({_OLD_JOBS})
"""
_JOBS = (
    f"DELETE FROM harvest_object_error WHERE harvest_object_id IN ({_OLD_OBJECTS})",
    f"DELETE FROM harvest_object_extra WHERE harvest_object_id IN ({_OLD_OBJECTS})",
    f"DELETE FROM harvest_object WHERE id IN ({_OLD_OBJECTS})",
    f"DELETE FROM harvest_gather_error WHERE harvest_job_id IN ({_OLD_JOBS})",
    f"""DELETE FROM harvest_job WHERE id IN ({_OLD_JOBS}) AND NOT EXISTS (
        SELECT FROM harvest_object WHERE harvest_job_id = harvest_job.id
    )""",
)
# Of each entry the last activity stays: the list of what changed begins with it.
_ACTIVITIES = (
    """
    DELETE FROM activity WHERE timestamp < :before AND EXISTS (
        SELECT FROM activity AS later
        WHERE later.object_id = activity.object_id AND later.timestamp > activity.timestamp
    )
    """,
)
_LOGS = ("DELETE FROM harvest_log WHERE created < :before",)
# What was changed on pages is asked for minutes afterwards (views/shared/page_caching.py).
_PAGE_CHANGES = ("DELETE FROM leszno_ngo_page_change WHERE noted < :before",)
_WAITING = ("DELETE FROM leszno_ngo_waiting WHERE decision IS NULL AND seen < :before",)
# An accepted row keeps its content until its source has taken it.
_DECISIONS = ("DELETE FROM leszno_ngo_waiting WHERE content IS NULL AND decided < :before",)
_UNDO = ("DELETE FROM leszno_ngo_harvest_undo WHERE written < :before",)
# CKAN keeps the rows of files that are gone.
_COUNTED = {"package": "", "resource": " WHERE state = 'active'"}
_IN_BIN = """
    SELECT id FROM package
    WHERE state = 'deleted' AND type = ANY(:types) AND metadata_modified < :before
"""
# What a source lists it would bring again.
_NOT_LISTED = """
    AND NOT EXISTS (SELECT FROM harvest_object WHERE package_id = package.id AND current)
"""


def prune(
    now: dt.datetime | None = None, *, dry_run: bool = False
) -> Mapping[str, tuple[int, int]]:
    """Delete what is too old, in one transaction.

    :param now: the moment to reckon from, UTC without a zone
    :param dry_run: delete nothing, only count
    :returns: table → rows before and after; tables that the portal does not have are left out
    """
    now = now or dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)
    there = set(sa.inspect(model.ensure_engine()).get_table_names())
    before = _counts(there)
    for statements, days in _due():
        for statement in statements:
            if days and _table(statement) in there:
                limit = {"before": now - dt.timedelta(days=days)}
                model.Session.execute(sa.text(statement), limit)
    after = _counts(there)
    if dry_run:
        model.Session.rollback()
    else:
        model.Session.commit()
    rows = {table: (before[table], after[table]) for table in before}
    return {**rows, **_purged(now, there, dry_run=dry_run)}


def _purged(
    now: dt.datetime, there: Container[str], *, dry_run: bool
) -> Mapping[str, tuple[int, int]]:
    """Delete for good what is more than rows; each is committed by itself."""
    kept = config.retention()
    figures: dict[str, tuple[int, int]] = {}
    for table, days, find, purge in (
        ("package", kept.bin, partial(_in_bin, there), purging.purge_record),
        ("resource", kept.snapshots, _snapshots, purging.purge_file),
    ):
        if days:
            number = model.Session.scalar(sa.text(f"SELECT count(*) FROM {table}{_COUNTED[table]}"))
            found = find(now - dt.timedelta(days=days))
            figures[table] = (number, number - len(found))
            for id_ in () if dry_run else found:
                purge(id_)
    return figures


def _in_bin(there: Container[str], before: dt.datetime) -> list[str]:
    query = _IN_BIN + (_NOT_LISTED if "harvest_object" in there else "")
    wanted = {"types": bin.types(), "before": before}
    return list(model.Session.scalars(sa.text(query), wanted))


def _snapshots(before: dt.datetime) -> list[str]:
    day = datetimes.today(before.replace(tzinfo=dt.timezone.utc)).isoformat()
    return [
        resource["id"]
        for dataset in identity.published()
        for resource in dataset["resources"]
        if resource.get(dataset_description.PART) == "snapshot" and resource["state_date"] < day
    ]


def _due() -> list[tuple[tuple[str, ...], float]]:
    kept = config.retention()
    undo = config.harvest_limits().undo_days
    return [
        (_ACTIVITIES, kept.activities),
        # A run that can be undone keeps its job and its report.
        (_JOBS, max(kept.harvest_jobs, undo) if kept.harvest_jobs else 0),
        (_LOGS, kept.harvest_logs),
        (_WAITING, kept.waiting),
        (_DECISIONS, kept.decisions),
        # 0 is for ever everywhere but here.
        (_UNDO, undo or _AT_ONCE),
        (_PAGE_CHANGES, 1),
    ]


def _table(statement: str) -> str:
    return statement.split()[2]


def _counts(there: Container[str]) -> dict[str, int]:
    tables = [table for table in TABLES if table in there]
    return {
        table: model.Session.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0
        for table in tables
    }
