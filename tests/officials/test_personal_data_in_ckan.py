"""CKAN's forms of departments, groups, datasets and files ask once about personal data."""

import io
import re

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories, helpers

from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

TEXT = "Zapisy: 60 12 34 567, pisz: jan.k (at) gmail.com"
ERRORS = ".error-explanation, .ln-errors"
SOURCE = {"url": "https://example.org/a.csv", "source_type": "leszno_ngo_register"}


@pytest.fixture
def boss():
    return {"Authorization": factories.SysadminWithToken()["token"]}


def sent_again(page):
    """What the browser would send from a page's form, with the button pressed."""
    form = BeautifulSoup(page.body, "html.parser").select_one("form:has([name=personal_data_seen])")
    controls = form.select("input[name]:not([type=file]):not([type=radio]), textarea[name]")
    found = {one["name"]: one.get("value", one.text).strip() for one in controls}
    for select in form.select("select[name]"):
        chosen = select.select_one("option[selected]")
        found[select["name"]] = chosen["value"] if chosen else ""
    found.pop("shown_values", None)  # what the form was opened on, which the first sending lacks
    return {**found, "save": "1"}


def cases(unit, dataset, file):
    unit_texts = {"title": "Wydział", "name": unit["name"]}
    old = {"id": file["id"], "name": "Plik", "url": "https://example.org/a.csv"}
    data = {"title": "Zbiór", "name": dataset["name"], "owner_org": unit["id"]}
    return {
        "/organization/new": {"title": "Nowy", "name": "nowy", "description": TEXT},
        f"/organization/edit/{unit['name']}": {**unit_texts, "description": TEXT},
        "/group/new": {
            "title": "Grupa",
            "name": "grupa",
            "extras__0__key": "kontakt",
            "extras__0__value": TEXT,
        },
        f"/dataset/edit/{dataset['name']}": {**data, "notes": TEXT},
        "/dataset/new": {**data, "name": "nowy-zbior", "notes": TEXT},
        f"/dataset/{dataset['id']}/resource/new": {**old, "id": "", "description": TEXT},
        f"/dataset/{dataset['id']}/resource/{file['id']}/edit": {**old, "description": TEXT},
        "/harvest/new": {
            **SOURCE,
            "title": "Źródło",
            "name": "zrodlo",
            "notes": TEXT,
            "frequency": "MANUAL",
            "owner_org": unit["id"],
        },
    }


def stored_texts():
    model.Session.expire_all()
    texts = [value for group in model.Session.query(model.Group) for value in (group.description,)]
    texts += [
        value for group in model.Session.query(model.Group) for value in group.extras.values()
    ]
    texts += [(package.extras or {}).get("notes") for package in model.Session.query(model.Package)]
    texts += [package.notes for package in model.Session.query(model.Package)]
    return [*texts, *(file.description for file in model.Session.query(model.Resource))]


@pytest.mark.parametrize("number", range(8))
def test_a_form_asks_once_and_keeps_what_is_typed(app, boss, number):
    unit = factories.Organization()
    made = factories.Dataset(owner_org=unit["id"])
    file = factories.Resource(package_id=made["id"], url="https://example.org/a.csv")
    address, form = list(cases(unit, made, file).items())[number]
    page = app.post(address, data={**form, "save": "1"}, headers=boss, follow_redirects=False)
    assert page.status_code == 200, page.headers.get("Location")
    said = BeautifulSoup(page.body, "html.parser").select_one(ERRORS).get_text()
    assert "komórkow" in said
    assert "60 12" not in said
    assert TEXT not in stored_texts()
    again = {**form, **sent_again(page)}
    done = app.post(address, data=again, headers=boss, follow_redirects=False)
    assert done.status_code in (301, 302)
    assert TEXT in stored_texts()
    for extra in model.Session.query(model.Resource):
        assert "personal_data_seen" not in (extra.extras or {})


def test_what_is_stored_and_what_is_private_is_not_asked_about(app, boss):
    unit = factories.Organization(description=TEXT)
    form = {"title": "Inny tytuł", "name": unit["name"], "description": TEXT, "save": "1"}
    address = f"/organization/edit/{unit['name']}"
    app.post(address, data=form, headers=boss, follow_redirects=False, status=302)
    hidden = factories.Dataset(owner_org=unit["id"], private=True)
    form = {"name": hidden["name"], "title": "Z", "notes": TEXT, "owner_org": unit["id"]}
    address = f"/dataset/edit/{hidden['name']}"
    form |= {"private": "True", "save": "1"}
    app.post(address, data=form, headers=boss, follow_redirects=False, status=302)
    table = (io.BytesIO(b"a;b\n1;2\n"), "a.csv")
    form = {"id": "", "name": "P", "description": TEXT, "save": "go-dataset-complete"}
    form |= {"upload": table, "url_type": "upload", "url": "a.csv"}
    address = f"/dataset/{hidden['id']}/resource/new"
    app.post(address, data=form, headers=boss, follow_redirects=False, status=302)


def api_cases(unit, dataset, file, event):
    """What the API is given, by action, and the field in which the text stands."""
    rows = [{"name": "Plik", "url": "https://example.org/a.csv", "description": TEXT}]
    new = {"name": "nowy", "owner_org": unit["id"]}
    return (
        ("organization_patch", {"id": unit["id"], "description": TEXT}, "description"),
        ("group_create", {"name": "grupa", "extras": [{"key": "a", "value": TEXT}]}, "extras"),
        ("package_create", {**new, "notes": TEXT}, "notes"),
        ("package_create", {**new, "resources": rows}, "resources"),
        ("package_patch", {"id": dataset["id"], "notes": TEXT}, "notes"),
        ("package_revise", {"match": {"id": dataset["id"]}, "update": {"notes": TEXT}}, "notes"),
        ("resource_create", {"package_id": dataset["id"], **rows[0]}, "description"),
        ("resource_patch", {"id": file["id"], "description": TEXT}, "description"),
        ("harvest_source_create", {**SOURCE, **new, "title": "Z", "notes": TEXT}, "notes"),
        ("package_patch", {"id": event["id"], "notes": TEXT}, "notes"),
        ("package_patch", {"id": event["id"], "resources": rows}, "resources"),
        ("resource_create", {"package_id": event["id"], **rows[0]}, "description"),
    )


@pytest.mark.parametrize("number", range(12))
def test_the_api_asks_once_and_names_the_field_and_the_answer(app, boss, number):
    unit = factories.Organization()
    made = factories.Dataset(owner_org=unit["id"])
    file = factories.Resource(package_id=made["id"], url="https://example.org/a.csv")
    event = records.create("event", owner_org=unit["id"])
    action, given, field = api_cases(unit, made, file, event)[number]
    address = f"/api/3/action/{action}"
    error = app.post(address, json=given, headers=boss, status=409).json["error"]
    assert set(error) == {field, "personal_data_seen", "__type"}
    assert "komórkow" in str(error[field])
    assert "60 12" not in str(error)
    assert TEXT not in stored_texts()
    answer = re.search("[0-9a-f]{64}", error["personal_data_seen"][0])[0]
    where = given.get("update", given)
    other = {**given, "personal_data_seen": "0" * 64}
    app.post(address, json=other, headers=boss, status=409)
    where["personal_data_seen"] = answer
    app.post(address, json=given, headers=boss, status=200)
    assert TEXT in stored_texts()
    assert answer not in str(stored_texts())


def test_the_api_does_not_ask_about_what_is_stored_or_private(app, boss):
    event = records.create("event", notes=TEXT)
    hidden = records.create("event", private=True, name="ukryte")
    dataset = factories.Dataset(notes=TEXT, owner_org=factories.Organization()["id"])
    for given in (
        {"id": event["id"], "title": "Inny"},
        {"id": hidden["id"], "notes": TEXT},
        {"id": dataset["id"], "title": "Inny"},
    ):
        app.post("/api/3/action/package_patch", json=given, headers=boss, status=200)
    public = {"id": hidden["id"], "private": False}
    error = app.post("/api/3/action/package_patch", json=public, headers=boss, status=409)
    assert set(error.json["error"]) == {"notes", "personal_data_seen", "__type"}


def test_who_writes_in_python_is_not_asked():
    unit = factories.Organization()
    user = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("organization_patch", user, id=unit["id"], description=TEXT)
    assert TEXT in stored_texts()
