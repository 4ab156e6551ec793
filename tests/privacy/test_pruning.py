"""What is too old goes, what is still needed stays, and the tables stop growing."""

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo.harvest import store
from ckanext.leszno_ngo.privacy import pruning

NOW = dt.datetime(2027, 6, 1)
RUNS = 200
_OBJECT = sa.text(
    "INSERT INTO harvest_object (id, guid, current, gathered, state, harvest_job_id, "
    "harvest_source_id) VALUES (:id, :guid, :current, :when, 'COMPLETE', :job, :source)"
)


def simulate(harvest, runs):
    """Write the rows of a source that ran once a day: two records, one of which changes."""
    source = harvest.source()
    steady = None
    for number in range(runs):
        when = NOW - dt.timedelta(days=runs - number)
        job = store.start_job(source)
        model.Session.execute(
            sa.text("UPDATE harvest_job SET status = 'Finished', created = :w, finished = :w "
                    "WHERE id = :id"), {"w": when, "id": job})  # fmt: skip
        steady = steady or job
        for guid, current in (("steady", job == steady), ("changing", number == runs - 1)):
            if guid == "steady" and not current:
                continue
            one = {"id": str(uuid.uuid4()), "guid": guid, "current": current, "when": when,
                   "job": job, "source": source}  # fmt: skip
            model.Session.execute(_OBJECT, one)
            for sql in (
                "INSERT INTO harvest_object_extra (id, key, value, harvest_object_id) "
                "VALUES (:new, 'fingerprint', 'x', :id)",
                "INSERT INTO harvest_object_error (id, message, created, harvest_object_id) "
                "VALUES (:new, 'x', :when, :id)",
                "INSERT INTO activity (id, timestamp, object_id, activity_type, data) "
                "VALUES (:new, :when, :guid, 'changed package', '{}')",
                "INSERT INTO harvest_gather_error (id, message, created, harvest_job_id) "
                "VALUES (:new, 'x', :when, :job)",
                "INSERT INTO harvest_log (id, content, level, created) "
                "VALUES (:new, 'x', 'INFO', :when)",
            ):
                model.Session.execute(sa.text(sql), {**one, "new": str(uuid.uuid4())})
    model.Session.commit()
    return source


@pytest.mark.ckan_config("ckanext.leszno_ngo.retention.activities", 100)
def test_after_200_runs_only_those_of_the_last_90_days_are_left(harvest):
    simulate(harvest, RUNS)
    told = pruning.prune(NOW, dry_run=True)
    assert pruning.prune(NOW, dry_run=True) == told, "a dry run changes nothing"
    assert pruning.prune(NOW) == told
    figures = {table: pair for table, pair in told.items() if pair[0]}
    assert figures == {
        # Those of the source are newer than everything here.
        "activity": (RUNS + 3, 103),
        "harvest_gather_error": (RUNS + 1, 90),
        # The job of the record that never changed stays with what is remembered of it.
        "harvest_job": (RUNS, 91),
        "harvest_log": (RUNS + 1, 30),
        "harvest_object": (RUNS + 1, 91),
        "harvest_object_error": (RUNS + 1, 91),
        "harvest_object_extra": (RUNS + 1, 91),
    }
    again = pruning.prune(NOW)
    assert all(before == after for before, after in again.values())


@pytest.mark.ckan_config("ckanext.leszno_ngo.retention.harvest_jobs", 10)
def test_what_can_be_undone_stays(harvest):
    simulate(harvest, 60)
    assert pruning.prune(NOW)["harvest_job"] == (60, 31)


@pytest.mark.ckan_config("ckanext.leszno_ngo.retention.harvest_jobs", 0)
@pytest.mark.ckan_config("ckanext.leszno_ngo.retention.activities", 0)
def test_0_keeps_for_ever(harvest):
    simulate(harvest, 5)
    later = pruning.prune(NOW + dt.timedelta(days=5000))
    assert later["harvest_job"] == (5, 5)
    assert later["activity"][0] == later["activity"][1]
