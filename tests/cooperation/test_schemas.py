"""The schema files of the cooperation's types: whole, consistent, in two languages."""

import pytest

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.cooperation import programme, type_keys
from ckanext.leszno_ngo.exports import csv
from tests.cooperation import loaded

CORE = {"id", "metadata_modified"}


@pytest.fixture(params=loaded.TYPES)
def name(request):
    return request.param


def test_fields_have_a_section_of_the_type_or_no_form(name):
    record_type = loaded.record_type(name)
    sections = {section.name for section in record_type.sections}
    assert {f.section for f in record_type.fields} - {None} == sections
    without = {f.name for f in record_type.fields if f.section is None}
    assert without - {"money_source"} == {"sources"}


def test_everything_is_exported(name):
    record_type = loaded.record_type(name)
    columns = {f.name for f in record_type.fields} - {"name", "owner_org"}
    short = {entry.name for entry in record_type.export if len(entry.path) == 1}
    assert columns <= {entry.name for entry in record_type.export}
    assert short <= columns | CORE


def test_the_columns_of_files_have_names_of_their_own(name):
    for lang in ("pl", "en"):
        heads = csv.headings(loaded.record_type(name), lang)
        assert all(heads)
        assert sorted(heads) == sorted(set(heads))
    names = csv.headings(loaded.record_type(name), "pl", "codes")
    assert len(names) == len(set(names))


def test_codes_have_vocabularies_and_states_have_labels(name):
    record_type = loaded.record_type(name)
    for field in (*record_type.fields, *(s for f in record_type.fields for s in f.subfields)):
        if field.display in {"choice", "choices"}:
            assert vocabularies.get(field.vocabulary).codes
    if record_type.states:
        codes = vocabularies.get(record_type.states_vocabulary).codes
        assert {state.code for state in record_type.states} <= set(codes)
        assert not record_type.states[-1].past, "the last state takes what is left"
        assert set(record_type.default_filters.get("state", ())) <= {
            state.code for state in record_type.states
        }


def test_texts_that_people_type_are_searched_for_personal_data(name):
    typed = [loaded.expanded(field) for field in loaded.read(name)["dataset_fields"]]
    typed += [sub for field in typed for sub in field.get("repeating_subfields", ())]
    free = [
        f["field_name"]
        for f in typed
        if "leszno_ngo_text" in f.get("validators", "").split()
        or "leszno_ngo_long_text" in f.get("validators", "").split()
    ]
    checked = [
        f["field_name"] for f in typed if "leszno_ngo_no_personal_data" in f.get("validators", "")
    ]
    # Addresses, numbers and codes have validators of their own.
    exempt = {
        f["field_name"]
        for f in typed
        if {"leszno_ngo_web_address", "leszno_ngo_email", "leszno_ngo_phone"}
        & set(f.get("validators", "").split())
        or "leszno_ngo_postal_code" in f.get("validators", "")
    }
    assert not set(free) - set(checked) - exempt


def test_the_polish_count_has_all_forms(name):
    count = loaded.record_type(name).count
    assert set(count["pl"]) == {"one", "few", "many", "other"}
    assert set(count["en"]) == {"one", "other"}
    assert all("{n}" in text for forms in count.values() for text in forms.values())


# Every row of programme.md's table: form → types with field and code (None: the type is enough).
SERVED = {
    "F01": [("call-for-offers", "mode", "open_call"), ("grant", "mode", "open_call")],
    "F02": [("call-for-offers", "mode", "small_grant"), ("grant", "mode", "small_grant")],
    "F03": [("call-for-offers", "mode", "regranting"), ("grant", "mode", "regranting")],
    "F04": [
        ("call-for-offers", "mode", "service_purchase"),
        ("call-for-offers", "mode", "other_act"),
        ("grant", "mode", "other_act"),
    ],
    "F05": [("event", "kind", "training")],
    "F06": [("partnership", "kind", "commission")],
    "F07": [("consultation", "kind", "local_act")],
    "F08": [("partnership", "kind", "advisory_body")],
    "F09": [("partnership", "kind", "working_team")],
    "F10": [("event", "kind", "fair"), ("event", "kind", "festival")],
    "F11": [("guide", "kind", "contact_point")],
    "F12": [("partnership", "kind", "international")],
    "F13": [("partnership", "kind", "three_sector")],
    "F14": [("event", "kind", "meeting"), ("event", "kind", "conference")],
    "F15": [("guide", "kind", "information_channel")],
    "F16": [("call-for-offers", "mode", "local_initiative"), ("grant", "mode", "local_initiative")],
    "F17": [("ngo", None, None)],
    "F18": [("ngo", None, None), ("event", "kind", "promotion")],
    "F19": [("ngo", None, None), ("event", "kind", "tax_campaign")],
    "F20": [("guide", "kind", "good_practice")],
    "F21": [("partnership", "kind", "agreement"), ("premises", "kind", "equipment")],
    "F22": [("premises", "kind", "office"), ("premises", "kind", "meeting_room")],
    "F23": [("guide", "kind", "advice"), ("guide", "kind", "form_template")],
    "F24": [("partnership", "kind", "project"), ("grant", "mode", "outside_funder")],
    "F25": [("recognition", "kind", "recommendation")],
    "F26": [("call-for-offers", "mode", "outside_funder")],
    "F27": [("guide", "kind", "analysis")],
    "F28": [("ngo", None, None), ("guide", "kind", "information_channel")],
    "F29": [("volunteering", "kind", "action")],
    "F30": [("recognition", "kind", "patronage")],
    "F31": [("recognition", "kind", "award")],
}


@pytest.mark.parametrize("form", vocabularies.get("programme_forms").codes)
def test_every_form_of_the_programme_is_served(form):
    for type_name, field, code in SERVED[form]:
        record_type = loaded.record_type(type_name)
        assert form in type_keys.programme_forms(record_type)
        if field:
            assert form in programme.propose(record_type, {field: code})


def test_a_call_serves_the_form_of_opinions_on_offers():
    assert "F06" in type_keys.programme_forms(loaded.record_type("call-for-offers"))


def test_no_term_serves_a_form_its_type_does_not(name):
    record_type = loaded.record_type(name)
    for field in record_type.fields:
        if field.vocabulary:
            for code in vocabularies.get(field.vocabulary).codes:
                forms = programme.forms_of(field.vocabulary, code, name)
                assert set(forms) <= set(type_keys.programme_forms(record_type)), (field.name, code)


def test_goals_follow_from_forms():
    assert programme.goals(["F05", "F07"]) == ["G1", "G2", "G7", "G9"]
    assert programme.goals([]) == []


def test_a_type_of_one_form_serves_it_whatever_its_kind():
    assert programme.propose(loaded.record_type("volunteering"), {}) == ["F29"]
    assert programme.propose(loaded.record_type("event"), {}) == []
