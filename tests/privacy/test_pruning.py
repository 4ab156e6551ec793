"""What is too old goes, what is still needed stays, and the tables stop growing."""

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.harvest import store, undo
from ckanext.leszno_ngo.privacy import pruning
from ckanext.leszno_ngo.registers import publish
from tests.cooperation import records

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


def after(days):
    return store.now() + dt.timedelta(days=days)


def test_what_undoes_a_run_goes_by_its_option_without_another_run(harvest):
    harvest.run(harvest.source(), "KRS;Nazwa\n0000000168;FUNDACJA ALFA\n")
    assert pruning.prune(after(29))["leszno_ngo_harvest_undo"] == (1, 1)
    assert undo.undo(harvest.job_id, dry_run=True).removed == 1
    assert pruning.prune(after(31), dry_run=True)["leszno_ngo_harvest_undo"] == (1, 0)
    assert pruning.prune(after(31))["leszno_ngo_harvest_undo"] == (1, 0)
    assert undo.undo(harvest.job_id).removed == 0


def test_decisions_and_the_bin_go_by_their_options(harvest, ckan_config, monkeypatch):
    harvest.run(harvest.source(), "KRS;Nazwa\n0000000168;FUNDACJA ALFA\n")
    listed = harvest.records()["0000000168"]["id"]
    gone, there = (
        records.create("ngo", title=t, krs=k) for t, k in (("B", "0000000291"), ("C", "0000000525"))
    )
    for id_ in (listed, gone["id"]):
        call_action("package_delete", {"user": call_action("get_site_user")["name"]}, id=id_)
    insert = sa.text(
        "INSERT INTO leszno_ngo_waiting (digest, source_id, type, fields, decision, decided) "
        "VALUES ('x', 's', 'ngo', '', 'refused', now())"
    )
    model.Session.execute(insert)
    model.Session.commit()
    told = pruning.prune(after(5000))
    assert "package" not in told
    assert told["leszno_ngo_waiting"] == (1, 1)
    for option in ("bin", "decisions"):
        monkeypatch.setitem(ckan_config, f"ckanext.leszno_ngo.retention.{option}", 30)
    before, now = pruning.prune(after(29))["package"]
    assert before == now
    assert pruning.prune(after(31), dry_run=True)["package"] == (before, before - 1)
    assert model.Package.get(gone["id"])
    told = pruning.prune(after(31))
    assert (told["package"], told["leszno_ngo_waiting"]) == ((before, before - 1), (1, 0))
    assert model.Package.get(gone["id"]) is None
    # What a source lists would come again; what is not deleted is in no bin.
    assert model.Package.get(listed)
    assert model.Package.get(there["id"])


def test_past_states_of_registers_go_by_their_option(harvest, ckan_config, monkeypatch, tmp_path):
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    ngo = record_types.get("ngo")
    owner = factories.Organization(name="urzad-miasta-leszna")
    records.create("ngo", title="Klub", krs="0000000168", owner_org=owner["id"])
    assert publish.publish(ngo, snapshot=True).snapshots
    assert "resource" not in pruning.prune(after(5000))
    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.retention.snapshots", 30)
    files = sum(path.is_file() for path in tmp_path.glob("resources/**/*"))
    before, now = pruning.prune(after(29))["resource"]
    assert before == now
    assert pruning.prune(after(31))["resource"] == (before, before - 1)
    assert pruning.prune(after(31))["resource"] == (before - 1, before - 1)
    assert sum(path.is_file() for path in tmp_path.glob("resources/**/*")) == files - 1
    names = [one["name"] for one in call_action("package_show", id=ngo.register.name)["resources"]]
    assert len(names) == before - 1
