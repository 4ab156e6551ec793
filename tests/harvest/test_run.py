"""Whole runs on a real database and a real Solr."""

import functools
import importlib
import json

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from ckanext.harvest.model import (
    HarvestGatherError,
    HarvestObject,
    HarvestObjectExtra,
    HarvestSource,
)

from ckanext.leszno_ngo.harvest import jobs, run, store
from ckanext.leszno_ngo.harvest.budget import Budget
from ckanext.leszno_ngo.harvest.model import SourceError
from tests import counting
from tests.harvest import fake_server

HEADER = "KRS;NIP;Nazwa;Telefon;Status\n"
ALPHA = "0000000168;5422692744;STOWARZYSZENIE ALFA;65 520 11 11;działa\n"
BETA = "0000000291;5422697397;FUNDACJA BETA;;działa\n"
GAMMA = "0000000525;5422698451;KLUB SPORTOWY GAMMA;;działa\n"
THREE = HEADER + ALPHA + BETA + GAMMA
LIST = "LP,KRS,NIP,Name,Voivodeship,County,Municipality,City\n"
PLACE = "WIELKOPOLSKIE,LESZNO,LESZNO,LESZNO\n"


def figures(report):
    names = ("added", "changed", "unchanged", "marked", "missing", "refused_rows")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def found(query="*:*", **more):
    return call_action("package_search", q=query, fq="dataset_type:ngo", rows=100, **more)


# ---------------------------------------------------------------------------------- first and again
def test_a_first_harvest_adds_every_row(harvest):
    source = harvest.source(title="Ewidencja", licence="cc-zero")
    report = harvest.run(source, THREE)
    assert report.stop is None
    assert figures(report) == {"added": 3}
    record = harvest.records()["0000000168"]
    assert record["legal_name"] == "STOWARZYSZENIE ALFA"
    assert record["title"] == "Stowarzyszenie Alfa"
    assert record["name"] == "stowarzyszenie-alfa"
    assert record["status"] == "active"
    assert found()["count"] == 3


def test_a_record_says_where_its_values_come_from(harvest):
    source = harvest.source(title="Ewidencja", licence="cc-zero")
    harvest.run(source, THREE)
    (entry,) = harvest.records()["0000000168"]["sources"]
    assert entry["id"] == source
    assert entry["title"] == "Ewidencja"
    assert entry["licence"] == "cc-zero"
    assert entry["retrieved"] == store.now().date().isoformat()
    assert {"krs", "nip", "legal_name", "title", "phone", "status"} <= set(entry["fields"])
    assert "aims" not in entry["fields"]


def test_the_jobs_page_has_the_figures(harvest):
    source = harvest.source()
    harvest.run(source, THREE)
    job = harvest.job()
    assert job["status"] == "Finished"
    assert job["stats"] == {
        "added": 3, "updated": 0, "not modified": 0, "errored": 0, "deleted": 0
    }  # fmt: skip
    harvest.run(source, HEADER + ALPHA.replace("ALFA", "OMEGA") + BETA + GAMMA)
    assert harvest.job()["stats"] == {
        "added": 0, "updated": 1, "not modified": 2, "errored": 0, "deleted": 0
    }  # fmt: skip
    status = call_action("harvest_source_show", id=source)["status"]
    assert status["total_datasets"] == 3
    assert status["last_job"]["stats"]["not modified"] == 2


def test_a_repeat_without_changes_writes_nothing_but_the_job(harvest):
    source = harvest.source()
    harvest.run(source, THREE)
    file = harvest.folder / "source.csv"
    job_id = store.start_job(source)
    with counting.sql_statements() as sql, counting.solr_requests() as solr:
        report = jobs.perform(HarvestSource.get(source), job_id, file=file)
    assert figures(report) == {"unchanged": 3}
    assert solr.calls == []
    begun, *kept = sql.writes
    assert begun.startswith("UPDATE harvest_job ")
    tables = {statement.split()[2] for statement in kept}
    assert tables <= {"harvest_object", "harvest_object_extra", "leszno_ngo_harvest_undo"}
    assert len(sql.writes) == 4, "the job begins, its figures are kept, old undoing is forgotten"


def test_a_row_that_did_not_change_is_not_read_again(harvest, monkeypatch):
    from ckanext.leszno_ngo.cooperation import normalise

    source = harvest.source()
    harvest.run(source, THREE)
    read = []
    original = normalise.register

    @functools.wraps(original)
    def counted(row, settings):
        read.append(row.number)
        return original(row, settings)

    monkeypatch.setattr(normalise, "register", counted)
    report = harvest.run(source, THREE.replace("BETA", "OMEGA") + "0000000777;;;;\n")
    assert read == [3, 5]
    assert figures(report) == {"changed": 1, "unchanged": 2, "refused_rows": 1}


def test_a_new_release_reads_every_row_again_and_once(harvest, monkeypatch):
    from ckanext.leszno_ngo.harvest import fingerprints

    source = harvest.source()
    harvest.run(source, THREE)
    monkeypatch.setattr(fingerprints, "_release", lambda: b"another")
    assert figures(harvest.run(source, THREE)) == {"unchanged": 3}
    job_id = store.start_job(source)
    with counting.sql_statements() as sql:
        jobs.perform(HarvestSource.get(source), job_id, file=harvest.folder / "source.csv")
    assert len(sql.writes) == 4


def test_a_repeat_asks_no_more_of_the_database_for_more_records(harvest):
    counts = []
    for size in (1, 3):
        source = harvest.source()
        content = "".join(THREE.splitlines(keepends=True)[: size + 1])
        harvest.run(source, content)
        job_id = store.start_job(source)
        with counting.sql_statements() as sql:
            jobs.perform(HarvestSource.get(source), job_id, file=harvest.folder / "source.csv")
        counts.append(sql.count)
    assert counts[0] == counts[1]


def test_a_change_is_taken_and_the_activity_is_the_harvests(harvest):
    source = harvest.source()
    harvest.run(source, THREE)
    report = harvest.run(source, THREE.replace("65 520 11 11", "65 520 22 22"))
    assert figures(report) == {"changed": 1, "unchanged": 2}
    record = harvest.records()["0000000168"]
    assert record["phone"].replace(" ", "").endswith("655202222")
    activity = call_action(
        "package_activity_list",
        {"user": harvest.official},
        id=record["id"],
        include_hidden_activity=True,
    )
    assert [a["activity_type"] for a in activity] == ["changed package", "new package"]


def test_an_emptied_cell_empties_the_field(harvest):
    source = harvest.source()
    harvest.run(source, THREE)
    harvest.run(source, THREE.replace("65 520 11 11", ""))
    assert not harvest.records()["0000000168"].get("phone")


def test_a_column_that_is_gone_empties_nothing(harvest):
    source = harvest.source()
    harvest.run(source, THREE)
    report = harvest.run(source, "KRS;Nazwa\n0000000168;STOWARZYSZENIE ALFA\n"
                         "0000000291;FUNDACJA BETA\n0000000525;KLUB SPORTOWY GAMMA\n")  # fmt: skip
    assert figures(report) == {"unchanged": 3}
    assert harvest.records()["0000000168"]["phone"]


# ---------------------------------------------------------------------------------- people's edits
def test_an_edit_survives_and_is_reported(harvest):
    source = harvest.source()
    harvest.run(source, THREE)
    harvest.edit(harvest.records()["0000000168"], title="Alfa z Leszna")
    report = harvest.run(source, THREE)
    assert figures(report) == {"unchanged": 3}
    (difference,) = report.differences
    assert (difference.field, difference.source, difference.catalogue) == (
        "title",
        "Stowarzyszenie Alfa",
        "Alfa z Leszna",
    )
    report = harvest.run(source, THREE.replace("ALFA", "OMEGA"))
    record = harvest.records()["0000000168"]
    assert record["title"] == "Alfa z Leszna"
    assert record["legal_name"] == "STOWARZYSZENIE OMEGA"
    assert [d.field for d in report.differences] == ["title"]
    assert harvest.job()["object_error_summary"][0]["error_count"] == 1


def test_a_record_deleted_by_a_person_is_not_brought_back(harvest):
    source = harvest.source()
    harvest.run(source, THREE)
    call_action(
        "package_delete", {"user": harvest.official}, id=harvest.records()["0000000168"]["id"]
    )
    report = harvest.run(source, THREE.replace("ALFA", "OMEGA"))
    assert report.withdrawn == 1
    assert found()["count"] == 2


def test_derived_spheres_follow_the_record_until_a_person_chooses(harvest):
    source = harvest.source()
    harvest.run(source, THREE)
    record = harvest.records()["0000000525"]
    assert record["spheres_source"] == "derived"
    assert record["spheres"]
    other = next(code for code in _codes() if code not in record["spheres"])
    harvest.edit(record, spheres=[other])
    harvest.run(source, THREE.replace("SPORTOWY GAMMA", "SPORTOWY DELTA"))
    record = harvest.records()["0000000525"]
    assert record["spheres"] == [other]
    assert record["spheres_source"] == "declared"


def _codes():
    from ckanext.leszno_ngo import vocabularies

    return vocabularies.get("spheres").codes


def test_lists_of_two_tax_years_add_up(harvest):
    row = f"1,0000000168,5422692744,ALFA,{PLACE}"
    source = harvest.source("opp", tax_year=2024)
    harvest.run(source, LIST + row)
    report = harvest.run(source, LIST + row, changes={"tax_year": 2025})
    assert figures(report) == {"changed": 1}
    assert sorted(harvest.records()["0000000168"]["opp_tax_years"]) == ["2024", "2025"]
    assert figures(harvest.run(source, LIST + row)) == {"unchanged": 1}


# ---------------------------------------------------------------------------------- several sources
def test_a_record_in_two_sources_is_one_record(harvest):
    register = harvest.source(register_prefix="SZ-")
    numbered = "Nr wpisu;NIP;Nazwa\n12;5422692744;STOWARZYSZENIE ALFA W LESZNIE\n"
    harvest.run(register, numbered)
    opp = harvest.source("opp", tax_year=2024)
    report = harvest.run(opp, LIST + f"1,0000000168,5422692744,ALFA,{PLACE}")
    assert figures(report) == {"changed": 1}
    (record,) = harvest.records().values()
    assert (record["krs"], record["nip"], record["register_number"]) == (
        "0000000168",
        "5422692744",
        "SZ-12",
    )
    assert [entry["id"] for entry in record["sources"]] == [register, opp]
    assert record["legal_name"] == "STOWARZYSZENIE ALFA W LESZNIE", "the register's word is heavier"
    assert "legal_name" in record["sources"][0]["fields"]
    assert "legal_name" not in record["sources"][1]["fields"]
    assert figures(harvest.run(register, numbered)) == {"unchanged": 1}


def test_the_order_of_sources_does_not_matter(harvest):
    one = "KRS;Nazwa\n0000000168;STOWARZYSZENIE ALFA W LESZNIE\n"
    two = LIST + f"1,0000000168,5422692744,ALFA,{PLACE}"
    states = []
    for order in ("ro", "or"):
        call = {"r": ("register", {}, one), "o": ("opp", {"tax_year": 2024}, two)}
        for letter in order:
            kind, options, content = call[letter]
            harvest.run(harvest.source(kind, **options), content)
        (record,) = harvest.records().values()
        dropped = {"id", "name", "metadata_created", "metadata_modified", "sources"}
        states.append({k: v for k, v in record.items() if k not in dropped and v})
        call_action("dataset_purge", {"user": harvest.official}, id=record["id"])
        _forget_everything()
    assert states[0] == states[1]


def _forget_everything():
    for table in (HarvestObjectExtra, HarvestObject):
        model.Session.query(table).delete()
    model.Session.commit()


def test_contradictory_numbers_are_reported_and_nothing_is_merged(harvest):
    harvest.run(harvest.source(), THREE)
    other = "KRS;NIP;Nazwa\n0000000168;5422697397;ALFA?\n0000000999;5260250995;NOWA\n"
    report = harvest.run(harvest.source(max_refused_share=1), other)
    assert [(r.row, r.code) for r in report.conflicts] == [(2, "two_records")]
    assert figures(report) == {"added": 1, "refused_rows": 1}
    assert harvest.job()["stats"]["errored"] == 1


# ---------------------------------------------------------------------------------- nothing is lost
def test_a_record_missing_long_is_marked_and_not_deleted(harvest, later):
    first = store.now().date().isoformat()
    source = harvest.source(max_vanished_share=0.5)
    harvest.run(source, THREE)
    assert figures(harvest.run(source, HEADER + ALPHA + BETA)) == {"unchanged": 2, "missing": 1}
    for _ in range(3):
        assert harvest.run(source, HEADER + ALPHA + BETA).marked == 0, "runs do not count"
    later(days=6)
    assert harvest.run(source, HEADER + ALPHA + BETA).marked == 0
    assert "missing_since" not in harvest.records()["0000000525"]["sources"][0]
    later(days=7)
    report = harvest.run(source, HEADER + ALPHA + BETA)
    assert figures(report) == {"unchanged": 2, "missing": 1, "marked": 1}
    record = harvest.records()["0000000525"]
    assert record["sources"][0]["missing_since"] == first, "the day it was first not there"
    assert found()["count"] == 3
    with counting.sql_statements() as sql:
        harvest.run(source, HEADER + ALPHA + BETA)
    assert not [s for s in sql.writes if s.startswith("UPDATE package")], "marked once"
    harvest.run(source, THREE)
    assert "missing_since" not in harvest.records()["0000000525"]["sources"][0]


def test_runs_counted_before_an_upgrade_become_days(harvest, later):
    source = harvest.source(max_vanished_share=1)
    harvest.run(source, THREE)
    harvest.run(source, HEADER + ALPHA)
    later(days=7)
    harvest.run(source, HEADER + ALPHA + BETA)
    migration = importlib.import_module(
        "ckanext.leszno_ngo.migration.leszno_ngo.versions.003_harvest_undo"
    )
    for statement in (migration._RUNS, migration._DAYS):
        model.Session.execute(sa.text(statement.replace(":", r"\:")))
    model.Session.commit()
    later(days=8)
    with counting.sql_statements() as sql:
        report = harvest.run(source, HEADER + ALPHA + BETA)
    assert (report.missing, report.marked) == (1, 0)
    assert not [s for s in sql.writes if s.startswith("UPDATE package")], "it is marked already"


def test_a_record_that_comes_back_in_time_is_not_marked(harvest, later):
    source = harvest.source(max_vanished_share=0.5)
    harvest.run(source, THREE)
    for day in (0, 8):
        later(days=day)
        harvest.run(source, HEADER + ALPHA + BETA)
        later(days=day + 6)
        harvest.run(source, HEADER + ALPHA + BETA)
        with counting.sql_statements() as sql:
            report = harvest.run(source, THREE)
        assert figures(report) == {"unchanged": 3}
        assert not [s for s in sql.writes if s.startswith("UPDATE package")]
    assert "missing_since" not in harvest.records()["0000000525"]["sources"][0]


def test_a_dry_run_tells_marks_and_makes_none(harvest, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.harvest.missing_days", 0)
    source = harvest.source(max_vanished_share=0.5)
    harvest.run(source, THREE)
    before = harvest.records()
    report = harvest.run(source, HEADER + ALPHA + BETA, dry_run=True)
    assert figures(report) == {"unchanged": 2, "missing": 1, "marked": 1}
    assert harvest.records() == before
    assert harvest.run(source, HEADER + ALPHA + BETA).marked == 1


def test_the_index_is_settled_while_a_long_run_goes_on(harvest, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.harvest.batch_size", 1)
    monkeypatch.setattr(run, "_BATCHES_A_COMMIT", 2)
    seen = []
    complete = store.complete
    monkeypatch.setattr(store, "complete", lambda ids: seen.append(len(ids)) or complete(ids))
    harvest.run(harvest.source(), THREE)
    assert seen == [2, 1]
    assert found()["count"] == 3


def test_a_source_of_an_unknown_record_type_stops(harvest):
    report = harvest.run(harvest.source(), THREE, changes={"record_type": "ufo"})
    assert report.stop.code == "record_type"


def test_a_source_that_shrank_too_much_changes_nothing(harvest):
    source = harvest.source()
    harvest.run(source, THREE)
    before = harvest.records()
    report = harvest.run(source, HEADER + ALPHA.replace("ALFA", "OMEGA"))
    assert report.stop.code == "vanished_share"
    assert harvest.records() == before
    job = harvest.job()
    assert job["status"] == "Finished"
    assert "2" in job["gather_error_summary"][0]["message"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty"),
        (HEADER, "no_rows"),
        ("<!DOCTYPE html><html><body>Przerwa</body></html>", "html"),
        ("zzz;yyy\n1;2\n", "header"),
        (HEADER + ALPHA + "x;y;z;;\n", "refused_share"),
        (THREE.rstrip("\n") + '\n0000000999;5260250995;"URWANE', "truncated"),
    ],
)
def test_a_source_that_cannot_be_trusted_changes_nothing(harvest, content, code):
    source = harvest.source()
    harvest.run(source, THREE)
    before = harvest.records()
    report = harvest.run(source, content)
    assert report.stop is not None
    assert report.stop.code == code
    assert harvest.records() == before
    assert harvest.job()["stats"]["errored"] >= 1


def test_bad_rows_are_set_aside_one_by_one(harvest, tmp_path):
    source = harvest.source()
    bad = "000000x168;5422692744;KLUB ZŁY NUMER;;\n;;BEZ NUMERU;;\n0000000777;;;;\n"
    odd = "0000000999;5260250995;DELTA;abc;działa\n"
    report = harvest.run(source, THREE + bad + odd)
    assert figures(report) == {"added": 4, "refused_rows": 3}
    assert [(r.row, r.field, r.code, r.whole_row) for r in report.set_aside] == [
        (5, "krs", "characters", False),
        (5, "nip", "shared_number", True),
        (6, "", "no_identifier", True),
        (7, "legal_name", "empty", True),
        (8, "phone", "phone", False),
    ]
    path = tmp_path / "refused.csv"
    report.write_csv(path, None)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + len(report.set_aside)


def test_a_refused_row_of_a_known_record_is_not_missing(harvest):
    source = harvest.source()
    harvest.run(source, THREE)
    report = harvest.run(source, THREE.replace("STOWARZYSZENIE ALFA", ""))
    assert report.missing == 0
    assert report.refused_rows == 1


# ---------------------------------------------------------------------------------- KRS
@pytest.fixture
def krs(harvest, server, open_network):
    """Three records, and a register that knows two of them."""
    harvest.run(harvest.source(max_vanished_share=1), THREE)
    for number, nip in (("0000000168", "5422692744"), ("0000000291", "5422697397")):
        extract = fake_server.invented_extract(number)
        entity = extract["odpis"]["dane"]["dzial1"]["danePodmiotu"]
        entity["identyfikatory"] = {"nip": nip}
        server.add_extract(extract)
    return harvest.source("krs", url=server.url)


def test_the_court_register_refreshes_known_records(harvest, krs):
    report = harvest.run(krs)
    assert figures(report) == {"changed": 2, "refused_rows": 1}
    assert [(r.value, r.code) for r in report.refusals] == [("0000000525", "not_found")]
    record = harvest.records()["0000000168"]
    assert record["street"]
    assert record["sources"][1]["state_date"] == "2025-01-29"
    assert figures(harvest.run(krs)) == {"unchanged": 2, "refused_rows": 1}


def test_a_body_removed_from_the_court_register_gets_that_status(harvest, krs, server):
    harvest.run(krs)
    street = harvest.records()["0000000168"]["street"]
    server.removed.add("0000000168")
    report = harvest.run(krs)
    assert report.changed == 1
    record = harvest.records()["0000000168"]
    assert record["status"] == "removed"
    assert record["street"] == street, "the rest stays"
    assert harvest.run(krs).changed == 0


def test_liquidation_is_taken_over_the_catalogues_own_default(harvest, server, open_network):
    harvest.run(harvest.source("opp"), LIST + f"1,0000000168,5422692744,ALFA,{PLACE}")
    assert harvest.records()["0000000168"]["status"] == "active"
    extract = fake_server.invented_extract(
        "0000000168", dzial6={"likwidacja": [{"otwarcieLikwidacji": "…"}]}
    )
    extract["odpis"]["dane"]["dzial1"]["danePodmiotu"]["identyfikatory"] = {"nip": "5422692744"}
    server.add_extract(extract)
    harvest.run(harvest.source("krs", url=server.url))
    assert harvest.records()["0000000168"]["status"] == "in_liquidation"


def test_what_came_before_the_register_went_away_is_kept(harvest, krs, server, monkeypatch):
    from ckanext.leszno_ngo.cooperation.sources import krs as api

    monkeypatch.setattr(api.KrsApi.__init__, "__kwdefaults__", {"give_up_after": 1})
    server.order("/api/krs/OdpisAktualny/0000000291", fake_server.status(500))
    report = harvest.run(krs)
    assert report.stop.code == "server_error"
    assert report.changed == 1
    assert harvest.records()["0000000168"]["street"]
    assert found("0000000168")["count"] >= 1
    server.faults.clear()
    assert harvest.run(krs).changed == 1


def test_what_came_before_the_time_was_up_is_kept(harvest, krs, monkeypatch):
    clock = iter([0, 0, *[100] * 9])
    budgets = iter([Budget(seconds=5, clock=lambda: next(clock)), Budget()])
    monkeypatch.setattr(run, "Budget", lambda *_limits: next(budgets))
    report = harvest.run(krs)
    assert (report.stop.code, report.changed) == ("time_limit", 1)
    assert harvest.records()["0000000168"]["street"]


def test_the_bulletin_asks_only_for_what_changed(harvest, krs, server):
    server.add_extract(_with_nip("0000000525", "5422698451"))
    bulletin = harvest.source("krs", url=server.url + "/", mode="bulletin")
    harvest.run(bulletin)
    assert server.asked("/api/krs/OdpisAktualny/0000000168") == 1, "never asked for before"
    today = store.now().date().isoformat()
    server.bulletins[today] = ["291"]
    server.requests.clear()
    harvest.run(bulletin)
    asked = {path.rsplit("/", 1)[1] for path, _, _ in server.requests if "Odpis" in path}
    assert asked == {"0000000291"}


def _with_nip(number, nip):
    extract = fake_server.invented_extract(number)
    extract["odpis"]["dane"]["dzial1"]["danePodmiotu"]["identyfikatory"] = {"nip": nip}
    return extract


# ---------------------------------------------------------------------------------- addresses
def test_a_file_is_fetched_from_its_address(harvest, server, open_network):
    server.files["/rejestr.csv"] = fake_server.answer(THREE.encode("cp1250"))
    source = harvest.source(url=server.url + "/rejestr.csv?rok=2026")
    assert figures(harvest.run(source)) == {"added": 3}
    (entry,) = harvest.records()["0000000168"]["sources"]
    assert entry["url"] == server.url + "/rejestr.csv"


def test_a_private_address_is_refused_unless_allowed(harvest, server):
    report = harvest.run(harvest.source(url=server.url + "/rejestr.csv"))
    assert report.stop.code == "private_address"
    assert server.requests == []


def test_a_source_loaded_by_hand_says_so_when_a_worker_runs_it(harvest):
    assert harvest.run(harvest.source()).stop.code == "by_hand"


def test_another_catalogue_is_harvested_by_its_api(harvest, server, open_network):
    """This catalogue's own answer, served as another's."""
    harvest.run(harvest.source(), THREE)
    answer = json.dumps({"success": True, "result": found()}).encode()
    served = fake_server.answer(answer, content_type="application/json")
    server.files["/api/3/action/package_search"] = served
    before = harvest.records()
    for record in before.values():
        call_action("dataset_purge", {"user": harvest.official}, id=record["id"])
    _forget_everything()
    source = harvest.source("ckan", url=server.url, licence="cc-by")
    assert figures(harvest.run(source)) == {"added": 3}
    again = harvest.records()
    own = {"id", "sources", "metadata_created", "metadata_modified", "creator_user_id"}
    for key, record in before.items():
        expected = {k: v for k, v in record.items() if k not in own}
        assert {k: v for k, v in again[key].items() if k not in own} == expected
    assert figures(harvest.run(source)) == {"unchanged": 3}


# ---------------------------------------------------------------------------------- one at a time
def test_a_second_run_of_a_source_is_refused(harvest):
    source = harvest.source()
    with store.source_lock(source):
        report = harvest.run(source, THREE)
    assert report.stop.code == "running"
    assert harvest.records() == {}
    assert figures(harvest.run(source, THREE)) == {"added": 3}


def test_two_sources_may_run_at_once(harvest):
    one, two = harvest.source(), harvest.source()
    with store.source_lock(one):
        assert harvest.run(two, THREE).stop is None


def test_the_lock_goes_with_the_block(harvest):
    source = harvest.source()
    with pytest.raises(ZeroDivisionError), store.source_lock(source):
        raise ZeroDivisionError
    with store.source_lock(source), pytest.raises(SourceError), store.source_lock(source):
        pass


# ---------------------------------------------------------------------------------- dry run
def test_a_dry_run_says_everything_and_changes_nothing(harvest):
    source = harvest.source()
    harvest.run(source, THREE)
    before = harvest.records()
    objects = model.Session.query(HarvestObject).count()
    content = HEADER + ALPHA.replace("ALFA", "OMEGA") + BETA + GAMMA + ";;BEZ NUMERU;;\n"
    content += "0000000999;5260250995;DELTA;;\n"
    file = harvest.folder / "source.csv"
    file.write_text(content, encoding="utf-8")
    with counting.solr_requests() as solr:
        report = jobs.perform(HarvestSource.get(source), "", file=file, dry_run=True)
    assert figures(report) == {"added": 1, "changed": 1, "unchanged": 2, "refused_rows": 1}
    assert harvest.records() == before
    assert model.Session.query(HarvestObject).count() == objects
    assert model.Session.query(HarvestGatherError).count() == 0
    assert solr.calls == []


def test_settings_that_cannot_be_used_stop_the_run(harvest):
    source = harvest.source()
    HarvestSource.get(source).config = json.dumps({"tax_year": 2024})
    model.Session.commit()
    report = harvest.run(source, THREE)
    assert report.stop.code == "settings"
    assert "tax_year" in harvest.job()["gather_error_summary"][0]["message"]
