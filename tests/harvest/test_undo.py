"""A run taken back: values, additions, marks and what is remembered; later edits and runs stay."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from ckanext.harvest.model import HarvestObject, HarvestObjectExtra

from ckanext.leszno_ngo.cli import leszno_ngo
from ckanext.leszno_ngo.harvest import store, undo
from tests.cooperation import records

HEADER = "KRS;NIP;Nazwa;Telefon;Miejscowość\n"
ALPHA = "0000000168;5422692744;STOWARZYSZENIE ALFA;65 520 11 11;Leszno\n"
BETA = "0000000291;5422697397;FUNDACJA BETA;65 520 22 22;Leszno\n"
GAMMA = "0000000525;5422698451;KLUB SPORTOWY GAMMA;65 520 33 33;Leszno\n"
GOOD = HEADER + ALPHA + BETA
BAD = HEADER + ALPHA.replace("ALFA", "ZŁE").replace("Leszno", "Sanok") + BETA + GAMMA
_CLOCK = {"metadata_modified"}


def told(records):
    """Return records as people and programs see them, without the clock."""
    return {
        key: {name: value for name, value in record.items() if name not in _CLOCK}
        for key, record in records.items()
        if record["state"] == "active"
    }


def remembered():
    query = sa.select(HarvestObject.guid, HarvestObject.content).where(HarvestObject.current)
    found = sorted(map(tuple, model.Session.execute(query)))
    model.Session.rollback()
    return found


@pytest.fixture
def bad_run(harvest):
    """A good run and a bad one after it; gives what was before, and the bad job."""
    source = harvest.source()
    harvest.run(source, GOOD)
    before = told(harvest.records()), remembered()
    harvest.run(source, BAD)
    return source, before, harvest.job_id


def test_values_additions_and_memory_are_as_before(harvest, bad_run):
    source, before, job = bad_run
    since = call_action("leszno_ngo_changes", type="ngo", limit=1000)["changes"]
    assert undo.undo(job, dry_run=True) == undo.undo(job, dry_run=True)
    assert "ZŁE" in harvest.records()["0000000168"]["legal_name"]
    found = undo.undo(job)
    assert (found.restored, found.removed, found.left) == (1, 1, [])
    assert (told(harvest.records()), remembered()) == before
    search = call_action("package_search", fq="dataset_type:ngo", rows=10)
    assert {record["krs"] for record in search["results"]} == {"0000000168", "0000000291"}
    after = call_action("leszno_ngo_changes", type="ngo", limit=1000)["changes"]
    assert after != since, "whoever keeps a copy is told"
    assert store.undone(job)["restored"] == 1
    assert undo.undo(job) == undo.Undone(), "once"
    report = harvest.run(source, GOOD)
    assert (report.unchanged, report.differences) == (2, [])
    assert harvest.run(source, BAD).added == 1
    assert call_action("package_show", id="klub-sportowy-gamma")["state"] == "active"


def test_a_persons_edit_since_stays_and_is_listed(harvest, bad_run):
    _source, before, job = bad_run
    record = harvest.records()["0000000168"]
    harvest.edit(record, title="Alfa z Leszna", notes="Opis")
    harvest.edit(harvest.records()["0000000525"], phone="65 520 99 99")
    found = undo.undo(job)
    assert {(one.title, one.reason, one.fields) for one in found.left} == {
        ("Alfa z Leszna", "edited", ("title",)),
        ("Klub Sportowy Gamma", "edited", ()),
    }
    after = harvest.records()
    assert after["0000000168"]["title"] == "Alfa z Leszna"
    assert after["0000000168"]["notes"] == "Opis"
    assert after["0000000168"]["legal_name"] == before[0]["0000000168"]["legal_name"]
    assert after["0000000168"]["town"] == "Leszno"
    assert after["0000000525"]["state"] == "active"


def documented(harvest, record):
    file = {"name": "Statut", "url": "https://example.org/statut.pdf"}
    call_action("resource_create", {"user": harvest.official}, package_id=record["id"], **file)


def linked(_harvest, record):
    records.create("grant", recipient=record["id"], state="draft")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda harvest, record: harvest.edit(record, notes="Opis"), "edited"),
        (lambda harvest, record: harvest.edit(record, website="https://gamma.pl"), "edited"),
        (documented, "edited"),
        (linked, "linked"),
    ],
)
def test_an_addition_that_a_person_completed_since_stays_and_is_listed(
    harvest, bad_run, change, reason
):
    _source, _before, job = bad_run
    change(harvest, harvest.records()["0000000525"])
    left = undo.undo(job).left
    assert [(one.title, one.reason) for one in left] == [("Klub Sportowy Gamma", reason)]
    assert harvest.records()["0000000525"]["state"] == "active"


def test_a_later_run_stays_until_it_is_undone_itself(harvest, bad_run):
    source, before, job = bad_run
    harvest.run(source, BAD.replace("65 520 11 11", "65 520 44 44"))
    later = harvest.job_id
    left = undo.undo(job).left
    assert [(one.title, one.reason) for one in left] == [("Stowarzyszenie Złe", "later_run")]
    assert undo.undo(later).left == []
    assert undo.undo(job).left == []
    assert (told(harvest.records()), remembered()) == before


def test_an_addition_that_others_point_at_or_have_stays(harvest, bad_run):
    _source, _before, job = bad_run
    harvest.run(harvest.source(priority=5), HEADER + GAMMA)
    assert [one.reason for one in undo.undo(job).left] == ["other_source"]


def test_a_mark_of_what_is_missing_is_taken_back(harvest, later):
    source = harvest.source(max_vanished_share=1)
    harvest.run(source, GOOD)
    before = told(harvest.records())
    harvest.run(source, HEADER + ALPHA)
    later(days=7)
    assert harvest.run(source, HEADER + ALPHA).marked == 1
    assert undo.undo(harvest.job_id).restored == 1
    assert told(harvest.records()) == before
    assert harvest.run(source, HEADER + ALPHA).marked == 1, "it is still missing"


def test_pruned_objects_are_remembered_again(harvest, bad_run):
    _source, before, job = bad_run
    old = sa.select(HarvestObject.id).where(HarvestObject.current.is_(False))
    ids = list(model.Session.scalars(old))
    for column in (HarvestObjectExtra.harvest_object_id, HarvestObject.id):
        model.Session.execute(sa.delete(column.class_).where(column.in_(ids)))
    model.Session.commit()
    assert undo.undo(job).left == []
    assert (told(harvest.records()), remembered()) == before


def test_it_is_kept_for_the_days_of_the_option_and_not_for_the_erased(harvest, bad_run, later):
    _source, _before, job = bad_run
    assert undo.possible(job) == 2
    gamma = harvest.records()["0000000525"]["id"]
    call_action("dataset_purge", {"user": harvest.official}, id=gamma)
    assert undo.possible(job) == 1
    later(days=31)
    assert undo.possible(job) == 0
    assert undo.undo(job) == undo.Undone()
    assert undo.prune() == 3


def test_the_command_says_what_it_did(harvest, bad_run, cli):
    _source, before, job = bad_run
    assert "1" in cli.invoke(leszno_ngo, ["undo", job, "--dry-run"]).output
    result = cli.invoke(leszno_ngo, ["undo", job])
    assert result.exit_code == 0, result.output
    assert told(harvest.records()) == before[0]
    assert cli.invoke(leszno_ngo, ["undo", job]).exit_code == 2
    assert cli.invoke(leszno_ngo, ["undo", "nothing"]).exit_code == 2


def test_a_fault_in_the_middle_undoes_nothing(harvest, bad_run, monkeypatch):
    _source, _before, job = bad_run
    stands = harvest.records(), remembered()

    def broken(*_arguments):
        raise RuntimeError

    monkeypatch.setattr(undo._Chunk, "_remember_again", broken)
    with pytest.raises(RuntimeError):
        undo.undo(job)
    model.Session.rollback()
    assert (harvest.records(), remembered()) == stands
    monkeypatch.undo()
    assert undo.undo(job).left == []


def test_the_page_of_a_job_undoes_and_confirms(harvest, bad_run, app):
    _source, before, job = bad_run
    from ckan.tests import factories

    page = "/harvest/source-1/job/" + job
    own = {"Authorization": factories.SysadminWithToken()["token"]}
    assert f'action="{page}/undo"' in app.get(page, headers=own).text
    stranger = {"Authorization": factories.UserWithToken()["token"]}
    app.post(f"{page}/undo", headers=stranger, status=404)
    app.post(f"{page}/undo", headers=own, follow_redirects=False)
    assert told(harvest.records()) == before[0]
    assert "run-undone" in app.get(page, headers=own).text
    app.post(f"{page}/confirm", headers=own, status=404)
