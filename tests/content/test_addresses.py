"""Addresses that would run a script: refused on save, and never a link where they are kept."""

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories, helpers

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
