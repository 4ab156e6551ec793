"""Another plugin's type, vocabulary, check and format, with the engine alone.

The plugin is the one that docs/tutorial.md writes; the portal has no plugin of the cooperation.
"""

import contextlib
import csv
import importlib
import io
import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import authz
from ckan import plugins as p
from ckan.tests import factories, helpers
from click.testing import CliRunner
from werkzeug.routing import BuildError

from ckanext.leszno_ngo import record_types, vocabularies
from ckanext.leszno_ngo.cli import leszno_ngo
from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS
from ckanext.leszno_ngo.logic.api_actions import API_ACTIONS
from ckanext.leszno_ngo.search import facets
from tests import one_ckan, registered
from tests.extending import tutorial
from tests.harvest import fake_server
from tests.harvest.conftest import Harvest

ENGINE = (
    "leszno_ngo leszno_ngo_map leszno_ngo_ods leszno_ngo_ckan_harvester playgrounds activity "
    "scheming_datasets harvest"
)


@pytest.fixture
def portal(request, ckan_config, provide_plugin, monkeypatch):
    """The engine and the plugin of the tutorial, by the options that the tutorial gives."""
    one_ckan.forget()
    monkeypatch.syspath_prepend(tutorial.FOLDER)
    module, _, name = tutorial.entry_point().partition(":")
    provide_plugin("playgrounds", getattr(importlib.import_module(module), name))
    ckan_config["ckan.plugins"] = ENGINE.split()
    for option in ("scheming.dataset_schemas", "scheming.presets", "ckanext.dcat.rdf.profiles"):
        ckan_config.pop(option, None)
    p.load_all()
    request.getfixturevalue("clean_db")
    request.getfixturevalue("clean_index")
    yield
    p.unload_all()
    registered.fill()


@pytest.fixture
def playgrounds(portal):
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
            keeper="foundation",
            equipment=["zjeżdżalnia", "piaskownica"],
            lit="tak",
            opened_date="3.02.2001",
            latitude="51.84",
            longitude="16.57",
        ),
        make("Gronowo", playground_number="P/2", equipment=["piaskownica"]),
        make("Nowe Gronowo", playground_number="P/3", equipment=["huśtawka"], lit="nie"),
    ]


def test_another_plugin_works_with_the_engine_alone(portal, app, playgrounds, tmp_path):
    assert [t.name for t in record_types.all_types()] == ["playground"]
    assert "call_mode" not in vocabularies.names()
    for check in (
        it_is_validated,
        its_words_and_facets_are_searched,
        it_has_a_search_page_and_profiles,
        its_form_is_there,
        it_is_exported,
        it_is_looked_up_and_counted,
        its_check_is_asked,
        it_is_edited,
        its_format_is_offered,
        its_pages_are_there,
        nothing_of_the_cooperation_is_there,
        every_page_answers,
        every_action_answers,
        commands_work,
    ):
        check(app, playgrounds)
    it_is_harvested(app, playgrounds, tmp_path)


def it_is_validated(_app, playgrounds):
    assert playgrounds[0]["opened_date"] == "2001-02-03"
    assert playgrounds[0]["lit"] is True
    for wrong, field in (
        ({"playground_number": "P/1"}, "playground_number"),
        ({}, "playground_number"),
        ({"playground_number": "P/9", "keeper": "nonsense"}, "keeper"),
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
    assert [facet.name for facet in everything.facets] == ["keeper", "equipment", "lit"]
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
    for name in ("playground_number", "keeper", "equipment", "lit", "opened_date"):
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
    assert list(error.value.error_dict) == ["identifier"]
    counts = helpers.call_action("leszno_ngo_statistics", type="playground")
    assert counts["total"] == 3
    by_name = {
        field["name"]: {entry["value"]: entry["count"] for entry in field["counts"]}
        for field in counts["fields"]
    }
    assert by_name["equipment"]["piaskownica"] == 2
    assert by_name["keeper"]["foundation"] == 1
    assert by_name["lit"] == {"true": 1, "false": 2}
    assert by_name["opened_date"] == {"2001": 1}


def its_check_is_asked(_app, _playgrounds):
    with pytest.raises(tk.ValidationError) as error:
        helpers.call_action(
            "package_create",
            type="playground",
            title="Jutro",
            name="jutro",
            playground_number="P/8",
            opened_date="2100-05-01",
        )
    assert error.value.error_dict["opened_date"] == ["It opens on 1\xa0maja 2100. Publish it then"]


def it_is_edited(app, playgrounds):
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    form = app.get("/playground/edit/zatorze", headers=headers).get_data(as_text=True)
    assert "spółdzielnia mieszkaniowa" in form
    user = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("package_patch", user, id=playgrounds[0]["id"], keeper="housing")
    profile = app.get("/playground/zatorze").get_data(as_text=True)
    assert "spółdzielnia mieszkaniowa" in profile


def its_format_is_offered(app, _playgrounds):
    file = app.get("/playground.txt?equipment=piaskownica")
    assert file.content_type == "text/plain; charset=utf-8"
    assert file.get_data(as_text=True).splitlines()[1:] == ["Gronowo (P/2)", "Zatorze (P/1)"]
    page = app.get("/playground/").get_data(as_text=True)
    assert "Lista do wydruku (TXT)" in page
    assert "360giving" not in page
    app.get("/playground.360giving.json", status=404)


def its_pages_are_there(app, _playgrounds):
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    for address in (
        "/",
        "/szukaj?q=zatorze",
        "/dataset/",
        "/playground.atom",
        "/mapa",
        "/sitemap.xml",
    ):
        app.get(address, status=200)
    for address in ("/panel", "/panel/jakosc", "/api/leszno-ngo/openapi.json"):
        app.get(address, headers=headers, status=200)
    # Pages of the cooperation come with its plugin.
    for address in ("/program", "/przekaz-1-5-procent"):
        app.get(address, status=404)


def nothing_of_the_cooperation_is_there(app, _playgrounds):
    for name in ("leszno_ngo_programme", "leszno_ngo_results"):
        with pytest.raises(KeyError):
            tk.get_action(name)
        assert name not in authz.auth_functions_list()
    described = app.get("/api/leszno-ngo/openapi.json").json["paths"]
    assert "/api/3/action/leszno_ngo_lookup" in described
    assert "/api/3/action/leszno_ngo_programme" not in described
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    desk = app.get("/en/panel", headers=headers).get_data(as_text=True)
    assert "My desk" in desk
    assert "Forms of the programme" not in desk
    assert set(SOURCE_KINDS) == {"ckan"}


def every_page_answers(app, _playgrounds):
    """No address of the engine breaks, whatever it is given."""
    headers = {"Authorization": factories.SysadminWithToken()["token"]}
    addresses = app.flask_app.url_map.bind("localhost")
    own = [
        rule
        for rule in app.flask_app.url_map.iter_rules()
        if "GET" in rule.methods and rule.endpoint.startswith(("leszno_ngo", "playground"))
    ]
    assert len(own) > 50
    for rule in own:
        given = dict.fromkeys(rule.arguments - set(rule.defaults or ()), "zatorze")
        try:
            address = addresses.build(rule.endpoint, {**given, **(rule.defaults or {})})
        except (BuildError, ValueError):  # a number is wanted
            address = addresses.build(rule.endpoint, {**dict.fromkeys(given, 1)})
        answer = app.get(address, headers=headers, follow_redirects=False)
        # 503 says what is not there yet, such as a published register.
        assert answer.status_code != 500, address


def every_action_answers(_app, _playgrounds):
    user = {"user": factories.Sysadmin()["name"], "ignore_auth": True}
    names = [name for name in API_ACTIONS if name.startswith("leszno_ngo_")]
    assert names
    for name in names:
        with contextlib.suppress(tk.ValidationError):
            tk.get_action(name)(dict(user), {})
    assert helpers.call_action("leszno_ngo_statistics")["type"] == "playground"


def commands_work(_app, _playgrounds):
    for arguments in (["quality"], ["check-types"], ["check-settings"], ["derive"], ["reindex"]):
        result = CliRunner().invoke(leszno_ngo, arguments)
        assert isinstance(result.exception, (SystemExit, type(None))), (arguments, result.output)
        assert result.exit_code in (0, 1), result.output


def it_is_harvested(app, playgrounds, tmp_path):
    """Its records come from another portal with the same plugin."""
    found = helpers.call_action("package_search", fq="dataset_type:playground")
    with fake_server.running() as server:
        answer = json.dumps({"success": True, "result": found}).encode()
        served = fake_server.answer(answer, content_type="application/json")
        server.files["/api/3/action/package_search"] = served
        for record in playgrounds:
            helpers.call_action("dataset_purge", id=record["id"])
        harvest = Harvest(tmp_path, factories.Sysadmin()["name"])
        tk.config["ckanext.leszno_ngo.harvest.allow_private_addresses"] = True
        source = harvest.source("ckan", url=server.url, record_type="playground")
        report = harvest.run(source)
    assert report.stop is None
    again = helpers.call_action("package_search", fq="dataset_type:playground")
    assert {r["playground_number"]: r.get("keeper") for r in again["results"]} == {
        "P/1": "housing",
        "P/2": None,
        "P/3": None,
    }
