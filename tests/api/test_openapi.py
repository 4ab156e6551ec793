"""The description of the API is valid, is all there is, and what it says is what happens."""

import json
import re

import pytest
from ckan.lib.plugins import lookup_package_plugin, plugin_validate
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.cooperation import actions
from ckanext.leszno_ngo.exports import formats
from ckanext.leszno_ngo.exports.openapi import schemas
from ckanext.leszno_ngo.logic import action, schema
from ckanext.leszno_ngo.logic.api_actions import API_ACTIONS
from ckanext.leszno_ngo.views.shared import global_search
from tests.cooperation.records import SMALL, create, organisation, site_user
from tests.factories import NgoFactory

pytestmark = pytest.mark.usefixtures("clean_catalogue")

ADDRESS = "/api/leszno-ngo/openapi.json"
TYPES = ["ngo", *SMALL]


def read(app, address=ADDRESS):
    return json.loads(app.get(address, status=200).get_data())


def checker(document, reference):
    """A validator of one schema of the document."""
    return Draft202012Validator(
        {**document, "$ref": f"#{reference}"}, format_checker=FormatChecker()
    )


def in_response(path):
    place = path.replace("~", "~0").replace("/", "~1")
    return f"/paths/{place}/get/responses/200/content/application~1json/schema"


@pytest.fixture
def catalogue(clean_catalogue):
    """The organisation that examples speak of, and a small record of each type."""
    NgoFactory(title="Klub Przykład", name="klub-przyklad", krs="0000031247", spheres=["17"])
    return {name: create(name) for name in SMALL}


@pytest.mark.parametrize("address", [ADDRESS, f"/en{ADDRESS}"])
def test_it_is_a_valid_openapi_document(app, address):
    document = read(app, address)
    assert document["openapi"].startswith("3.1")
    validate(document, cls=OpenAPIV31SpecValidator)


def test_the_validator_finds_what_is_wrong(app):
    document = read(app, ADDRESS)
    del next(iter(document["paths"].values()))["get"]["responses"]["200"]["description"]
    with pytest.raises(OpenAPIValidationError):
        validate(document, cls=OpenAPIV31SpecValidator)


def test_every_type_and_format_is_there(app):
    paths = read(app)["paths"]
    for record_type in [*record_types.all_types(), global_search.everything()]:
        for suffix in formats.formats_for(record_type):
            assert f"/{record_type.name}.{suffix}" in paths
        if record_type.dates:
            assert f"/{record_type.name}/{{name}}.ics" in paths


def test_every_action_that_reads_is_there_with_what_it_is_checked_by(app):
    document = read(app)
    assert {*action.__all__, *actions.__all__} == set(API_ACTIONS)
    for name, described in API_ACTIONS.items():
        function = described.function
        assert function.side_effect_free
        operation = document["paths"][f"/api/3/action/{name}"]["get"]
        documented = re.findall(r":param (\w+):", function.__doc__)
        told = {p["name"]: p["schema"] for p in operation["parameters"]}
        assert set(documented) == set(told) == set(schema.described(described.accepts()))
        assert operation["x-example"]
        assert described.answers


def test_texts_are_in_the_language_of_the_address(app):
    polish, english = read(app), read(app, f"/en{ADDRESS}")
    assert polish["components"]["schemas"]["Grant"]["title"] == "Dotacja"
    assert english["components"]["schemas"]["Grant"]["title"] == "Grant"
    assert polish["info"]["description"] != english["info"]["description"]


def test_parameters_are_those_that_the_files_know(app):
    """A file refuses an unknown parameter and says which it knows: these are in the description."""
    document = read(app)
    for path, methods in document["paths"].items():
        tags = methods.get("get", {"tags": []})["tags"]
        if not ({"files", "feeds"} & set(tags)) or "x-example" not in methods["get"]:
            continue
        text = app.get(f"/en{path}?nic=1", status=400).get_data(as_text=True)
        known = set(re.search(r"The parameters are: (.*)\n", text)[1].split(", ")) - {"page"}
        told = {resolved(document, one)["name"] for one in methods["get"]["parameters"]}
        # Where nothing is linked, there is nothing that it could be.
        assert told == known - ({"of"} - told), path


def resolved(document, parameter):
    if "$ref" not in parameter:
        return parameter
    return document["components"]["parameters"][parameter["$ref"].split("/")[-1]]


def test_every_example_of_reading_works_and_answers_as_described(app, catalogue):
    document = read(app)
    tried = 0
    for path, methods in document["paths"].items():
        example = methods.get("get", {}).get("x-example")
        if not example:
            continue
        answer = app.get(example.replace("{name}", "klub-przyklad"), status=200)
        tried += 1
        content = methods["get"]["responses"]["200"]["content"]
        assert answer.content_type.split(";")[0] in {name.split(";")[0] for name in content}, path
        if path.startswith("/api/"):
            errors = [
                f"{path}: {error.json_path} {error.message[:300]}"
                for error in checker(document, in_response(path)).iter_errors(
                    json.loads(answer.get_data())
                )
            ]
            assert not errors
        else:
            assert answer.get_data()
    assert tried > 30


def test_files_of_one_record_are_there(app, catalogue):
    document = read(app)
    names = {**{n: r["name"] for n, r in catalogue.items()}, "ngo": "klub-przyklad"}
    tried = 0
    for path, methods in document["paths"].items():
        operation = methods.get("get", {"tags": []})
        if "records" not in operation["tags"]:
            continue
        tried += 1
        answer = app.get(path.replace("{name}", names[path.split("/")[1]]), status=200)
        (content,) = operation["responses"]["200"]["content"]
        assert answer.content_type.split(";")[0] == content.split(";")[0], path
    assert tried > 20
    app.get("/grant/nie-ma.jsonld", status=404)


@pytest.mark.parametrize("name", TYPES)
def test_records_shown_are_as_described(app, name):
    made = create(name) if name in SMALL else NgoFactory()
    record = helpers.call_action("package_show", id=made["id"])
    reference = f"/components/schemas/{schemas.name_of(record_types.get(name))}"
    said = [
        f"{e.json_path}: {e.message}" for e in checker(read(app), reference).iter_errors(record)
    ]
    assert said == []


def test_examples_of_writing_are_taken(app):
    document = read(app)
    token = factories.SysadminWithToken()["token"]
    operation = document["paths"]["/api/3/action/package_create"]["post"]
    examples = operation["requestBody"]["content"]["application/json"]["examples"]
    assert set(examples) == set(TYPES)
    for example in examples.values():
        app.post(
            "/api/3/action/package_create",
            json={**example["value"], "owner_org": organisation()},
            headers={"Authorization": token},
            status=200,
        )


def smallest(check, record_type, record):
    """Add what a validator of JSON Schema says is missing, until nothing is."""
    for _ in range(30):
        missing = [name for error in check.iter_errors(record) for name in names_in(error)]
        if not missing:
            return record
        samples = schemas._sampled(record_type, missing)
        record = {**record, **samples}
    raise AssertionError(f"{record}: {[e.message for e in check.iter_errors(record)]}")


def names_in(error):
    if error.validator == "required":
        return [name for name in error.validator_value if name not in error.instance]
    assert error.validator == "anyOf", error.message
    return [error.validator_value[-1]["required"][0]]


@pytest.mark.parametrize("name", TYPES)
def test_required_is_what_the_catalogue_requires(app, name):
    document, record_type = read(app), record_types.get(name)
    reference = f"/components/schemas/{schemas.name_of(record_type)}Input"
    check = checker(document, reference)
    record = smallest(check, record_type, {"type": name, "title": "Próba"})
    context = {"ignore_auth": True, "user": site_user()}
    made = helpers.call_action("package_create", dict(context), **record, owner_org=organisation())
    assert made["type"] == name
    for left_out in set(record) - {"type"}:
        rest = {key: value for key, value in record.items() if key != left_out}
        assert list(check.iter_errors(rest)), left_out
        with pytest.raises(tk.ValidationError) as refused:
            helpers.call_action("package_create", dict(context), **rest, owner_org=organisation())
        assert refused.value.error_dict, left_out


def errors_of(name, record):
    context = {"ignore_auth": True, "user": site_user(), "model": None, "session": None}
    from ckan import model

    context.update(model=model, session=model.Session)
    plugin = lookup_package_plugin(name)
    _data, errors = plugin_validate(
        plugin, context, record, plugin.create_package_schema(), "package_create"
    )
    return errors


def coded(document, name):
    """Fields of a type's input that take codes alone: name → (codes, is a list)."""
    described = document["components"]["schemas"][f"{schemas.name_of(record_types.get(name))}Input"]
    found = {}
    for key, value in described["properties"].items():
        one = value.get("items", value)
        if "enum" in one and key != "state":
            found[key] = (one["enum"], "items" in value)
    return found


@pytest.mark.parametrize("name", TYPES)
def test_codes_are_those_that_the_catalogue_takes(app, name):
    fields = coded(read(app), name)
    assert fields
    base = {**schemas.sample(record_types.get(name)), "name": "proba", "state": "draft"}
    wrong = {key: ["nie-ma"] if many else "nie-ma" for key, (_codes, many) in fields.items()}
    assert set(fields) <= set(errors_of(name, {**base, **wrong}))
    for number in range(max(len(codes) for codes, _many in fields.values())):
        record = {
            key: codes if many else codes[number % len(codes)]
            for key, (codes, many) in fields.items()
        }
        assert not set(fields) & set(errors_of(name, {**base, **record}))


def test_a_request_is_cheap(app, sql_budget, solr_budget):
    first = app.get(ADDRESS, status=200)
    with sql_budget(2), solr_budget(0):  # CKAN's own look at its settings, one a request
        again = app.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]}, status=304)
        app.get(ADDRESS, status=200)
    assert not again.get_data()
    assert first.headers["Access-Control-Allow-Origin"] == "*"


def test_the_page_leads_everywhere(app):
    page = app.get("/api/leszno-ngo/", status=200).get_data(as_text=True)
    assert "<title>" in page
    assert "/ngo.csv" in page
    assert "API dla programistów" in page
    console = app.get("/api/leszno-ngo/konsola", status=200).get_data(as_text=True)
    for kind in ("css", "js"):
        (address,) = set(re.findall(rf'"([^"]*konsola/swagger-ui[^"]*\.{kind})"', console))
        app.get(address, status=200)
    outside = re.findall(r'(?:src|href)="(https?://[^"]+)"', console)
    assert not [
        a
        for a in outside
        if not a.startswith(("http://test.ckan.net", "http://ckan.org"))
        and re.search(rf"<(?:script|link)[^>]*{re.escape(a)}", console)
    ]
    app.get("/api/leszno-ngo/konsola/..%2f__init__.py", status=404)
