"""Adding a record type is one schema file: no Python, no template (docs/development.md)."""

import csv
import io

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories, helpers

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.search import facets

SCHEMAS = (
    "ckanext.leszno_ngo:schemas/ngo.yaml ckanext.leszno_ngo:schemas/dataset.yaml "
    "tests:new_type/toy.yaml"
)

pytestmark = [
    pytest.mark.ckan_config("scheming.dataset_schemas", SCHEMAS),
    pytest.mark.usefixtures("clean_catalogue"),
]


@pytest.fixture
def playgrounds():
    """Three playgrounds, and a record of another type that must stay out of everything."""

    def make(title, **fields):
        return helpers.call_action(
            "package_create",
            {"user": factories.Sysadmin()["name"], "ignore_auth": True},
            type="playground",
            title=title,
            name=title.lower().replace(" ", "-"),
            **fields,
        )

    return [
        make(
            "Zatorze",
            playground_number="P/1",
            owner_form="fundacja",
            equipment=["zjeżdżalnia", "piaskownica"],
            lit="tak",
            opened_date="3.02.2001",
            latitude="51.84",
            longitude="16.57",
        ),
        make("Gronowo", playground_number="P/2", equipment=["piaskownica"]),
        make("Nowe Gronowo", playground_number="P/3", equipment=["huśtawka"], lit="nie"),
    ]


def test_a_new_type_works_everywhere(app, playgrounds, ngo_factory):
    ngo_factory(title="Przyjaciele placu Gronowo")
    for check in (
        it_is_validated,
        its_words_and_facets_are_searched,
        it_has_a_search_page_and_profiles,
        its_form_is_there,
        it_is_exported,
        it_is_looked_up_and_counted,
    ):
        check(app, playgrounds)


def it_is_validated(_app, playgrounds):
    assert playgrounds[0]["opened_date"] == "2001-02-03"
    assert playgrounds[0]["lit"] is True
    for wrong, field in (
        ({"playground_number": "P/1"}, "playground_number"),
        ({}, "playground_number"),
        ({"playground_number": "P/9", "owner_form": "nonsense"}, "owner_form"),
        ({"playground_number": "P/9", "latitude": "51.84"}, "longitude"),
    ):
        with pytest.raises(tk.ValidationError) as error:
            helpers.call_action("package_create", type="playground", title="x", name="x-y", **wrong)
        assert field in error.value.error_dict, wrong


def its_words_and_facets_are_searched(_app, playgrounds):
    record_type = record_types.get("playground")

    def found(chosen=None, **parameters):
        return facets.search({"user": ""}, record_type, chosen or {}, "pl", **parameters)

    everything = found()
    assert everything.count == 3
    assert [facet.name for facet in everything.facets] == ["owner_form", "equipment", "lit"]
    by_label = {i.label: i.count for facet in everything.facets for i in facet.items}
    assert by_label["piaskownica"] == 2
    assert by_label["fundacja"] == 1
    assert found({"equipment": ["piaskownica", "huśtawka"]}).count == 3
    assert found({"equipment": ["piaskownica"], "lit": ["true"]}).count == 1
    assert found(q="gronowie").count == 2
    assert found(q="P/1").results[0]["title"] == "Zatorze"
    assert found(q="fundacja").count == 1


def it_has_a_search_page_and_profiles(app, playgrounds):
    page = app.get("/playground/?equipment=piaskownica").get_data(as_text=True)
    for text in ("Place zabaw", "2 place zabaw", "Wyposażenie", "Zatorze", "Gronowo"):
        assert text in page, text
    assert "Nowe Gronowo" not in page
    profile = app.get("/playground/zatorze").get_data(as_text=True)
    for text in ("Zatorze", "P/1", "Kto prowadzi", "fundacja", "zjeżdżalnia"):
        assert text in profile, text
    english = app.get("/en/playground/zatorze").get_data(as_text=True)
    assert "Run by" in english


def its_form_is_there(app, _playgrounds):
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    form = app.get("/playground/new", headers=headers).get_data(as_text=True)
    for name in ("playground_number", "owner_form", "equipment", "lit", "opened_date"):
        assert f'name="{name}"' in form, name


def it_is_exported(app, playgrounds):
    text = app.get("/playground.csv?equipment=piaskownica").get_data().decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text))
    assert heading[1:6] == [
        "Nazwa placu",
        "Numer placu",
        "Kto prowadzi",
        "Wyposażenie",
        "Oświetlony",
    ]
    assert [row[1] for row in rows] == ["Gronowo", "Zatorze"]
    assert rows[1][2:9] == [
        "P/1", "fundacja", "zjeżdżalnia; piaskownica", "tak", "2001-02-03", "51.84", "16.57",
    ]  # fmt: skip
    file = app.get("/playground.json").json
    assert file["count"] == 3
    assert {record["id"] for record in file["records"]} == {record["id"] for record in playgrounds}


def it_is_looked_up_and_counted(_app, playgrounds):
    found = helpers.call_action("leszno_ngo_lookup", type="playground", playground_number="P/2")
    assert found["id"] == playgrounds[1]["id"]
    guessed = helpers.call_action("leszno_ngo_lookup", type="playground", identifier="P/3")
    assert guessed["id"] == playgrounds[2]["id"]
    with pytest.raises(tk.ValidationError) as error:
        helpers.call_action("leszno_ngo_lookup", type="playground", krs="1")
    assert list(error.value.error_dict) == ["krs"]
    counts = helpers.call_action("leszno_ngo_statistics", type="playground")
    assert counts["total"] == 3
    by_name = {
        field["name"]: {entry["value"]: entry["count"] for entry in field["counts"]}
        for field in counts["fields"]
    }
    assert by_name["equipment"]["piaskownica"] == 2
    assert by_name["owner_form"]["fundacja"] == 1
    assert by_name["lit"] == {"true": 1, "false": 2}
    assert by_name["opened_date"] == {"2001": 1}
