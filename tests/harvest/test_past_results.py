"""Tables of results of past years, harvested from an address."""

import io
import json

import openpyxl
import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.leszno_ngo.catalogue import stored
from ckanext.leszno_ngo.harvest import settings
from tests import counting
from tests.cooperation import records
from tests.harvest import fake_server

HEADER = "Lp.;Oferent;Nr KRS;Zadanie;Punkty;Kwota wnioskowana;Kwota przyznana;Uwagi\n"
POLONIA = "1;Klub Sportowy Polonia;31247;Szkolenie młodzików;90,5;20 000,00 zł;12 500,50 zł;\n"
ZABKA = "2;KLUB PŁYWACKI ŻABKA;;Nauka pływania;71;10000;8000;dobra oferta\n"
PARISH = "3;Parafia Nieznana;;Festyn;60;6000;4000;\n"
LOST = "4;Klub Sportowy Polonia;31247;Turniej;40;9000;0;za mało punktów\n"
SUM = ";Razem;;;;;24500,50;\n"
TABLE = HEADER + POLONIA + ZABKA + PARISH + LOST + SUM
VALUES = {
    "year": 2024,
    "mode": "open_call",
    "granted_date": "2024-02-15",
    "spheres": ["17"],
    "legal_basis": "uodpp_13",
}


@pytest.fixture
def unit(clean_catalogue):
    return factories.Organization()


@pytest.fixture
def clubs(unit):
    given = {"owner_org": unit["id"]}
    return {
        "polonia": records.create("ngo", title="Klub Sportowy Polonia", krs="0000031247", **given)[
            "id"
        ],
        "zabka": records.create("ngo", title="Klub Pływacki Żabka", krs="0000034807", **given)[
            "id"
        ],
    }


@pytest.fixture
def past(harvest, server, open_network, unit, clubs):
    """``past(table, **options)`` serves a table and returns its source."""

    def make(table=TABLE, **options):
        serve(server, table)
        own = {"owner_org": unit["name"], "values": VALUES, **options}
        return harvest.source("results", url=server.url + "/wyniki-2024.csv", **own)

    return make


def serve(server, table):
    body = table if isinstance(table, bytes) else table.encode("cp1250")
    server.files["/wyniki-2024.csv"] = fake_server.answer(body)


def grants():
    model.Session.rollback()
    ids = [id_ for (id_,) in model.Session.query(model.Package.id).filter_by(type="grant")]
    return {shown.custom["title"]: shown.custom for shown in stored.load_many(ids)}


def told(report):
    return {(refused.row, refused.field, refused.code) for refused in report.set_aside}


def counted(report):
    names = ("added", "changed", "unchanged", "missing", "refused_rows")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def test_rows_with_money_become_archive_entries_of_grants(harvest, past, clubs, unit):
    report = harvest.run(past(title="BIP, wyniki 2024"))
    assert report.stop is None
    assert counted(report) == {"added": 3}
    made = grants()
    one = made["Szkolenie młodzików"]
    assert one["recipient"] == clubs["polonia"]
    assert one["recipient_name"] == "Klub Sportowy Polonia"
    assert (float(one["granted_amount"]), float(one["asked_amount"])) == (12500.5, 20000)
    assert float(one["points"]) == 90.5
    assert (one["archive"], one["outside_call"]) == (True, True)
    assert (one["mode"], one["granted_date"], one["spheres"]) == (
        "open_call",
        "2024-02-15",
        ["17"],
    )
    assert str(one["year"]) == "2024"
    assert one["owner_org"] == unit["id"]
    assert one["sources"][0]["title"] == "BIP, wyniki 2024"
    assert made["Nauka pływania"]["recipient"] == clubs["zabka"]
    assert made["Nauka pływania"]["notes"] == "dobra oferta"
    assert records.search(fq="dataset_type:grant +year:2024")["count"] == 3


def test_a_table_that_is_wrong_as_a_whole_goes_nowhere(harvest, past, server):
    places = ["Gronówko", "Zaborowo", "Lasocice", "Henrykowo", "Strzyżewice", "Święciechowa"]
    rows = [[f"Klub Łucznik {p}", f"Turniej {p}", f"{n}000"] for n, p in enumerate(places, 1)]

    def table(rows):
        return "".join(["Oferent;Zadanie;Kwota przyznana\n", *(";".join(r) + "\n" for r in rows)])

    source = past(table(rows))
    assert harvest.run(source).added == len(rows)
    before = grants()
    columns = list(zip(*rows, strict=True))
    shifted = [[c[1:] + c[:1] if n == at else c for n, c in enumerate(columns)] for at in range(3)]
    hostile = [table(zip(*moved, strict=True)) for moved in shifted]
    hostile.append(table(rows).encode("ascii", "replace"))
    hostile.append(table(rows).encode().decode("latin-1").encode())
    for content in hostile:
        serve(server, content)
        assert harvest.run(source).stop, content
        assert grants() == before


def test_what_is_uncertain_is_told_by_row_and_field_and_goes_in_by_name(harvest, past):
    report = harvest.run(past())
    assert told(report) == {
        (4, "recipient_name", "organisation_unknown"),
        (5, "granted_amount", "not_granted"),
    }
    parish = grants()["Festyn"]
    assert parish["recipient_name"] == "Parafia Nieznana"
    assert not parish.get("recipient")


def test_bad_rows_are_refused_by_field_and_the_good_ones_go_in(harvest, past, clubs):
    bad = (
        HEADER
        + POLONIA
        + ZABKA
        + "3;Klub Pływacki Żabka;;;50;5000;3000;\n"
        + "4;Klub Pływacki Żabka;;Obóz;50;5000;trzy tysiące;\n"
        + "5;Klub Pływacki Żabka;;Rejs;50;5000;9000;\n"
        + "6;Zespół 44051401359;;Koncert;50;5000;3000;\n"
        + "7;Klub Sportowy Polonia;;Marsz;50;5000;3000;PESEL 44051401359\n"
        + "8;Klub Pływacki Żabka;999;Basen;50;5000;3000;\n"
    )
    report = harvest.run(past(bad, max_refused_share=1))
    assert told(report) == {
        (4, "title", "empty"),
        (5, "granted_amount", "amount"),
        (6, "granted_amount", "more_than_asked"),
        (7, "recipient_name", "personal_data"),
        (8, "notes", "personal_data"),
        (9, "recipient", "number_unknown"),
    }
    made = grants()
    assert set(made) == {"Szkolenie młodzików", "Nauka pływania", "Marsz", "Basen"}
    assert made["Basen"]["recipient"] == clubs["zabka"]
    assert not made["Marsz"].get("notes")
    assert "44051401359" not in " ".join(map(str, report.lines(None)))


def test_a_person_named_as_an_organisation_is_not_published(harvest, past, clubs):
    people = (
        HEADER
        + POLONIA
        + "2;Anna Nowak-Kowalska;;Warsztaty;50;5000;3000;\n"
        + "3;Klub Pływacki Żabka;;Obóz;50;5000;3000;\n"
    )
    report = harvest.run(past(people, max_refused_share=1))
    assert told(report) == {(3, "recipient_name", "may_be_person")}
    assert set(grants()) == {"Szkolenie młodzików", "Obóz"}
    assert "Nowak" not in " ".join(map(str, report.lines(None)))


def test_a_repeat_writes_nothing(harvest, past):
    source = past(HEADER + POLONIA + ZABKA)
    harvest.run(source)
    before = grants()
    with counting.sql_statements() as seen:
        report = harvest.run(source)
    assert counted(report) == {"unchanged": 2}
    assert grants() == before
    written = {statement.split()[2].strip('"') for statement in seen.writes}
    assert not written & {"package", "activity"}


def test_a_repeat_asks_again_for_those_it_did_not_know(harvest, past, unit):
    source = past()
    harvest.run(source)
    records.create("ngo", title="Parafia Nieznana", krs="0000000168", owner_org=unit["id"])
    report = harvest.run(source)
    assert counted(report) == {"changed": 1, "unchanged": 2}
    assert grants()["Festyn"]["recipient"]


def test_a_changed_row_changes_its_grant_and_a_persons_edit_stays(harvest, past, server):
    source = past()
    harvest.run(source)
    before = grants()
    harvest.edit(before["Nauka pływania"], points="75")
    serve(server, TABLE.replace("8000", "8500").replace("71;", "72;"))
    report = harvest.run(source)
    assert counted(report) == {"changed": 1, "unchanged": 2}
    after = grants()["Nauka pływania"]
    assert after["id"] == before["Nauka pływania"]["id"]
    assert float(after["granted_amount"]) == 8500
    assert float(after["points"]) == 75
    assert [d.field for d in report.differences] == ["points"]


def test_a_withdrawn_row_is_noted_then_marked_and_never_deleted(harvest, past, server, later):
    source = past(max_vanished_share=1)
    harvest.run(source)
    serve(server, HEADER + POLONIA + ZABKA)
    report = harvest.run(source)
    assert (report.missing, report.marked) == (1, 0)
    later(days=7)
    report = harvest.run(source)
    assert (report.missing, report.marked) == (1, 1)
    assert grants()["Festyn"]["sources"][0]["missing_since"]


def test_a_truncated_file_changes_nothing(harvest, past, server):
    source = past()
    harvest.run(source)
    before = grants()
    server.files["/wyniki-2024.csv"] = fake_server.truncated(TABLE.encode("cp1250"))
    assert harvest.run(source).stop
    serve(server, (HEADER + POLONIA + '2;"Klub Pły').encode("cp1250"))
    assert harvest.run(source).stop.code == "truncated"
    serve(server, HEADER + POLONIA)
    assert harvest.run(source).stop.code == "vanished_share"
    assert grants() == before


def test_a_dry_run_tells_and_changes_nothing(harvest, past):
    source = past()
    report = harvest.run(source, dry_run=True)
    assert counted(report) == {"added": 3}
    assert grants() == {}


def test_results_of_a_call_belong_to_it_and_are_not_made_twice(harvest, past, clubs, unit):
    call = records.create(
        "call-for-offers", owner_org=unit["id"], resolved_date="2026-03-20", spheres=["17"]
    )
    records.create(
        "grant",
        owner_org=unit["id"],
        call=call["id"],
        recipient=clubs["zabka"],
        title="Nauka pływania",
        granted_amount="8000",
    )
    source = past(call=call["name"], values={})
    report = harvest.run(source)
    assert counted(report) == {"added": 2, "refused_rows": 1}
    assert (3, "title", "grant_exists") in told(report)
    one = grants()["Szkolenie młodzików"]
    assert one["call"] == call["id"]
    assert one["mode"] == call["mode"]
    assert one["granted_date"] == "2026-03-20"
    assert not one["outside_call"]
    assert counted(harvest.run(source)) == {"unchanged": 2, "refused_rows": 1}


def test_a_workbook_is_read_and_its_columns_of_people_are_not(harvest, past):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Organizacja", "Imię i nazwisko koordynatora", "Tytuł zadania", "Przyznano"])
    sheet.append(["Klub Sportowy Polonia", "Jan Nowak", "Obóz", 1500.5])
    written = io.BytesIO()
    book.save(written)
    report = harvest.run(past(written.getvalue()))
    assert report.stop is None
    assert counted(report) == {"added": 1}
    assert "Jan Nowak" not in json.dumps(grants())
    assert report.dropped_columns


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"values": {"colour": "red"}}, "colour"),
        ({"values": {"mode": "lottery"}}, "open_call"),
        ({"values": {"spheres": ["999"]}}, "spheres"),
        ({"values": ["mode"]}, "values"),
        ({"values": {"mode": {"a": 1}}}, "values"),
        ({"call": "none"}, "call"),
        ({"tax_year": 2024}, "tax_year"),
    ],
)
def test_settings_are_checked_when_the_source_is_saved(harvest, options, named):
    with pytest.raises(Exception, match=named):
        harvest.source("results", url="http://example.com/x.csv", **options)


def test_the_type_of_records_is_the_one_that_results_become(harvest, past):
    assert settings.parse("results", "").record_type == "grant"
    report = harvest.run(past(record_type="ngo", values={}))
    assert report.stop.code == "no_results"


def test_a_call_that_is_gone_stops_the_run(harvest, past, unit):
    call = records.create("call-for-offers", owner_org=unit["id"])
    source = past(call=call["id"])
    call_action("package_delete", {"user": harvest.official}, id=call["id"])
    assert harvest.run(source).stop.code == "no_call"


@pytest.fixture
def stranger():
    """An editor of another department, with a token, and that department."""
    editor = factories.UserWithToken()
    users = [{"name": editor["name"], "capacity": "editor"}]
    return {**editor, "unit": factories.Organization(users=users)["id"]}


def of_stranger(stranger, server, call):
    config = {"call": call, "values": VALUES}
    return {
        "name": f"wyniki-{call}"[:90],
        "title": "Wyniki",
        "url": server.url + "/wyniki-2024.csv",
        "source_type": "leszno_ngo_results",
        "owner_org": stranger["unit"],
        "config": json.dumps(config),
    }


def test_a_call_that_who_saves_a_source_may_not_read_is_none(app, harvest, server, unit, stranger):
    hidden = records.create("call-for-offers", owner_org=unit["id"], private=True)
    said = []
    for call in (hidden["name"], hidden["id"], "nie-ma-takiego"):
        answer = app.post(
            "/api/action/harvest_source_create",
            json=of_stranger(stranger, server, call),
            headers={"Authorization": stranger["token"]},
            status=409,
        )
        said.append(answer.json["error"]["config"])
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize(("private", "told_of"), [(True, []), (False, ["grant_exists"])])
def test_a_grant_that_who_answers_for_it_may_not_read_is_none(
    harvest, past, server, unit, stranger, clubs, private, told_of
):
    past(HEADER + POLONIA)  # serves the table
    call = records.create("call-for-offers", owner_org=unit["id"])
    given = {"call": call["id"], "recipient": clubs["polonia"], "owner_org": unit["id"]}
    records.create("grant", title="Szkolenie młodzików", private=private, **given)
    source = tk.get_action("harvest_source_create")(
        {"user": stranger["name"]}, of_stranger(stranger, server, call["name"])
    )["id"]
    assert [refused.code for refused in harvest.run(source).set_aside] == told_of


def test_a_run_reads_no_call_that_who_answers_for_it_may_not(harvest, past, server, unit, stranger):
    past()  # serves the table
    call = records.create("call-for-offers", owner_org=unit["id"])
    source = tk.get_action("harvest_source_create")(
        {"user": stranger["name"]}, of_stranger(stranger, server, call["name"])
    )["id"]
    assert harvest.run(source).stop is None
    call_action("package_patch", {"user": harvest.official}, id=call["id"], private=True)
    assert harvest.run(source).stop.code == "no_call"
