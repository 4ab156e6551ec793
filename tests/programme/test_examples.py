"""The examples of ``make run``: they load, and between them everything is seen."""

import datetime as dt

import pytest
from ckan.tests import helpers

from ckanext.leszno_ngo import record_types, vocabularies
from devstack import examples
from tests import example_portal

TODAY = dt.date.today()  # noqa: DTZ011
#: Days at which years turn and months are short.
DAYS = [TODAY, dt.date(2027, 1, 1), dt.date(2028, 2, 29), dt.date(2027, 12, 31)]


@pytest.fixture
def loaded(clean_catalogue):
    example_portal.add_editor()
    return example_portal.load(TODAY)


@pytest.mark.parametrize("day", DAYS)
def test_every_date_can_be_counted(day):
    for record in examples.read(day):
        assert record["type"]
        texts = [str(value) for value in record.values()]
        assert not any("<" in text for text in texts), record["name"]


def test_examples_are_clearly_invented():
    records = examples.read(TODAY)
    assert len({record["name"] for record in records}) == len(records)
    for record in records:
        assert record["title"].startswith("Przykład:") or record["archive"] == "true"
        assert not {"krs", "nip", "regon"} & set(record)
        # Real bodies get no invented grants: who is not in the examples is named as an example.
        name = record.get("recipient_name", "Przykład")
        assert name.startswith("Przykład"), record["name"]
    real = [record for record in records if record.get("archive") == "true"]
    assert all(record["source_url"] for record in real)


def test_everything_is_seen(loaded):
    """Each form has a record and counts on the page; each state and facet has something."""
    assert loaded == len(examples.read(TODAY))
    assert example_portal.load(TODAY) == 0

    answer = helpers.call_action("leszno_ngo_programme", year=str(TODAY.year))
    assert {form["code"] for form in answer["forms"]} == {f"F{n:02d}" for n in range(1, 32)}
    assert not [form["code"] for form in answer["forms"] if not form["count"]]
    assert not [goal["code"] for goal in answer["goals"] if not goal["count"]]
    assert answer["programme"]["planned_amount"]
    assert not forms_without_their_types(answer)
    unseen = {
        record_type.name: unseen_facets(record_type) | unseen_states(record_type)
        for record_type in record_types.all_types()
    }
    assert not {name: missing for name, missing in unseen.items() if missing}


def forms_without_their_types(answer):
    """Forms that lack a record of a type that programme.md names for them."""
    found = {form["code"]: {part["type"] for part in form["parts"]} for form in answer["forms"]}
    return {
        term.code: missing
        for term in vocabularies.get("programme_forms").terms
        if (missing := set(term.extra["record_types"]) - found[term.code] - {"ngo"})
    }


def unseen_facets(record_type):
    """Facets without a value, and terms of a kind that no record has."""
    fields = [field.solr_field for field in record_type.facet_fields]
    found = helpers.call_action(
        "package_search",
        fq=f"dataset_type:{record_type.name}",
        rows=0,
        **{"facet.field": fields, "facet.limit": -1},
    )["facets"]
    # No organisation of the examples may give the impression of having the OPP status.
    missing = {name for name in fields if not found[name]} - {"vocab_opp_tax_years"}
    for field in record_type.facet_fields:
        if field.name in {"kind", "mode", "status"} and field.vocabulary != "ngo_status":
            codes = set(vocabularies.get(field.vocabulary).codes)
            missing |= codes - set(found[field.solr_field])
    return missing


def unseen_states(record_type):
    found = helpers.call_action("package_search", fq=f"dataset_type:{record_type.name}", rows=1000)[
        "results"
    ]
    seen = {record.get("computed", {}).get("state") for record in found}
    return {state.code for state in record_type.states} - seen
