"""Every type has its search page, its record page and its form, and they show what there is."""

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from tests.cooperation import loaded, records

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def page(app, address, **headers):
    answer = app.get(address, headers=headers, status=200)
    return BeautifulSoup(answer.body, "html.parser")


def test_each_type_has_pages(app):
    token = factories.SysadminWithToken()["token"]
    for name in loaded.TYPES:
        record = records.create(name)
        found = page(app, f"/{name}/?state=all")
        assert record["title"] in found.get_text(), name
        shown = page(app, f"/{name}/{record['name']}")
        assert shown.h1.get_text(strip=True) == record["title"]
        form = page(app, f"/{name}/edit/{record['name']}", Authorization=token)
        asked = {tag["name"] for tag in form.select("[name]")}
        declared = {
            f["field_name"]
            for f in map(loaded.expanded, loaded.read(name)["dataset_fields"])
            if f.get("form_snippet") is not None and "repeating_subfields" not in f
        }
        assert declared <= asked, name


def test_a_call_shows_money_moments_and_tables(app):
    call = records.create(
        "call-for-offers",
        announcements=[{"channel": "bip", "date": "2026-02-01", "url": "https://bip.leszno.pl/1"}],
        previous_tasks=[{"year": "2025", "task": "Sport", "grant_amount": 30_000}],
    )
    text = page(app, f"/call-for-offers/{call['name']}").get_text(" ", strip=True)
    text = text.replace("\u00a0", " ")
    for said in (
        "45 000 zł",
        "20 lutego 2026",
        "23:59",
        "Biuletyn Informacji Publicznej",
        "1 lutego 2026",
        "30 000 zł",
    ):
        assert said in text


def test_a_grant_links_to_its_organisation_and_names_none_that_is_gone(app):
    ngo = records.create("ngo", title="Klub Przykładowy", krs="0000031247")
    grant = records.create("grant", recipient=ngo["name"])
    address = f"/grant/{grant['name']}"
    assert page(app, address).select_one(f'a[href$="/ngo/{ngo["name"]}"]')
    records.helpers.call_action(
        "package_delete", {"ignore_auth": True, "user": records.site_user()}, id=ngo["id"]
    )
    shown = page(app, address)
    assert not shown.select_one(f'a[href$="/ngo/{ngo["name"]}"]')
    assert "Klub Przykładowy" not in shown.get_text()


def test_the_form_of_a_grant_shows_the_organisations_address_not_its_id(app):
    token = factories.SysadminWithToken()["token"]
    ngo = records.create("ngo", title="Klub Przykładowy", krs="0000031247")
    grant = records.create("grant", recipient=ngo["name"])
    form = page(app, f"/grant/edit/{grant['name']}", Authorization=token)
    assert form.select_one("#field-recipient")["value"] == ngo["name"]
    assert form.select_one("#field-granted_amount")["value"].replace("\u00a0", " ") == "12 500,50"
