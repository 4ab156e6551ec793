"""Addresses that would run a script: refused on save, and never a link where they are kept."""

import itertools

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories, helpers
from ckanext.scheming.helpers import scheming_dataset_schemas

from ckanext.leszno_ngo.catalogue import addresses, batch
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

HOSTILE = ("javascript:alert(1)", " JAVA\tscript:alert(1)", "data:text/html,x", "vbscript:x")


def call_action(action, /, **given):
    return helpers.call_action(action, {"user": records.site_user()}, **given)


def refused(field, action, /, **given):
    with pytest.raises(tk.ValidationError) as error:
        call_action(action, **given)
    assert field in error.value.error_dict
    return error.value.error_dict[field]


@pytest.mark.parametrize("kind", ["event", "dataset"])
def test_no_resource_has_one(kind):
    record = records.create(kind, name="przyklad")
    there = call_action(
        "resource_create", package_id=record["id"], name="a", url="https://www.leszno.pl"
    )
    for url in HOSTILE:
        refused("url", "resource_create", package_id=record["id"], name="a", url=url)
        refused("url", "resource_patch", id=there["id"], url=url)
        refused(
            "resources", "package_patch", id=record["id"], resources=[{"name": "a", "url": url}]
        )


def spoiled(field, url):
    """A value of a field's shape with an address in it."""
    if "repeating_subfields" in field:
        return [{inner["field_name"]: url} for inner in field["repeating_subfields"]]
    return [url] if "list" in str(field.get("validators")) else url


def test_no_field_of_any_schema_has_one():
    """Every field that a person or a source fills in, of records and of their files."""
    seen = 0
    for kind, schema in scheming_dataset_schemas().items():
        record = {"type": kind, "title": "Przykład"}
        for url, field in itertools.product(HOSTILE, schema["dataset_fields"]):
            name = field["field_name"]
            assert name in addresses.faults({**record, name: spoiled(field, url)}), (kind, name)
        for url, field in itertools.product(HOSTILE, schema["resource_fields"]):
            found = addresses.faults({**record, "resources": [{field["field_name"]: url}]})
            assert field["field_name"] in found["resources"][0], (kind, field)
            seen += 1
    assert seen > 40


@pytest.mark.parametrize("kind", ["organization", "group", "user"])
def test_no_picture_has_one(kind):
    there = factories.User() if kind == "user" else call_action(f"{kind}_create", name="wydzial")
    whole = {name: there[name] for name in ("id", "name", "email") if name in there}
    for url in HOSTILE:
        refused("image_url", f"{kind}_update", **whole, image_url=url)
        refused("image_url", f"{kind}_patch", id=there["id"], image_url=url)


@pytest.mark.parametrize("kind", ["organization", "group"])
def test_no_extra_nor_markdown_has_one(kind):
    bad = "Zobacz [stronę](javascript:alert(1))"
    extras = [{"key": "strona", "value": "javascript:alert(1)"}]
    refused("extras", f"{kind}_create", name="nowa", extras=extras)
    refused("url", f"{kind}_create", name="nowa", url="javascript:alert(1)")
    refused("description", f"{kind}_create", name="nowa", description=bad)
    user = factories.User()
    refused("about", "user_patch", id=user["id"], about=bad)
    event = records.create("event")
    for field in ("url", "cache_url"):
        refused(field, "resource_create", package_id=event["id"], **{field: "vbscript:x"})
    for option in ("ckan.site_intro_text", "ckan.site_about", "ckan.site_logo"):
        value = "javascript:alert(1)" if option.endswith("logo") else bad
        refused(option, "config_option_update", **{option: value})


def test_a_source_brings_none_in():
    write = batch.Write({"type": "ngo", "title": "Klub", "website": "java\tscript:alert(1)"})
    (outcome,) = batch.write([write], user=records.site_user())
    assert outcome.status == "refused"
    assert "website" in outcome.errors


@pytest.mark.parametrize("url", HOSTILE)
def test_no_other_field_has_one(url):
    owner = records.organisation()
    new = {"type": "dataset", "title": "Dane", "name": "dane", "owner_org": owner}
    refused("url", "package_create", **new, url=url)
    refused("publisher", "package_create", **new, publisher=[{"name": "Miasto", "url": url}])
    for kind in ("organization", "group"):
        refused("image_url", f"{kind}_create", name="nowa", image_url=url)
    refused("image_url", "organization_patch", id=owner, image_url=url)
    user = factories.User()
    refused("image_url", "user_patch", id=user["id"], image_url=url)


NO_PAGES = ("urn:isbn:9788301234567", "doi:10.5281/zenodo.1", "mailto:biuro@leszno.pl")
LOGIN = "https://urzad:tajne@dane.leszno.pl/a.csv"


def texts_of_addresses(url):
    """Every field of a dataset and its files that may have an address, with one."""
    part = {"uri": url, "url": url, "name": "Miasto", "identifier": url}
    return {
        "url": url,
        "documentation": [url],
        "publisher": [part],
        "contact": [part],
        "resources": [{"name": "a", "url": url, "documentation": [url]}],
    }


@pytest.mark.parametrize("url", NO_PAGES)
def test_what_is_no_page_is_kept_and_no_link(app, url):
    record = records.create("dataset", name="przyklad")
    kept = call_action("package_patch", id=record["id"], **texts_of_addresses(url))
    file = call_action("resource_create", package_id=record["id"], name="b", url=url)
    call_action("resource_patch", id=file["id"], url=url)
    unit = call_action("organization_create", name="wydzial", extras=[{"key": "uri", "value": url}])
    shown = call_action("package_show", id=record["id"])
    assert {shown["url"], kept["publisher"][0]["uri"], unit["extras"][0]["value"]} == {url}
    assert [one["url"] for one in shown["resources"]] == [url, url]
    for page in ("/dataset/przyklad", f"/dataset/przyklad/resource/{file['id']}"):
        body = app.get(page).body
        assert f'href="{url}"' not in body
    assert url in body


def test_no_address_with_a_password_is_kept():
    record = records.create("dataset", name="przyklad")
    event, user = records.create("event"), factories.User()
    there = call_action("resource_create", package_id=record["id"], name="a", url="a.csv")
    unit = call_action("organization_create", name="wydzial")
    for name, value in texts_of_addresses(LOGIN).items():
        refused(name, "package_patch", id=record["id"], **{name: value})
    described = f"Dane są [tutaj]({LOGIN})"
    refused("notes", "package_patch", id=record["id"], notes=described)
    for one in (record, event):
        refused("url", "resource_create", package_id=one["id"], name="a", url=LOGIN)
    refused("url", "resource_update", id=there["id"], name="a", url=LOGIN)
    refused("url", "resource_patch", id=there["id"], url="https://urzad@dane.leszno.pl")
    refused("url", "resource_patch", id=there["id"], url="https://dane.leszno.pl:port/")
    for given in ({"image_url": LOGIN}, {"description": described}):
        refused(*given, "organization_patch", id=unit["id"], **given)
    refused("extras", "group_create", name="g", extras=[{"key": "strona", "value": LOGIN}])
    (said,) = refused("about", "user_patch", id=user["id"], about=described)
    assert said.startswith("There is a user's name or a password in this address")


def test_a_kept_one_is_no_link_anywhere(app):
    sysadmin = {"Authorization": factories.SysadminWithToken()["token"]}
    for kind in ("event", "dataset"):
        record = records.create(kind, name=f"przyklad-{kind}")
        resource = call_action(
            "resource_create", package_id=record["id"], name="Adres", url="https://www.leszno.pl"
        )
        with model.Session.begin_nested():
            model.Session.execute(
                sa.text("UPDATE resource SET url = :url WHERE id = :id"),
                {"url": "java\tscript:alert(1)", "id": resource["id"]},
            )
            model.Session.execute(
                sa.text("UPDATE package SET url = :url WHERE id = :id"),
                {"url": "javascript:alert(1)", "id": record["id"]},
            )
        model.repo.commit_and_remove()
        call_action("package_show", id=record["id"])
        for page in (
            f"/{kind}/{record['name']}",
            f"/{kind}/{record['name']}/resource/{resource['id']}",
            f"/event/documents/{record['name']}" if kind == "event" else "/dataset/",
        ):
            soup = BeautifulSoup(app.get(page, headers=sysadmin).body, "html.parser")
            links = [
                tag[name]
                for name in ("href", "src", "action")
                for tag in soup.find_all(attrs={name: True})
            ]
            assert links
            assert not [link for link in links if "alert" in link], page
