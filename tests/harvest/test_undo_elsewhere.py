"""What an undo of a run does beyond the records: links, registers, copies, other sources' runs."""

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.harvest import undo
from ckanext.leszno_ngo.registers import changes
from ckanext.leszno_ngo.registers import publish as publishing
from tests.cooperation import records
from tests.harvest.test_past_results import TABLE, grants, serve
from tests.harvest.test_undo import BAD, GOOD
from tests.registers import shown

REGISTER = "rejestr-organizacji-pozarzadowych"


@pytest.fixture
def city(harvest):
    return factories.Organization(name="urzad-miasta-leszna", title="Urząd Miasta Leszna")


def call(city, title):
    given = {"resolved_date": "2026-03-20", "spheres": ["17"], "owner_org": city["id"]}
    return records.create("call-for-offers", title=title, **given)["id"]


def of_call(call_id):
    found = records.search(fq=f'+dataset_type:grant +vocab_call:"{call_id}"', rows=10)
    return sorted(record["title"] for record in found["results"])


def test_links_that_a_run_added_and_removed_are_as_before(harvest, server, open_network, city):
    serve(server, TABLE)
    first, second = call(city, "Konkurs pierwszy"), call(city, "Konkurs drugi")
    source = harvest.source(
        "results", url=server.url + "/wyniki-2024.csv", owner_org=city["name"], call=first
    )
    harvest.run(source)
    before = of_call(first)
    assert before == ["Festyn", "Nauka pływania", "Szkolenie młodzików"]
    parish = records.create("ngo", title="Parafia Nieznana", krs="0000000168", owner_org=city["id"])
    asked = harvest.run(source, changes={"call": second}).stop
    harvest.run(source, changes={"call": second}, confirmed=asked.plan)
    assert (of_call(first), of_call(second)) == ([], before)
    assert grants()["Festyn"]["recipient"] == parish["id"]
    assert undo.undo(harvest.job_id).left == []
    assert (of_call(first), of_call(second)) == (before, [])
    assert {grant["call"] for grant in grants().values()} == {first}
    assert not grants()["Festyn"].get("recipient")
    assert harvest.run(source).stop is None
    assert grants()["Festyn"]["recipient"] == parish["id"], "the source says it still"


def test_an_addition_that_a_record_of_a_person_links_to_stays(harvest, city):
    source = harvest.source(owner_org=city["name"])
    harvest.run(source, GOOD)
    harvest.run(source, BAD)
    gamma = harvest.records()["0000000525"]
    records.create("grant", recipient=gamma["id"], owner_org=city["id"])
    left = undo.undo(harvest.job_id).left
    assert [(one.title, one.reason) for one in left] == [("Klub Sportowy Gamma", "linked")]
    assert harvest.records()["0000000525"]["state"] == "active"


def test_another_sources_later_run_stays(harvest, city):
    source = harvest.source(owner_org=city["name"])
    harvest.run(source, GOOD)
    harvest.run(source, BAD)
    bad = harvest.job_id
    other = harvest.source(owner_org=city["name"], priority=50)
    said = "KRS;Nazwa;Telefon\n0000000168;STOWARZYSZENIE ALFA I OMEGA;65 520 77 77\n"
    harvest.run(other, said)
    left = undo.undo(bad).left
    assert [one.reason for one in left] == ["edited"]
    alpha = harvest.records()["0000000168"]
    assert alpha["legal_name"] == "STOWARZYSZENIE ALFA I OMEGA"
    assert "77 77" in alpha["phone"]
    assert alpha["town"] == "Leszno", "what the other source does not say is as before"
    assert {entry["id"] for entry in alpha["sources"]} == {source, other}
    report = harvest.run(other, said)
    assert (report.unchanged, report.differences) == (1, [])
    assert harvest.run(source, GOOD).differences == []


def test_registers_and_copies_are_told(harvest, city, ckan_config, monkeypatch):
    ngo = record_types.get("ngo")
    asked: list[str] = []
    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.registers.auto", True)
    monkeypatch.setattr(changes, "request", asked.extend)
    source = harvest.source(owner_org=city["name"])

    def published():
        publishing.publish(ngo)
        return shown.titles(shown.resources(REGISTER)["csv"], of="ngo")

    harvest.run(source, GOOD)
    before = published()
    harvest.run(source, BAD)
    assert "Stowarzyszenie Złe" in published()
    cursor = call_action("leszno_ngo_changes", limit=1000)["cursor"]
    asked.clear()
    known = harvest.records()
    assert undo.undo(harvest.job_id).left == []
    assert "ngo" in asked
    assert published() == before
    told = call_action("leszno_ngo_changes", cursor=cursor, limit=1000)["changes"]
    by_id = {change["id"]: change for change in told if change["type"] == "ngo"}
    assert set(by_id) == {known["0000000168"]["id"], known["0000000525"]["id"]}
    assert by_id[known["0000000168"]["id"]]["record"]["town"] == "Leszno"
    assert "record" not in by_id[known["0000000525"]["id"]]
