"""Rules of good data, one by one, without a catalogue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.catalogue import quality
from tests.cooperation import loaded

GOOD = {
    "ngo": {
        "title": "Klub Polonia",
        "notes": "Uczy dzieci grać.",
        "krs": "0000030897",
        "teryt": "3063011",
        "voivodeship": "wielkopolskie",
        "latitude": "51.84",
        "longitude": "16.57",
        "spheres": ["17"],
        "website": "https://polonia.example.pl",
    },
    "grant": {
        "title": "Zajęcia",
        "notes": "Dla dzieci.",
        "recipient": "an id",
        "call": "an id",
        "spheres": ["17"],
        "granted_amount": "5000",
        "granted_date": "2026-03-03",
    },
    "event": {"title": "Targi", "notes": "Organizacje na rynku.", "start_date": "2026-05-10T17:00"},
}
CHANGED = {"metadata_modified": "2026-11-25T01:00:00"}


def found(type_name, **fields):
    record = {**CHANGED, **GOOD[type_name], **fields}
    return set(quality.faults(loaded.record_type(type_name), record))


def test_good_records_have_no_faults():
    assert found("ngo") == set()
    assert found("grant") == set()


@pytest.mark.parametrize(
    ("code", "type_name", "fields"),
    [
        ("identifier_missing", "ngo", {"krs": None}),
        ("identifier_wrong", "ngo", {"nip": "6970020757"}),
        ("identifier_wrong", "ngo", {"krs": "30897"}),
        ("teryt_wrong", "ngo", {"teryt": "306301"}),
        ("teryt_wrong", "ngo", {"teryt": "1432032", "voivodeship": "wielkopolskie"}),
        ("location_missing", "ngo", {"latitude": None}),
        ("description_missing", "ngo", {"notes": ""}),
        ("description_repeats", "grant", {"notes": " zajęcia "}),
        ("title_long", "grant", {"title": "x" * 141}),
        ("email_in_text", "event", {"notes": "Pisz: biuro@leszno.pl"}),
        ("web_address_wrong", "ngo", {"website": "www.polonia.pl"}),
        ("web_address_wrong", "ngo", {"social_profiles": ["https://x.pl", "javascript:x"]}),
        ("spheres_missing", "grant", {"spheres": []}),
        ("date_wrong", "grant", {"granted_date": "2026-02-31"}),
        ("date_far", "grant", {"task_end_date": "2262-01-01"}),
        ("award_day_missing", "grant", {"granted_date": ""}),
        ("amount_zero", "grant", {"granted_amount": "0.00"}),
        ("recipient_unlinked", "grant", {"recipient": "", "recipient_name": "Klub"}),
        ("recipient_missing", "grant", {"recipient": ""}),
        ("programme_missing", "grant", {"call": ""}),
        ("dates_order", "grant", {"task_start_date": "2026-06-02", "task_end_date": "2026-06-01"}),
        ("amounts_order", "grant", {"settled_amount": "6000"}),
    ],
)
def test_a_fault_is_found(code, type_name, fields):
    assert code in found(type_name, **fields)


def test_a_grant_outside_a_call_lacks_none():
    assert "programme_missing" not in found("grant", call="", outside_call="true")


def test_each_rule_has_a_text_and_each_text_a_rule():
    words = {rule.vocabulary for rule in quality.RULES.values()}
    assert set(quality.RULES) == {code for name in words for code in vocabularies.get(name).codes}
    for term in (rule.term(code) for code, rule in quality.RULES.items()):
        assert term.extra["level"] in {"error", "warning"}
        assert set(term.extra["hint"]) == {"pl", "en"}


VALUES = st.none() | st.text(max_size=40) | st.lists(st.text(max_size=10), max_size=3)


@given(
    st.dictionaries(
        st.sampled_from(
            ["title", "notes", "krs", "nip", "teryt", "website", "spheres", "latitude", "aims"]
        ),
        VALUES,
    )
)
def test_nothing_harvested_breaks_the_rules(record):
    codes = quality.faults(loaded.record_type("ngo"), {**CHANGED, **record})
    assert set(codes) <= set(quality.RULES)
