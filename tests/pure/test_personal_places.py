"""Where personal data may stand: told by its place, never by the data."""

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import personal_places
from ckanext.leszno_ngo.catalogue.personal_places import Place

# Made up: the check digit is right, nobody has it.
PESEL = "44051401359"


def test_a_place_has_its_line_and_the_words_before_it():
    text = f"Zgłoszenia:\npo szesnastej, tel. 600 700 811, także\nPESEL {PESEL}"
    assert personal_places.in_text(text) == [
        Place("mobile_phone", 2, "po szesnastej, tel"),
        Place("pesel", 3, "PESEL"),
    ]
    assert personal_places.in_text("600 700 811") == [Place("mobile_phone", 0, "")]


def test_no_place_tells_the_data_beside_it():
    text = "Jan Kowalski, zam. ul. Lipowa 3/4, tel. 600 700 811, jan.k@gmail.com"
    places = personal_places.in_text(text)
    assert {place.kind for place in places} >= {"mobile_phone", "private_email"}
    for place in places:
        for secret in ("Kowalski", "600", "Lipowa", "jan.k"):
            assert secret not in place.before


def test_a_line_is_no_home_and_names_are_looked_for_elsewhere():
    assert personal_places.in_text("ul. Lipowa 3/4", is_long=False) == []
    assert [p.kind for p in personal_places.in_text("mieszka: ul. Lipowa 3/4")] == ["home_address"]


def test_a_record_is_looked_through_by_its_schema():
    record = {
        "contact_email": "ktos@gmail.com",
        "parties": [{"organisation": "Klub"}, {"organisation": "pisz na a.b@wp.pl"}],
        "notes": "Biuro: 65 529 81 00, biuro@leszno.pl",
        "computed": {"state": "600 700 811"},
    }
    found = personal_places.of_record(record_types.get("partnership"), record)
    assert found == {
        "contact_email": [Place("private_email", 0, "")],
        "parties": [Place("private_email", 0, "pisz na", 2)],
    }


def test_odd_values_are_no_fault():
    odd = {"notes": 5, "title": None, "parties": ["x", 3], "contact_email": {"a": 1}}
    assert personal_places.of_record(record_types.get("partnership"), odd) == {}
