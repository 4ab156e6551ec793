"""Delete what is kept longer than the options of ``retention`` say.

What undoes a harvest is in a table of its own and goes by its own option; jobs that can still be
undone stay with their reports. Harvest objects that are current are never deleted: they are what is
remembered of a source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo import config

#: Tables whose rows are counted before and after.
TABLES = (
    "activity",
    "harvest_job",
    "harvest_object",
    "harvest_object_extra",
    "harvest_object_error",
    "harvest_gather_error",
    "harvest_log",
    "leszno_ngo_waiting",
)

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
# What was changed on pages is asked for minutes afterwards (views/page_caching.py).
_PAGE_CHANGES = ("DELETE FROM leszno_ngo_page_change WHERE noted < :before",)
_WAITING = ("DELETE FROM leszno_ngo_waiting WHERE decision IS NULL AND seen < :before",)


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
    return {table: (before[table], after[table]) for table in before}


def _due() -> list[tuple[tuple[str, ...], int]]:
    kept = config.retention()
    undo = config.harvest_limits().undo_days
    return [
        (_ACTIVITIES, kept.activities),
        # A run that can be undone keeps its job and its report.
        (_JOBS, max(kept.harvest_jobs, undo) if kept.harvest_jobs else 0),
        (_LOGS, kept.harvest_logs),
        (_WAITING, kept.waiting),
        (_PAGE_CHANGES, 1),
    ]


def _table(statement: str) -> str:
    return statement.split()[2]


def _counts(there: set[str]) -> dict[str, int]:
    tables = [table for table in TABLES if table in there]
    return {
        table: model.Session.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0
        for table in tables
    }
