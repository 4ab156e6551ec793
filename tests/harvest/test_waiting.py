"""Rows that may name a person wait for a decision, and what was decided stays decided."""

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.leszno_ngo.harvest import jobs, waiting

HEADER = "KRS;Nazwa;Cel\n"
ALFA = "0000000168;STOWARZYSZENIE ALFA;pomoc\n"
PERSON = "0000000291;JÓZEF LEŚNIAK FUNDACJA;pomoc\n"


def rows():
    model.Session.rollback()
    return model.Session.execute(sa.text("SELECT * FROM leszno_ngo_waiting ORDER BY since")).all()


@pytest.fixture
def unit(clean_catalogue):
    return factories.Organization()


@pytest.fixture
def source(harvest, unit):
    return harvest.source(owner_org=unit["name"])


def decide(decision):
    waiting.decide([row.digest for row in rows()], decision, "somebody")


def test_an_accepted_row_goes_in_and_is_not_asked_about_again(harvest, source, unit):
    harvest.run(source, HEADER + ALFA + PERSON)
    assert set(harvest.records()) == {"0000000168"}
    assert waiting.count([unit["id"]]) == 1
    [one] = waiting.list_waiting([unit["id"]])
    assert [field.name for field, _ in one.fields] == ["title", "legal_name"]
    decide(waiting.ACCEPTED)
    jobs.take_accepted()
    assert set(harvest.records()) == {"0000000168", "0000000291"}
    assert [row.content for row in rows()] == [None]
    report = harvest.run(source, HEADER + ALFA + PERSON.replace("pomoc", "sport"))
    assert (report.waiting, report.changed) == (0, 1)


def test_a_rejected_row_stays_out(harvest, source):
    harvest.run(source, HEADER + ALFA + PERSON)
    decide(waiting.REJECTED)
    assert [row.content for row in rows()] == [None]
    for content in (PERSON, PERSON.replace("pomoc", "sport")):
        report = harvest.run(source, HEADER + ALFA + content)
        assert (report.waiting, report.rejected, report.missing) == (0, 1, 0)
    assert set(harvest.records()) == {"0000000168"}
    report = harvest.run(source, HEADER + ALFA + PERSON.replace("LEŚNIAK", "NOWAK"))
    assert report.waiting == 1, "another name is another question"


def test_a_known_record_stays_as_it_is_while_its_row_waits(harvest, source):
    harvest.run(source, HEADER + ALFA)
    report = harvest.run(source, HEADER + ALFA.replace("pomoc", "Prezes Anna Nowak"))
    assert (report.waiting, report.missing, report.changed) == (1, 0, 0)
    assert harvest.records()["0000000168"]["aims"] == "pomoc"
    assert rows()[0].record_id == harvest.records()["0000000168"]["id"]
    report = harvest.run(source, HEADER + ALFA)
    assert rows() == [], "the source says it no more"


def test_a_name_that_a_person_typed_is_not_asked_about(harvest, source, unit, ngo_factory):
    ngo_factory(title="Józef Leśniak Fundacja", legal_name="JÓZEF LEŚNIAK FUNDACJA",
                krs="0000000291", owner_org=unit["id"])  # fmt: skip
    report = harvest.run(source, HEADER + PERSON)
    assert (report.waiting, report.changed) == (0, 1)


def test_nothing_is_kept_by_a_run_that_stops_or_only_says(harvest, source):
    harvest.run(source, HEADER + PERSON, dry_run=True)
    assert rows() == []
    report = harvest.run(source, HEADER + PERSON + "x;x;x\ny;y;y\n")
    assert report.stop
    assert rows() == []
