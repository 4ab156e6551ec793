"""What fell in the second hostile round, made by somebody who had not seen the mends."""

import json
import time

import pytest
from ckan import model
from ckan.tests import factories, helpers

from ckanext.leszno_ngo.harvest import settings
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

API = "/api/3/action/"


@pytest.fixture
def sysadmin():
    return {"Authorization": factories.SysadminWithToken()["token"]}


@pytest.fixture
def editor():
    account = factories.UserWithToken()
    unit = factories.Organization(users=[{"name": account["name"], "capacity": "editor"}])
    return {"Authorization": account["token"]}, unit["id"]


def head(app, action, **asked):
    return app.test_client().open(f"{API}{action}", method="HEAD", **asked).status_code


def test_head_carries_no_action_out(app, sysadmin):
    record = records.create("event", title="Festyn")
    for action, given in {
        "package_patch": {"id": record["id"], "title": "Zmieniony"},
        "package_delete": {"id": record["id"]},
        "job_clear": {},
    }.items():
        assert head(app, action, json=given, headers=sysadmin) == 400
    model.Session.expire_all()
    assert model.Package.get(record["id"]).title == "Festyn"
    assert model.Package.get(record["id"]).state == "active"
    assert head(app, "package_search", query_string={"rows": 0}, headers=sysadmin) == 200


@pytest.mark.parametrize("value", ["a" * 20_000, ["a"] * 5000, ["a" * 40_000]])
def test_a_list_of_filters_is_bounded(app, value):
    began = time.process_time()
    app.post(f"{API}package_search", json={"fq_list": value}, status=400)
    assert time.process_time() - began < 2  # 20 000 letters took longer than a second each time


@pytest.mark.parametrize("kind", ["nieznany", "../x", "NGO", "ngo ", 'a"b<script>'])
def test_a_type_that_no_schema_declares_is_refused(app, editor, kind):
    headers, unit = editor
    given = {"type": kind, "name": "cos", "title": "Coś", "owner_org": unit}
    app.post(f"{API}package_create", json=given, headers=headers, status=409)
    assert model.Package.get("cos") is None


def test_a_state_that_nothing_lists_is_refused(app, sysadmin):
    record = records.create("event")
    for state in ("xyz", "a" * 10_000):
        given = {"id": record["id"], "state": state}
        answer = app.post(f"{API}package_patch", json=given, headers=sysadmin, status=409)
        assert "state" in json.loads(answer.data)["error"]


@pytest.mark.parametrize(
    ("body", "mimetype"),
    [
        ("id=%00", "application/x-www-form-urlencoded"),
        ('{"id": "\\u0000"}', "application/problem+json"),
        ("[" * 20_000 + "]" * 20_000, "application/x-www-form-urlencoded"),
    ],
)
def test_what_is_no_text_or_too_deep_is_refused_in_every_kind_of_body(app, body, mimetype):
    answer = app.post(f"{API}package_show", data=body, content_type=mimetype)
    assert 400 <= answer.status_code < 500


def test_collaborators_tell_nobody_what_exists(app):
    record = records.create("event", private=True)
    for asked in (record["id"], "nie-ma"):
        app.get(f"{API}package_collaborator_list?id={asked}", status=403)


@pytest.mark.parametrize(
    "url",
    [
        "http://ktos:haslo@example.org/a.csv",
        "http://ktos\uff1ahaslo\uff20example.org/a.csv",
        "https://example.org/a.csv?token=TAJNY",
        "https://example.org/a.csv?rok=2026&api_key=TAJNY",
        "https://example.org/a.csv?apikey=TAJNY",
    ],
)
def test_an_address_with_a_secret_is_known_and_hidden(url):
    assert settings.has_secret(url)
    hidden = settings.without_secret(url)
    assert "TAJNY" not in hidden
    assert "haslo" not in hidden
    assert not settings.has_secret(hidden)


def test_an_ordinary_address_has_no_secret():
    long = "https://example.org/a.csv?" + "&".join(f"p{n}=1" for n in range(500))
    for url in (long, "https://example.org/a.csv?rok=2026", "https://example.org/monkey?q=key"):
        assert not settings.has_secret(url)
        assert settings.without_secret(url) == url


@pytest.mark.parametrize("given", ["\t//x", "\r\nx", "\x01/ngo"])
def test_an_address_to_go_back_to_has_no_control_characters(app, given):
    assert app.get("/user/login", query_string={"came_from": given}).status_code == 400


def test_an_administrator_of_a_department_still_edits(app):
    account = factories.UserWithToken()
    unit = factories.Organization(users=[{"name": account["name"], "capacity": "admin"}])
    record = records.create("event", owner_org=unit["id"])
    helpers.call_action("package_patch", {"user": account["name"]}, id=record["id"], state="draft")
    assert model.Package.get(record["id"]).state == "draft"


def test_the_api_answers_with_no_script(app):
    for path in (f"{API}package_list", "/api/2/util/dataset/autocomplete"):
        answer = app.get(f"{path}?incomplete=a&callback=alert(1)//", status=400)
        assert answer.content_type.startswith("application/json")
        assert b"alert" not in answer.data


@pytest.mark.parametrize("path", ["tag/%22", "tag/%5C", "tag/%7B%21x%7D"])
def test_a_feed_of_words_that_solr_cannot_read_is_no_fault_of_the_server(app, path):
    answer = app.get(f"/feeds/{path}.atom")
    assert answer.status_code in (200, 400, 404)


def test_actions_and_pages_of_harvest_sources_touch_no_record(app, editor):
    headers, unit = editor
    record = records.create("event", owner_org=unit, title="Festyn")
    for action, more in {
        "harvest_source_patch": {"title": "Zmieniony"},
        "harvest_source_update": {"title": "Zmieniony"},
        "harvest_source_delete": {},
    }.items():
        given = {"id": record["id"], **more}
        assert app.post(f"{API}{action}", json=given, headers=headers).status_code == 404
    model.Session.expire_all()
    kept = model.Package.get(record["id"])
    assert (kept.title, kept.state) == ("Festyn", "active")


@pytest.mark.parametrize(
    "address",
    [
        "/organization/{unit}?tags=%22",
        "/dashboard?type=0",
        "/api/2/util/user/autocomplete?q=a&limit=",
        "/datastore/dump/{file}?plain=0&q=a%26",
        "/api/3/action/dcat_catalog_show?profiles=[%22x%22]",
        "/api/3/action/dcat_catalog_show?format=n3&profiles=%C2%B2",
        "/dataset/{record}/resource/{file}/download/passwd",
    ],
)
def test_odd_values_are_no_fault_of_the_server(app, editor, address):
    headers, unit = editor
    lost = {"name": "Plik", "url": "../../../../etc/passwd", "url_type": "upload"}
    record = records.create("event", owner_org=unit, resources=[lost])
    named = {"unit": unit, "record": record["id"], "file": record["resources"][0]["id"]}
    answer = app.get(address.format(**named), headers=headers)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("config", [{"a": 1}, [1], 5, "[" * 5_000])
def test_options_of_a_source_that_are_no_text_of_an_object_are_refused(app, editor, config):
    headers, unit = editor
    given = {
        "name": "zrodlo",
        "title": "Źródło",
        "url": "https://example.org/a.csv",
        "source_type": "leszno_ngo_register",
        "owner_org": unit,
        "config": config,
    }
    answer = app.post(f"{API}harvest_source_create", json=given, headers=headers)
    assert answer.status_code in (400, 409)


@pytest.mark.parametrize(
    "title", ["<b></b>", "&nbsp;", "\u200b", "<script>abc</script>", " \u00ad "]
)
def test_a_title_of_nothing_is_no_title(app, sysadmin, editor, title):
    _headers, unit = editor
    given = {"type": "event", "title": title, "name": "a-b", "owner_org": unit, "state": "active"}
    given |= {"start_date": "2027-01-02 10:00", "kind": "festival"}
    answer = app.post(f"{API}package_create", json=given, headers=sysadmin)
    if answer.status_code == 200:
        assert answer.json["result"]["title"].strip()
    else:
        assert "title" in answer.json["error"]
    for feed in ("dataset", "custom", f"organization/{unit}"):
        app.get(f"/feeds/{feed}.atom", status=200)
