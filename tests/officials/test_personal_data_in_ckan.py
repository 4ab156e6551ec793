"""CKAN's forms of departments, groups, datasets and files ask once about personal data."""

import io

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories, helpers

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


def test_actions_of_the_api_ask_nobody(app, boss):
    unit = factories.Organization()
    given = {"id": unit["id"], "description": TEXT}
    app.post("/api/3/action/organization_patch", json=given, headers=boss, status=200)
    assert helpers.call_action("organization_show", id=unit["id"])["description"] == TEXT
