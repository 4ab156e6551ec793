"""Public pages may be kept, and who has one is told so without making it again."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers

from ckanext.leszno_ngo.views.shared import page_caching
from tests import counting
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

_READ = re.compile(r'\b(?:FROM|JOIN)\s+"?([a-z_]+)"?')
#: Read for what is not on the page: rights of its reader, who has no account.
_NOT_SHOWN = {"user", "api_token", "pg_class", "information_schema"}


@pytest.fixture
def addresses(ngo_factory):
    ngo = ngo_factory(title="Klub Żagiel", latitude="51.8403", longitude="16.5749")
    grant = records.create("grant", recipient=ngo["id"], title="Regaty")
    call = records.create("call-for-offers", title="Konkurs")
    # the factory's picture is on another host
    model.Group.get(call["owner_org"]).image_url = ""
    model.Session.commit()
    data = factories.Dataset(title="Rejestr", owner_org=call["owner_org"])
    file = factories.Resource(package_id=data["id"], format="CSV", url="http://127.0.0.1/a.csv")
    return [
        "/",
        "/szukaj?q=regaty",
        "/ngo/?q=klub",
        f"/ngo/{ngo['name']}",
        f"/grant/{grant['name']}",
        f"/call-for-offers/{call['name']}",
        "/grant/?sort=amount",
        "/pieniadze",
        "/program",
        "/przekaz-1-5-procent",
        "/kalendarz",
        "/mapa",
        "/dataset/",
        f"/dataset/{data['name']}",
        f"/dataset/{data['name']}/resource/{file['id']}",
        "/organization/",
        f"/organization/{call['organization']['name']}",
        "/about",
        "/en/ngo/",
    ]


def get(app, address, tag=None):
    headers = {"If-None-Match": tag} if tag else {}
    return app.client.get(address, headers=headers)


def test_public_pages_may_be_kept_and_set_no_cookie(app, addresses):
    for address in addresses:
        answer = get(app, address)
        assert answer.status_code == 200, address
        said = answer.headers
        assert said["Cache-Control"] == f"public, max-age={page_caching.AGE}", address
        assert "Set-Cookie" not in said, address
        assert "Cookie" in said["Vary"], address
        assert said["ETag"].startswith('W/"ln-'), address


def test_who_has_a_page_is_told_so_by_one_statement(app, addresses):
    for address in addresses:
        tag = get(app, address).headers["ETag"]
        with counting.sql_statements() as sql, counting.solr_requests() as solr:
            again = get(app, address, tag)
        assert (again.status_code, again.data) == (304, b""), address
        assert again.headers["ETag"] == tag
        assert again.headers["Cache-Control"] == f"public, max-age={page_caching.AGE}"
        sql.assert_at_most(1)
        solr.assert_at_most(0)


def test_no_tag_is_good_for_another_page(app, addresses):
    tags = {get(app, address).headers["ETag"] for address in addresses}
    assert len(tags) == len(addresses)


@pytest.mark.parametrize(
    "change",
    [
        lambda: records.create("event", title="Festyn"),
        lambda: factories.Group(title="Grupa"),
        lambda: helpers.call_action("config_option_update", **{"ckan.site_title": "Inny"}),
    ],
)
def test_after_a_change_the_page_is_made_again(app, addresses, change):
    tags = {address: get(app, address).headers["ETag"] for address in addresses}
    change()
    for address, tag in tags.items():
        again = get(app, address, tag)
        assert again.status_code == 200, address
        assert again.headers["ETag"] != tag


def act(action, **data):
    return helpers.call_action(action, {"ignore_auth": True, "user": records.site_user()}, **data)


def test_what_nobody_sees_changes_no_page(app, addresses):
    """A tag that changes would tell that a draft is being written (and when)."""
    unit = factories.Organization()["id"]
    tags = {address: get(app, address).headers["ETag"] for address in addresses}
    hidden = records.create("event", title="Tajne", owner_org=unit, private=True)
    draft = factories.Dataset(state="draft", title="Szkic", tags=[{"name": "nowy"}])
    for one in (hidden, draft):
        act("package_patch", id=one["id"], title="Inny", tags=[{"name": "inny"}])
        file = act("resource_create", package_id=one["id"], url="http://127.0.0.1/a.csv")
        view = model.ResourceView(resource_id=file["id"], view_type="text_view", title="", order=0)
        model.Session.add(view)
        model.Session.commit()
        act("resource_delete", id=file["id"])
        act("package_delete", id=one["id"])
        act("dataset_purge", id=one["id"])
    for address, tag in tags.items():
        assert get(app, address, tag).status_code == 304, address


@pytest.mark.parametrize("road", ["publish", "hide", "delete", "file", "tag", "purge"])
def test_each_change_of_what_is_seen_changes_the_pages(app, road):
    shown = records.create("event", title="Festyn", private=road == "publish")
    tag = get(app, "/").headers["ETag"]
    id_ = shown["id"]
    if road in ("publish", "hide"):
        act("package_patch", id=id_, private=road == "hide")
    elif road == "tag":
        model.Package.get(id_).add_tag(model.Tag("nowy"))
        model.Session.commit()
    elif road == "file":
        act("resource_create", package_id=id_, url="http://127.0.0.1/a.csv")
    else:
        act("package_delete" if road == "delete" else "dataset_purge", id=id_)
    again = get(app, "/", tag)
    assert (again.status_code, again.headers["ETag"] != tag) == (200, True)


def test_a_tag_is_good_for_a_while(app, addresses, monkeypatch):
    tag = get(app, "/").headers["ETag"]
    monkeypatch.setattr(page_caching, "PERIOD", 1)
    assert get(app, "/", tag).status_code == 200


def test_every_table_that_a_public_page_reads_is_looked_at(app, addresses):
    noted = sa.text(
        "SELECT event_object_table FROM information_schema.triggers "
        "WHERE trigger_name LIKE 'leszno_ngo_page_change%'"
    )
    looked_at = set(model.Session.scalars(noted))
    for address in addresses:
        with counting.sql_statements() as sql:
            get(app, address)
        read = {table for call in sql.calls for table in _READ.findall(call)}
        assert read - looked_at - _NOT_SHOWN - {"leszno_ngo_page_change"} == set(), address


def test_pages_of_accounts_are_kept_by_nobody(app, addresses, ngo_factory):
    user = factories.SysadminWithToken()
    tag = get(app, "/ngo/").headers["ETag"]
    for headers in ({"Authorization": user["token"]}, {"Cookie": "ckan=abc"}):
        answer = app.client.get("/ngo/", headers={**headers, "If-None-Match": tag})
        assert answer.status_code == 200
    assert "public" not in answer.headers.get("Cache-Control", "") or "Cookie" in headers
    logged_in = app.client.get("/ngo/", headers={"Authorization": user["token"]})
    assert "private" in logged_in.headers["Cache-Control"]
    assert "ETag" not in logged_in.headers


def test_faults_and_searches_that_are_away_are_not_kept(app, addresses):
    for address in ("/ngo/nie-ma-takiej", "/user/login", "/ngo/new"):
        answer = get(app, address)
        assert "ETag" not in answer.headers, address
        assert "max-age=60" not in answer.headers.get("Cache-Control", ""), address


def test_no_page_has_the_host_that_was_asked_for(app, addresses):
    """A proxy may keep a page under its path alone, whatever the host in the request."""
    for address in addresses:
        page = app.client.get(address, headers={"Host": "zly.example.org"})
        assert "zly.example.org" not in page.get_data(as_text=True), address
        assert "zly.example.org" not in str(page.headers), address


def test_assets_are_kept_for_a_year(app, addresses):
    page = get(app, "/").get_data(as_text=True)
    found = re.findall(r'"(/webassets/[^"]+)"', page)
    assert found
    for address in found:
        said = get(app, address).headers["Cache-Control"]
        assert said == "public, max-age=31536000, immutable", address
