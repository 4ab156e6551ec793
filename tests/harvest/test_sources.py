from __future__ import annotations

import json
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.leszno_ngo.cooperation.sources import krs, opp_list, register_file
from ckanext.leszno_ngo.harvest.http import Client, Policy
from ckanext.leszno_ngo.harvest.model import RawRow, Refusal, SourceError, display_text
from ckanext.leszno_ngo.harvest.sources.ckan import CkanCatalogue
from ckanext.leszno_ngo.harvest.sources.place import Municipality
from tests.harvest import fake_server as fake
from tests.shared_data import shared

LESZNO = Municipality("3063011", "wielkopolskie", ("Leszno",))
KRS = "0000031247"
# Parts of an extract, for JSON that is nearly one.
KEYS = [
    "numerKRS",
    "dzial1",
    "dzial3",
    "dzial6",
    "danePodmiotu",
    "siedzibaIAdres",
    "przedmiotDzialalnosciOPP",
    "nieodplatnyPkd",
    "likwidacja",
    "zawieszenieWznowienie",
]


@pytest.fixture
def server():
    with fake.running() as running:
        yield running


@pytest.fixture
def api(server):
    return krs.KrsApi(Client(Policy(tries=2), sleep=lambda seconds: None), server.url + "/")


def error(call, *args) -> SourceError:
    with pytest.raises(SourceError) as caught:
        list(call(*args))
    return caught.value


def stop(call, *args) -> SourceError:
    with pytest.raises(SourceError) as caught:
        call(*args)
    return caught.value


# ---------------------------------------------------------------- which municipality


@pytest.mark.parametrize(
    ("voivodeship", "county", "municipality", "town", "here"),
    [
        ("WIELKOPOLSKIE", "LESZNO", "LESZNO", "LESZNO", True),
        ("WIELKOPOLSKIE", "M. LESZNO", "M. LESZNO", "LESZNO", True),
        ("WIELKOPOLSKIE", "M.LESZNO", "M.LESZNO", "LESZNO", True),
        ("wielkopolskie", "", "", "Leszno", True),
        ("WIELKOPOLSKIE", "LESZNO", "LESZNO-CENTRUM", "LESZNO", True),
        ("WIELKOPOLSKIE", "LESZCZYŃSKI", "RYDZYNA", "RYDZYNA", False),
        ("WIELKOPOLSKIE", "LESZCZYŃSKI", "LIPNO", "LESZNO", False),
        ("MAZOWIECKIE", "WARSZAWSKI ZACHODNI", "LESZNO", "LESZNO", False),
        ("MAZOWIECKIE", "PIASECZYŃSKI", "LESZNOWOLA", "LESZNOWOLA", False),
        ("", "LESZNO", "LESZNO", "LESZNO", False),
        ("WIELKOPOLSKIE", "", "", "", False),
    ],
)
def test_other_places_called_leszno(voivodeship, county, municipality, town, here):
    names = ("voivodeship", "county", "municipality", "town")
    values = dict(zip(names, (voivodeship, county, municipality, town), strict=True))
    assert LESZNO.holds(values) is here


def test_teryt_decides_alone():
    assert LESZNO.holds({"teryt": "3063011", "town": "Gronówko"})
    assert not LESZNO.holds({"teryt": "1432042", "voivodeship": "WIELKOPOLSKIE", "town": "LESZNO"})


# ---------------------------------------------------------------- OPP list, register


def test_thirty_organisations_of_leszno():
    found = opp_list.open_list(shared("opp/opp-list-2025.csv"), LESZNO)
    rows = list(opp_list.rows(found, LESZNO))
    assert len(rows) == 30
    assert {row.values["town"] for row in rows} == {"LESZNO"}


def test_the_whole_country():
    found = opp_list.open_list(shared("opp/opp-list-2025.csv"), None)
    assert sum(1 for _ in opp_list.rows(found, None)) == 9181


def test_polish_headings_of_the_list(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "Wykaz OPP;;;;\nLp.;Nazwa organizacji;Numer KRS;Województwo;Siedziba\n"
        "1;A;31247;wielkopolskie;Leszno\n2;B;5;mazowieckie;Leszno\n3;C\n",
        encoding="cp1250",
    )
    found = opp_list.open_list(path, LESZNO)
    rows = list(opp_list.rows(found, LESZNO))
    assert rows[0] == RawRow(
        3,
        {"legal_name": "A", "krs": "31247", "voivodeship": "wielkopolskie", "seat": "Leszno"},
    )
    assert [row.code for row in rows[1:]] == ["ragged"]


def test_a_list_that_cannot_be_filtered(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Nazwa;KRS\nA;1\n")
    assert stop(opp_list.open_list, path, LESZNO).code == "header_missing"
    assert len(list(opp_list.rows(opp_list.open_list(path, None), None))) == 1


def test_a_register_needs_a_name_and_an_identifier(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Nazwa;Ulica\nA;B\n")
    assert stop(register_file.open_register, path).code == "header_missing"
    path.write_text("Nr wpisu;Nazwa;Prezes\n7;A;SEKRET\n")
    rows = list(register_file.rows(register_file.open_register(path)))
    assert rows == [RawRow(2, {"register_number": "7", "legal_name": "A"})]


# ---------------------------------------------------------------- KRS


def test_an_extract_is_read_by_what_is_wanted(server, api):
    server.add_extract(fake.invented_extract(KRS))
    values = api.extract(KRS)
    assert values["krs"] == KRS
    assert values["legal_name"] == '"PRÓBNE STOWARZYSZENIE" W LESZNIE'
    assert values["opp"] == "true"
    assert values["pkd_unpaid"] == "94.99.Z\n85.51.Z"
    assert values["status"] == "active"
    assert values["state_date"] == "29.01.2025"
    assert "SEKRET" not in repr(values)
    path, query, _ = server.requests[0]
    assert (path, query) == (f"/api/krs/OdpisAktualny/{KRS}", {"rejestr": "S", "format": "json"})


def test_register_p_is_asked_when_s_does_not_know_the_number(server, api):
    business = {
        "dzial3": {
            "przedmiotDzialalnosci": {
                "przedmiotPrzewazajacejDzialalnosci": [
                    {"kodDzial": "47", "kodKlasa": "11", "kodPodklasa": "Z"}
                ],
                "przedmiotPozostalejDzialalnosci": [
                    {"kodDzial": "56", "kodKlasa": "10", "kodPodklasa": "A"}
                ],
            }
        }
    }
    server.add_extract(fake.invented_extract(KRS, "P", **business))
    assert api.extract(KRS)["pkd_business"] == "47.11.Z\n56.10.A"
    assert [query["rejestr"] for _, query, _ in server.requests] == ["S", "P"]


def test_a_division_alone_is_a_code(server, api):
    unpaid = [{"kodDzial": "86"}, {"kodDzial": "88", "kodKlasa": "99"}, {"opis": "…"}]
    aims = {"dzial3": {"przedmiotDzialalnosciOPP": {"nieodplatnyPkd": unpaid}}}
    server.add_extract(fake.invented_extract(KRS, **aims))
    assert api.extract(KRS)["pkd_unpaid"] == "86\n88.99"


def test_a_body_removed_from_the_register(server, api):
    server.removed.add(KRS)
    assert api.extract(KRS) == {"krs": KRS, "status": "removed"}


def test_a_number_in_neither_register(server, api):
    assert api.extract(KRS) is None
    assert list(api.rows([KRS])) == [Refusal(1, "krs", KRS, "not_found")]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (fake.answer(b"", content_type="application/json"), "empty"),
        (fake.html(), "html"),
        (fake.answer(b"<html></html>", content_type="application/json"), "html"),
        (fake.answer(b'{"odpis": ', content_type="application/json"), "json"),
        (fake.answer(b"\xff\xfe\xfa", content_type="application/json"), "json"),
        (fake.answer(b"[]", content_type="application/json"), "format"),
        (fake.answer(b'{"odpis": {"dane": []}}', content_type="application/json"), "format"),
        (fake.answer(b"{}", content_type="application/pdf"), "content_type"),
        (fake.status(400), "http_status"),
        (fake.status(500), "server_error"),
        (fake.status(429), "rate_limited"),
        (fake.truncated(b'{"odpis": {}}', "application/json"), "truncated"),
    ],
)
def test_one_bad_answer_is_one_refusal(server, api, fault, code):
    server.add_extract(fake.invented_extract("0000000002"))
    server.order(f"/api/krs/OdpisAktualny/{KRS}", fault)
    first, second = api.rows([KRS, "0000000002"])
    assert (first.row, first.field, first.value, first.code) == (1, "krs", KRS, code)
    assert second.number == 2
    assert second.values["krs"] == "0000000002"


def test_an_extract_of_another_body_is_refused(server, api):
    server.extracts[(KRS, "S")] = json.dumps(fake.invented_extract("0000000009")).encode()
    assert [row.code for row in api.rows([KRS])] == ["answered_other"]


def test_an_api_that_is_away_stops_the_run(server):
    api = krs.KrsApi(Client(Policy(tries=1)), server.url, give_up_after=3)
    numbers = [f"{number:010}" for number in range(1, 10)]
    for number in numbers:
        server.order(f"/api/krs/OdpisAktualny/{number}", fake.status(503))
    assert error(api.rows, numbers).code == "server_error"
    assert len(server.requests) == 3


def test_a_fault_that_passes(server, api):
    server.add_extract(fake.invented_extract(KRS))
    good = fake.answer(server.extracts[(KRS, "S")], content_type="application/json")
    server.order(f"/api/krs/OdpisAktualny/{KRS}", fake.status(500), good)
    assert api.extract(KRS)["krs"] == KRS


@pytest.mark.parametrize(
    ("section", "status"),
    [
        ({}, "active"),
        (None, "active"),
        (
            {"likwidacja": [{"otwarcieLikwidacji": "1.1.2025", "likwidatorzy": [{"x": 1}]}]},
            "in_liquidation",
        ),
        ({"likwidacja": {"otwarcieLikwidacji": "1.1.2025"}}, "in_liquidation"),
        ({"likwidacja": [{"otwarcieLikwidacji": "1", "zakonczenieLikwidacji": "2"}]}, "active"),
        ({"rozwiazanieUniewaznienie": {"okreslenieOkolicznosci": "ROZWIĄZANIE"}}, "in_liquidation"),
        (
            {"rozwiazanieUniewaznienie": [{"okreslenieOkolicznosci": "ROZWIĄZANIE"}]},
            "in_liquidation",
        ),
        ({"zawieszenieWznowienie": [{"dataZawieszenia": "1.1.2025"}]}, "suspended"),
        ({"zawieszenieWznowienie": {"dataZawieszenia": "1.1.2025"}}, "suspended"),
        ({"zawieszenieWznowienie": [{"dataZawieszenia": "1", "dataWznowienia": "2"}]}, "active"),
        (
            {"postepowanieUpadlosciowe": [{"informacja": "…"}], "likwidacja": [{"x": "…"}]},
            "in_bankruptcy",
        ),
        ({"likwidacja": [{}], "postepowanieUpadlosciowe": []}, "active"),
        ({"polaczeniePodzialPrzeksztalcenie": [{"x": 1}]}, "active"),
    ],
)
def test_status_from_section_six(section, status):
    assert krs.read_extract(fake.invented_extract(KRS, dzial6=section))["status"] == status


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=30,
)


@settings(deadline=None)
@given(dane=json_values, header=json_values)
def test_any_json_is_texts_or_a_clear_error(dane, header):
    answer = {"odpis": {"naglowekA": header, "dane": dane}}
    with suppress(SourceError):
        assert all(isinstance(value, str) for value in krs.read_extract(answer).values())
    answer["odpis"]["naglowekA"] = {"numerKRS": KRS}
    assert krs.read_extract(answer)["krs"] == KRS


@pytest.mark.parametrize("dzial", ["dzial1", "dzial2", "dzial3", "dzial6"])
@pytest.mark.parametrize("junk", [None, [], "x", 5, {}, [None, "x"], {"siedzibaIAdres": []}])
def test_sections_of_the_wrong_shape(dzial, junk):
    assert krs.read_extract(fake.invented_extract(KRS, **{dzial: junk}))["krs"] == KRS


def test_the_bulletin_is_padded_and_each_number_comes_once(server, api):
    server.bulletins["2026-09-24"] = ["5204", "38883", "38883", "0000038883", 7]
    assert api.bulletin(date(2026, 9, 24)) == ["0000000007", "0000005204", "0000038883"]


@pytest.mark.parametrize("answer", [None, []])
def test_a_day_without_changes(server, api, answer):
    server.bulletins["2026-09-26"] = answer
    assert api.bulletin(date(2026, 9, 26)) == []
    assert api.bulletin(date(2026, 9, 27)) == []


@pytest.mark.parametrize("answer", [{"a": 1}, ["12345678901"], ["1 OR 1"], ["-5"], [["5"]], "5"])
def test_a_bulletin_of_something_else(server, api, answer):
    server.bulletins["2026-09-24"] = answer
    assert stop(api.bulletin, date(2026, 9, 24)).code == "format"


def test_no_bulletin_before_the_first(api, server):
    assert stop(api.bulletin, date(2021, 12, 7)).code == "day"
    assert server.requests == []


def test_the_saved_answers_of_the_register(server, api):
    folder = shared("krs-extracts")
    server.add_folder(folder)
    numbers = sorted(path.stem for path in folder.glob("*.json"))
    rows = list(api.rows(numbers))
    refused = {row.value: row.code for row in rows if isinstance(row, Refusal)}
    assert refused == {"0000010843": "empty", "0000128380": "empty"}
    values = [row.values for row in rows if isinstance(row, RawRow)]
    assert len(values) == 31
    assert all(value["legal_name"] and value["legal_form"] for value in values)
    assert sum(value["status"] == "in_liquidation" for value in values) == 2
    assert sum(value["opp"] == "true" for value in values) == 2
    assert sum(value["nip"] == "" for value in values) == 3


def test_nobody_named_in_an_extract_is_kept():
    for path in shared("krs-extracts").glob("*.json"):
        if not path.stat().st_size:
            continue
        extract = json.loads(path.read_text(encoding="utf-8"))
        kept = repr(krs.read_extract(extract))
        dane = extract["odpis"]["dane"]
        for entry in (
            dane["dzial1"].get("umowaStatut", {}).get("informacjaOZawarciuZmianieUmowyStatutu", [])
        ):
            assert entry["zawarcieZmianaUmowyStatutu"][:40] not in kept
        representation = dane["dzial2"].get("reprezentacja", {}).get("sposobReprezentacji")
        assert not representation or representation[:40] not in kept
        assert "*" * 3 not in kept


# ---------------------------------------------------------------- another CKAN


def page(count, *records, **changes):
    body = {"success": True, "result": {"count": count, "results": list(records)}, **changes}
    return fake.answer(json.dumps(body).encode(), content_type="application/json;charset=utf-8")


def record(number, **values):
    return {"id": f"id-{number}", "type": "ngo", "title": f"Organizacja {number}", **values}


SEARCH = "/api/3/action/package_search"


@pytest.fixture
def catalogue(server):
    client = Client(Policy(tries=1))
    return CkanCatalogue(
        client, server.url + "/", "ngo", ["title", "spheres", "opp", "aims"], page=2
    )


def test_another_catalogue_is_read_page_by_page(server, catalogue):
    server.order(
        SEARCH,
        page(3, record(1, spheres=["17"], opp=True, aims=None, notes="nie"), record(2)),
        page(3, record(3)),
    )
    rows = list(catalogue.rows())
    assert [row.values["id"] for row in rows] == ["id-1", "id-2", "id-3"]
    assert rows[0].values == {
        "id": "id-1",
        "title": "Organizacja 1",
        "spheres": '["17"]',
        "opp": "true",
        "aims": "",
    }
    assert [(query["start"], query["rows"], query["sort"]) for _, query, _ in server.requests] == [
        ("0", "2", "id asc"),
        ("2", "2", "id asc"),
    ]
    assert server.requests[0][1]["fq"] == 'dataset_type:"ngo"'


def test_only_what_was_modified_since(server, catalogue):
    server.order(SEARCH, page(0))
    assert list(catalogue.rows("2026-01-01T00:00:00Z")) == []
    assert "metadata_modified:[2026-01-01T00:00:00Z TO *]" in server.requests[0][1]["fq"]


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        ([page(0)], "no_rows"),
        ([page(3, record(1), record(2)), page(4, record(3))], "changed"),
        ([page(3, record(1), record(2)), page(3, record(2))], "changed"),
        ([page(3, record(1), record(2)), page(3)], "changed"),
        ([page(1, record(1), record(2))], "changed"),
        ([fake.html()], "html"),
        ([fake.answer(b"<html>", content_type="application/json")], "html"),
        ([fake.answer(b"{", content_type="application/json")], "json"),
        ([fake.answer(b"[]", content_type="application/json")], "format"),
        ([page(1, success=False)], "format"),
        ([page("1")], "format"),
    ],
)
def test_a_catalogue_that_cannot_be_trusted(server, catalogue, pages, code):
    server.order(SEARCH, *pages)
    assert error(catalogue.rows).code == code


def test_entries_that_are_no_records(server, catalogue):
    server.order(SEARCH, page(2, {"title": "bez id"}, record(2, type="dataset")))
    assert [row.code for row in catalogue.rows()] == ["format", "other_type"]


# ---------------------------------------------------------------- what a report shows


def test_a_value_in_a_report_is_safe():
    assert display_text("a\x00b\nc\u202ed") == "a b c d"
    assert display_text("00009\ud80020062") == "00009 20062"
    assert display_text("jan.kowalski@poczta.pl, 44051401458") == "…@…, …"
    assert display_text("KRS 0000031247") == "KRS 0000031247"
    assert len(display_text("x" * 1000)) == 120
    assert str(SourceError("too_big", limit=5)) == "too_big (limit=5)"
    assert str(SourceError("empty")) == "empty"
