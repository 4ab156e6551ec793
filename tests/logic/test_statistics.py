"""``leszno_ngo_statistics``: the numbers are those of the search page."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories, helpers

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.search import facets

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def records(ngo_factory):
    organisation = factories.Organization()
    ngo_factory(spheres=["1", "17"], opp="true", opp_tax_years=["2024", "2025"])
    ngo_factory(spheres=["17"], status="removed", registered_date="2001-02-03")
    ngo_factory(spheres=["17"], legal_form="fundacja", registered_date="2001-12-31")
    ngo_factory(spheres=["16"], registered_date="1999-01-01")
    ngo_factory(spheres=["17"], private=True, owner_org=organisation["id"])
    factories.Dataset()


def statistics(context=None, **parameters):
    return helpers.call_action(
        "leszno_ngo_statistics", {"ignore_auth": False, **(context or {})}, **parameters
    )


def counted(result, name):
    field = next(field for field in result["fields"] if field["name"] == name)
    return {entry["value"]: entry["count"] for entry in field["counts"]}


def test_counts(records):
    result = statistics()
    assert result["type"] == "ngo"
    assert result["total"] == 4
    spheres = counted(result, "spheres")
    assert {code: n for code, n in spheres.items() if n} == {"1": 1, "16": 1, "17": 3}
    assert counted(result, "opp") == {"true": 1, "false": 3}
    assert list(counted(result, "opp_tax_years").items()) == [("2024", 1), ("2025", 1)]
    assert list(counted(result, "registered_date").items()) == [("1999", 1), ("2001", 2)]
    assert counted(result, "status")["removed"] == 1


def test_every_code_is_there_in_the_vocabulary_s_order_with_its_labels(records):
    record_type = record_types.get("ngo")
    result = statistics()
    assert [field["name"] for field in result["fields"]] == list(record_type.statistics)
    for shown in result["fields"]:
        field = record_type.field(shown["name"])
        assert shown["label"] == field.label
        if field.vocabulary:
            vocabulary = vocabularies.get(field.vocabulary)
            assert [entry["value"] for entry in shown["counts"]] == list(vocabulary.codes)
            for entry in shown["counts"]:
                assert entry["label"]["pl"] == vocabulary.label(entry["value"], "pl")
                assert entry["label"]["en"] == vocabulary.label(entry["value"], "en")


def test_an_empty_catalogue_counts_zero():
    result = statistics()
    assert result["total"] == 0
    assert set(counted(result, "spheres").values()) == {0}
    assert counted(result, "registered_date") == {}


def test_numbers_are_those_of_the_search_page(records):
    record_type = record_types.get("ngo")
    page = facets.search({"user": ""}, record_type, {}, "pl", rows=0)
    result = statistics()
    assert page.count == result["total"]
    compared = 0
    for facet in page.facets:
        if facet.name in record_type.statistics:
            of_page = {item.code: item.count for item in facet.items}
            assert of_page == {v: n for v, n in counted(result, facet.name).items() if n}
            compared += 1
    assert compared >= 4


def test_only_public_records_are_counted_whoever_asks(records):
    sysadmin = factories.Sysadmin()["name"]
    assert statistics({"user": sysadmin}) == statistics()
    assert statistics({"ignore_auth": True})["total"] == 4


def test_one_request_to_solr(records, solr_budget, sql_budget):
    with solr_budget(1), sql_budget(2):
        statistics()


def test_an_unknown_type_is_named():
    with pytest.raises(tk.ValidationError) as error:
        statistics(type="dataset")
    assert list(error.value.error_dict) == ["type"]


def test_over_http_without_an_account(app, records):
    answer = app.get("/api/3/action/leszno_ngo_statistics").json
    assert answer["result"]["total"] == 4


@pytest.mark.parametrize("action", ["leszno_ngo_lookup", "leszno_ngo_statistics"])
def test_help_tells_parameters_errors_and_an_example(app, action):
    text = app.get(f"/api/3/action/help_show?name={action}").json["result"]
    for word in (":param type:", ":returns:", ":raises", f"/api/3/action/{action}?"):
        assert word in text
