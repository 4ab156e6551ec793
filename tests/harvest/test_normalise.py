from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.leszno_ngo import bounds
from ckanext.leszno_ngo.cooperation import normalise as registers
from ckanext.leszno_ngo.cooperation.normalise import BodySettings
from ckanext.leszno_ngo.cooperation.sources import krs, opp_list
from ckanext.leszno_ngo.harvest import normalise, values
from ckanext.leszno_ngo.harvest.model import Incoming, RawRow, Refusal
from ckanext.leszno_ngo.harvest.sources.place import Municipality
from tests.harvest.fake_server import invented_extract
from tests.shared_data import shared

LESZNO = Municipality("3063011", "wielkopolskie", ("Leszno",))
CITY = BodySettings("2026-01-01", municipality=LESZNO, home=True)
OPP = BodySettings("2025-02-15", tax_year="2024", municipality=LESZNO)
PESEL = "44051401458"


def register(settings=CITY, **cells) -> Incoming | list[Refusal]:
    given = {"legal_name": "KLUB SPORTOWY „PRÓBA”", "register_number": "7", **cells}
    return registers.register(RawRow(5, given), settings)


def record(settings=CITY, **cells) -> dict:
    outcome = register(settings, **cells)
    assert isinstance(outcome, Incoming), outcome
    assert outcome.set_aside == ()
    return outcome.record


def aside(settings=CITY, **cells) -> tuple[str, str, str]:
    outcome = register(settings, **cells)
    assert isinstance(outcome, Incoming), outcome
    (refusal,) = outcome.set_aside
    assert not refusal.whole_row
    assert refusal.field not in outcome.record
    return refusal.field, refusal.value, refusal.code


def refused(settings=CITY, **cells) -> list[Refusal]:
    outcome = register(settings, **cells)
    assert isinstance(outcome, list), outcome
    assert [refusal.whole_row for refusal in outcome] == [True] + [False] * (len(outcome) - 1)
    return outcome


# ---------------------------------------------------------------- OPP list


def test_a_row_of_the_opp_list():
    row = RawRow(
        719,
        {
            "krs": "31247",
            "nip": "697-205-12-41",
            "legal_name": '"LIONS CLUB LESZNO 2000"',
            "voivodeship": "WIELKOPOLSKIE",
            "county": "M. LESZNO",
            "municipality": "M. LESZNO",
            "town": "LESZNO",
        },
    )
    outcome = registers.opp(row, OPP)
    assert (outcome.row, outcome.state_date, outcome.source_key) == (
        719,
        "2025-02-15",
        "krs:0000031247",
    )
    assert outcome.set_aside == ()
    known = {
        "krs": "0000031247",
        "nip": "6972051241",
        "legal_name": '"LIONS CLUB LESZNO 2000"',
        "title": "Lions Club Leszno 2000",
        "voivodeship": "wielkopolskie",
        "county": "Leszno",
        "municipality": "Leszno",
        "town": "Leszno",
        "teryt": "3063011",
        "opp": True,
        "opp_tax_years": ["2024"],
    }
    assert known.items() <= outcome.record.items()


def test_thirty_records_of_leszno():
    found = opp_list.open_list(shared("opp/opp-list-2025.csv"), LESZNO)
    outcomes = [registers.opp(row, OPP) for row in opp_list.rows(found, LESZNO)]
    assert all(isinstance(outcome, Incoming) and not outcome.set_aside for outcome in outcomes)
    assert len({outcome.source_key for outcome in outcomes}) == 30
    assert {outcome.record["teryt"] for outcome in outcomes} == {"3063011"}
    assert {outcome.record["county"] for outcome in outcomes} == {"Leszno"}
    assert sum("nip" not in outcome.record for outcome in outcomes) == 1


def test_no_row_of_the_national_list_is_refused():
    found = opp_list.open_list(shared("opp/opp-list-2025.csv"), None)
    outcomes = [registers.opp(row, OPP) for row in opp_list.rows(found, None)]
    assert len(outcomes) == 9181
    assert [o for o in outcomes if isinstance(o, list) or o.set_aside] == []
    elsewhere = [o.record for o in outcomes if o.record["voivodeship"] == "mazowieckie"]
    assert len(elsewhere) == 1487
    assert not any("teryt" in one for one in elsewhere)


# ---------------------------------------------------------------- identifiers


def test_a_wrong_number_beside_a_right_one_is_set_aside():
    assert aside(nip="6970020757") == ("nip", "6970020757", "checksum")
    assert aside(regon="192598183") == ("regon", "192598183", "checksum")
    assert aside(krs="12345678901234") == ("krs", "12345678901234", "length")
    assert aside(krs="brak numeru") == ("krs", "brak numeru", "characters")


def test_a_row_without_a_right_number_is_refused():
    first, second = refused(register_number="", nip="6970020757", regon="1")
    assert {first.field, second.field} == {"nip", "regon"}
    assert {first.code, second.code} == {"checksum", "length"}
    (only,) = refused(register_number="-", nip="brak")
    assert (only.field, only.code, only.detail) == ("", "no_identifier", {})


def test_fillers_are_no_numbers():
    assert "krs" not in record(krs="0000000000", nip="-", regon="nie dotyczy")


def test_numbers_in_any_spelling():
    found = record(krs="31247.0", nip="PL 697-00-20-756", regon="00066099500000")
    assert found["krs"] == "0000031247"
    assert found["nip"] == "6970020756"
    assert found["regon"] == "000660995"


def test_identity_is_by_the_strongest_number():
    assert register(nip="6970020756").source_key == "nip:6970020756"
    assert register(nip="6970020756", krs="5").source_key == "krs:0000000005"
    assert register().source_key == "register_number:7"


def test_two_registers_of_one_city():
    settings = BodySettings(register_prefix="KS-", legal_form="klub_sportowy")
    found = record(settings)
    assert found["register_number"] == "KS-7"
    assert found["legal_form"] == "klub_sportowy"


def test_a_pesel_in_the_place_of_a_number_is_not_shown():
    assert PESEL not in repr(register(nip=PESEL))
    assert PESEL not in repr(register(register_number=PESEL))


# ---------------------------------------------------------------- name


def test_a_row_without_a_name_is_refused_and_still_known():
    (only,) = refused(legal_name=" - ")
    assert (only.field, only.code) == ("legal_name", "empty")
    assert only.detail == {"key": "register_number:7"}


def test_a_name_with_a_persons_number_is_refused():
    (only,) = refused(legal_name=f"STOWARZYSZENIE JANA {PESEL}")
    assert (only.field, only.value, only.code) == ("legal_name", "", "personal_data")


def test_a_name_too_long_is_refused():
    assert refused(legal_name="A" * 1001)[0].code == "too_long"


def test_hostile_names():
    found = record(legal_name="<script>alert(1)</script>KLUB\x00 \u202eSPORTOWY<b>A</b>")
    assert found["legal_name"] == "KLUB SPORTOWYA"


def test_html_becomes_a_text_and_what_only_looks_like_it_stays():
    written = "<p class=x>Kwota a < b, x<y i y>z</p><ul><li>Biuro <biuro@klub.example></ul>"
    assert record(aims=written)["aims"] == "Kwota a < b, x<y i y>z\n\nBiuro <biuro@klub.example>"
    private = values.long_text("Pomoc. Jan <jan.nowak@gmail.com>, tel. <512 345 678>")
    assert set(private.kinds) >= {"private_email", "mobile_phone"}
    assert "gmail" not in private
    assert "512" not in private


# ---------------------------------------------------------------- other fields


@pytest.mark.parametrize(
    ("field", "written", "value"),
    [
        ("registered_date", "3.02.2004", "2004-02-03"),
        ("registered_date", "2004-02-03", "2004-02-03"),
        ("registered_date", "3 lutego 2004 r.", "2004-02-03"),
        ("status", "W likwidacji", "in_liquidation"),
        ("status", "wykreślona", "removed"),
        ("voivodeship", "WIELKOPOLSKIE", "wielkopolskie"),
        ("voivodeship", "woj. kujawsko-pomorskie", "kujawsko-pomorskie"),
        ("voivodeship", "Łódzkie", "lodzkie"),
        ("county", "LESZCZYŃSKI", "leszczyński"),
        ("county", "powiat LESZCZYŃSKI", "leszczyński"),
        ("county", "M.LESZNO", "Leszno"),
        ("county", "KĘDZIERZYŃSKO-KOZIELSKI", "kędzierzyńsko-kozielski"),
        ("county", "WARSZAWSKI ZACHODNI", "warszawski zachodni"),
        ("county", "GRUDZIĄDZKI", "grudziądzki"),
        ("county", "TORUŃSKI", "toruński"),
        ("county", "Powiat Leszczyński", "leszczyński"),
        ("county", "SUWAŁKI", "Suwałki"),
        ("county", "SKIERNIEWICE", "Skierniewice"),
        ("municipality", "M. ST. WARSZAWA", "Warszawa"),
        ("town", "MIĘDZYZDROJE", "Międzyzdroje"),
        ("town", "Święciechowa", "Święciechowa"),
        ("street", "UL. KAZIMIERZA KARASIA", "ul. Kazimierza Karasia"),
        ("street", "PL. METZIGA", "pl. Metziga"),
        ("street", "Ulica Słowiańska", "ulica Słowiańska"),
        ("building_number", "772 B", "772B"),
        ("postal_code", "64100", "64-100"),
        ("postal_code", "64 - 100", "64-100"),
        ("opp", "TAK", True),
        ("opp", "nie", False),
        ("pkd_unpaid", "94.99.Z, 85.51.Z\n9499Z", ["94.99.Z", "85.51.Z"]),
        ("pkd_business", "47.11.z - sprzedaż", ["47.11.Z"]),
        ("pkd_unpaid", "86\n88.10.Z\n85.5", ["86", "88.10.Z", "85.5"]),
        ("pkd_paid", "Dział 86, 88.99", ["86", "88.99"]),
        ("website", "WWW.PROBA.PL", "https://www.proba.pl"),
        ("website", "http://Proba.pl/Strona?a=1", "http://proba.pl/Strona?a=1"),
        ("website", "proba.pl:8080/x", "https://proba.pl:8080/x"),
        ("website", "żółw.pl", "https://żółw.pl"),
        ("edelivery_address", "PL-10817-37396-DRBAB-31", "AE:PL-10817-37396-DRBAB-31"),
        ("email", "BIURO@PROBA.ORG.PL", "biuro@proba.org.pl"),
        ("email", "klub.proba@leszno.pl", "klub.proba@leszno.pl"),
        ("email", "biuro.leszno@pck.pl", "biuro.leszno@pck.pl"),
        ("phone", "65 529-81-00", "+48 65 529 81 00"),
        ("phone", "(0-65) 529 81 00", "+48 65 529 81 00"),
        ("phone", "+48 65 5298100", "+48 65 529 81 00"),
        ("legal_form", "stowarzyszenie zwykłe", "stowarzyszenie_zwykle"),
        ("aims", "1.  sport\r\n\r\n\r\n\r\n2.\tkultura", "1. sport\n\n2. kultura"),
    ],
)
def test_values_brought_to_form(field, written, value):
    assert record(**{field: written})[field] == value


@pytest.mark.parametrize(
    ("written", "value", "kinds"),
    [
        ("pisz: jan@gmail.com", "pisz: […]", ["private_email"]),
        ("Jan Nowak, kom. 601 234 567", "[…], kom. […]", ["person", "mobile_phone"]),
        ("prezes zam. ul. Leśna 5/2", "prezes zam. […]", ["home_address"]),
    ],
)
def test_personal_data_in_a_text_is_masked_and_told(written, value, kinds):
    outcome = register(aims=written)
    assert outcome.record["aims"] == value
    [told] = outcome.set_aside
    assert (told.field, told.value, told.code, told.detail) == (
        "aims",
        "",
        "masked",
        {"kinds": kinds},
    )


@pytest.mark.parametrize(
    ("field", "written", "value", "code"),
    [
        ("registered_date", "31.02.2004", "31.02.2004", "date_impossible"),
        ("registered_date", "dawno", "dawno", "date_format"),
        ("registered_date", "1.1.1066", "1.1.1066", "date_range"),
        ("status", "jakoś", "jakoś", "status"),
        ("voivodeship", "leszczyńskie", "leszczyńskie", "voivodeship"),
        ("teryt", "9963011", "9963011", "structure"),
        ("postal_code", "641", "641", "postal_code"),
        ("opp", "może", "może", "flag"),
        ("pkd_unpaid", "sport; 94.99.Z", "sport; 94.99.Z", "pkd"),
        ("building_number", "x" * 21, "x" * 21, "building_number"),
        ("edelivery_address", "AE:PL-1", "AE:PL-1", "edelivery_address"),
        ("website", "javascript:alert(1)", "javascript:alert(1)", "website"),
        ("website", "ftp://proba.pl", "ftp://proba.pl", "website"),
        ("website", "http://127.0.0.1/", "http://127.0.0.1/", "website"),
        ("website", "http://localhost/", "http://localhost/", "website"),
        ("website", "nie ma strony", "nie ma strony", "website"),
        ("website", 'proba.pl/"onclick=x', 'proba.pl/"onclick=x', "website"),
        ("website", "http://bank.pl@zlo.pl/", "", "website"),
        ("website", "FUNDACJA@GMAIL.COM", "", "website"),
        ("website", "http://[::1", "http://[::1", "website"),
        ("email", "telefonicznie", "telefonicznie", "email"),
        ("email", "a b@proba.pl", "", "email"),
        ("email", "klub@gmail.com", "", "private_email"),
        ("email", "jan.kowalski@proba.org.pl", "", "private_email"),
        ("phone", "600 100 200", "", "mobile_phone"),
        ("phone", "12345", "", "phone"),
        ("phone", "Jan Kowalski 655298100", "", "phone"),
        ("aims", f"pomoc dla {PESEL}", "", "personal_data"),
        ("street", f"Jan {PESEL}", "", "personal_data"),
    ],
)
def test_values_set_aside(field, written, value, code):
    assert aside(**{field: written}) == (field, value, code)


def test_mobile_numbers_when_wanted():
    settings = BodySettings(mobile_phones=True)
    assert record(settings, phone="+48 600-100-200")["phone"] == "+48 600 100 200"


def test_empty_fields_are_not_in_the_record():
    found = record(email="", phone="-", aims="", pkd_paid="", street="brak", opp="")
    assert not found.keys() & {"email", "phone", "aims", "pkd_paid", "street", "opp"}


def test_aims_are_cut_to_what_a_record_takes():
    assert len(record(aims="cel " * 10_000)["aims"]) <= bounds.TEXT


# ---------------------------------------------------------------- what follows from several fields


def test_a_removed_body():
    assert record(removed_date="1.1.2020")["status"] == "removed"
    assert record(removed_date="1.1.2020", status="działa")["status"] == "active"
    assert "status" not in record()


def test_status_told_by_the_name():
    found = record(legal_name="STOWARZYSZENIE PRÓBNE W LIKWIDACJI")
    assert found["status"] == "in_liquidation"


def test_form_told_by_the_name():
    assert record(legal_name="UCZNIOWSKI KLUB SPORTOWY „PRÓBA”")["legal_form"] == "uks"


def test_a_form_nobody_knows_gives_way_to_the_name():
    outcome = register(legal_form="coś innego")
    assert [(r.field, r.value, r.code) for r in outcome.set_aside] == [
        ("legal_form", "coś innego", "legal_form")
    ]
    assert outcome.record["legal_form"] == record()["legal_form"]


def test_a_row_of_the_citys_register_lies_in_the_city():
    found = record(street="Karasia", building_number="15")
    assert [found[key] for key in ("teryt", "county", "municipality", "town")] == [
        "3063011",
        "Leszno",
        "Leszno",
        "Leszno",
    ]
    assert "teryt" not in record(town="Święciechowa")
    assert "teryt" not in record(BodySettings(municipality=LESZNO))


def test_a_village_that_repeats_its_name_as_a_street():
    found = record(street="JABŁONKA", building_number="18", town="JABŁONKA")
    assert "street" not in found
    assert found["building_number"] == "18"


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("ul. Karasia 15/2, 64-100 Leszno", ("ul. Karasia", "15", "2", "64-100", "Leszno")),
        ("ul. Karasia 15 m. 2\n64-100 Leszno", ("ul. Karasia", "15", "2", "64-100", "Leszno")),
        ("64-100 Leszno, Rynek 1A", ("Rynek", "1A", None, "64-100", "Leszno")),
        ("64-100 LESZNO, UL. 17 STYCZNIA 90", ("ul. 17 Stycznia", "90", None, "64-100", "Leszno")),
        ("Leszno, ul. 1 Maja 3 lok. 4", ("ul. 1 Maja", "3", "4", None, "Leszno")),
        ("Leszno", (None, None, None, None, "Leszno")),
        ("pl. Metziga 26/6, Leszno", ("pl. Metziga", "26", "6", None, "Leszno")),
    ],
)
@pytest.mark.parametrize("cell", ["address", "seat"])
def test_an_address_in_one_cell(cell, written, parts):
    found = record(**{cell: written})
    keys = ("street", "building_number", "flat_number", "postal_code", "town")
    assert tuple(found.get(key) for key in keys) == parts


def test_an_address_nobody_understands():
    assert aside(address="dz. nr 5/12 obr. 3, Leszno") == ("address", "", "address")


def test_own_columns_win_over_an_address_in_one_cell():
    found = record(address="ul. Karasia 15, 64-100 Leszno", building_number="17")
    assert (found["street"], found["building_number"]) == ("ul. Karasia", "17")


# ---------------------------------------------------------------- KRS


def extract(**dane) -> Incoming | list[Refusal]:
    values_ = krs.read_extract(invented_extract("0000031247", **dane))
    return registers.krs(RawRow(3, values_), OPP)


def test_an_extract():
    outcome = extract()
    assert (outcome.source_key, outcome.state_date) == ("krs:0000031247", "2025-01-29")
    assert outcome.set_aside == ()
    assert outcome.record == {
        "krs": "0000031247",
        "regon": "123456785",
        "nip": "6970020756",
        "legal_name": '"PRÓBNE STOWARZYSZENIE" W LESZNIE',
        "title": outcome.record["title"],
        "legal_form": "stowarzyszenie_rejestrowe",
        "status": "active",
        "registered_date": "2002-03-04",
        "last_entry_date": "2015-05-28",
        "opp": True,
        "voivodeship": "wielkopolskie",
        "county": "Leszno",
        "municipality": "Leszno",
        "teryt": "3063011",
        "town": "Leszno",
        "street": "ul. Kazimierza Karasia",
        "building_number": "15",
        "postal_code": "64-100",
        "post_office": "Leszno",
        "email": "biuro@probne.example",
        "website": "https://www.probne.example",
        "aims": "WSPIERANIE SPORTU\n1. DZIECI,",
        "pkd_unpaid": ["94.99.Z", "85.51.Z"],
    }


def test_a_body_removed_from_the_court_register():
    outcome = registers.krs(RawRow(1, {"krs": "0000031247", "status": "removed"}), OPP)
    assert outcome.record == {"krs": "0000031247", "status": "removed"}


def test_an_extract_without_a_name_is_refused():
    outcome = extract(dzial1={})
    assert [(refusal.field, refusal.code) for refusal in outcome] == [("legal_name", "empty")]


def test_liquidation_in_section_six():
    outcome = extract(dzial6={"likwidacja": [{"otwarcieLikwidacji": "1.1.2025"}]})
    assert outcome.record["status"] == "in_liquidation"


def test_the_saved_extracts_become_records():
    seen = 0
    for path in shared("krs-extracts").glob("*.json"):
        if not path.stat().st_size:
            continue
        found = krs.read_extract(json.loads(path.read_text(encoding="utf-8")))
        outcome = registers.krs(RawRow(1, found), OPP)
        assert isinstance(outcome, Incoming)
        assert {refusal.code for refusal in outcome.set_aside} <= {"private_email", "website"}
        assert {
            "krs",
            "regon",
            "title",
            "legal_form",
            "voivodeship",
            "aims",
        } <= outcome.record.keys()
        assert "*" * 3 not in repr(outcome)
        assert "@" not in outcome.record.get("website", "")
        seen += 1
    assert seen == 31


# ---------------------------------------------------------------- another CKAN


def test_a_record_of_another_catalogue():
    row = RawRow(
        1,
        {
            "id": "x",
            "krs": "31247",
            "title": "Nazwa <b>ładna</b>",
            "legal_name": "NAZWA ŁADNA",
            "legal_form": "fundacja",
            "spheres": '["17", "3"]',
            "spheres_source": "declared",
            "opp": "true",
            "opp_tax_years": '["2024", "2023"]',
            "pkd_paid": '["94.99.Z"]',
            "pkd_unpaid": "[]",
            "social_profiles": '["https://example.org/a"]',
            "latitude": "51.84",
            "email": "",
            "status": "active",
            "voivodeship": "wielkopolskie",
        },
    )
    outcome = normalise.ckan(row, OPP)
    assert outcome.set_aside == ()
    assert outcome.record == {
        "krs": "0000031247",
        "title": "Nazwa ładna",
        "legal_name": "NAZWA ŁADNA",
        "legal_form": "fundacja",
        "spheres": ["17", "3"],
        "spheres_source": "declared",
        "opp": True,
        "opp_tax_years": ["2023", "2024"],
        "pkd_paid": ["94.99.Z"],
        "social_profiles": ["https://example.org/a"],
        "latitude": "51.84",
        "status": "active",
        "voivodeship": "wielkopolskie",
    }


def test_another_catalogue_is_not_believed():
    row = RawRow(1, {"krs": "1", "title": "A", "spheres": '["99"]', "notes": f"Jan {PESEL}"})
    outcome = normalise.ckan(row, OPP)
    assert {(refusal.field, refusal.code) for refusal in outcome.set_aside} == {
        ("spheres", "spheres"),
        ("notes", "personal_data"),
    }
    row = RawRow(
        1, {"krs": "1", "title": "A", "latitude": "u Jana", "register_number": "Jan Nowak"}
    )
    told = {refusal.field: refusal.code for refusal in normalise.ckan(row, OPP).set_aside}
    assert told == {"latitude": "degrees", "register_number": "personal_data"}
    assert [r.code for r in normalise.ckan(RawRow(1, {"krs": "1"}), OPP)] == ["empty"]
    assert [r.code for r in normalise.ckan(RawRow(1, {"title": "A"}), OPP)] == ["no_identifier"]


def test_what_nobody_has_brought_values_of_is_read_as_its_type_declares_it():
    fields = (
        values.Declared("kind", vocabulary="ngo_status"),
        values.Declared("tags", vocabulary="ngo_status", is_list=True),
        values.Declared("area", index="number"),
    )
    given = {"krs": "1", "title": "A", "kind": "active", "tags": '["active"]', "area": "1 200,5"}
    taken = normalise.ckan(RawRow(1, {**given, "said": "x"}), BodySettings(fields=fields))
    assert taken.record == {"krs": "0000000001", "title": "A", "kind": "active",
                            "tags": ["active"], "area": "1200.50", "said": "x"}  # fmt: skip
    bad = {**given, "kind": "[]", "tags": "u Jana", "area": "u Jana"}
    refused = normalise.ckan(RawRow(1, bad), BodySettings(fields=fields)).set_aside
    assert {one.field: one.code for one in refused} == {"tags": "code", "area": "amount"}


# ---------------------------------------------------------------- anything at all


cells = st.dictionaries(
    st.sampled_from(
        [*values.FIELDS, "email", "phone", "address", "seat", "legal_form", "state_date"]
    ),
    st.one_of(
        st.text(max_size=40),
        st.text('0123456789.-/ ,ul@www.pl\n[]"{}', max_size=30),
        st.sampled_from([PESEL, f"a {PESEL} b", "jan@gmail.com", "tak", "[1, 2]", "[", "31247"]),
    ),
)


@settings(max_examples=300, deadline=None)
@given(
    cells=cells,
    form=st.sampled_from([registers.opp, registers.register, registers.krs, normalise.ckan]),
)
def test_any_row_is_a_record_or_a_refusal_without_personal_data(cells, form):
    outcome = form(RawRow(1, cells), CITY)
    assert PESEL not in repr(outcome)
    assert "jan@gmail.com" not in repr(outcome)
    if isinstance(outcome, list):
        assert sum(refusal.whole_row for refusal in outcome) == 1
    else:
        assert outcome.source_key
        assert not any(value in ("", [], None) for value in outcome.record.values())
