"""What the door refuses of odd input: the asker's fault, no server error."""

import json

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckanext.scheming import helpers as scheming

from tests.cooperation import records
from tests.forms.test_kept import PASSWORD, Browser

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def boss():
    return {"Authorization": factories.SysadminWithToken()["token"]}


DEEP = "[" * 900 + "]" * 900
ADDRESSES = [
    "/api/3/action/dcat_catalog_search?format=x",
    "/user/login?came_from=%2f%2fx",
    *(f"/user/login?came_from={one}" for one in ("x", "dashboard", "%3Fa", "%252f%252fx")),
    "/user/_logout?came_from=%2f%2fx",
    "/user/logged_out_redirect?came_from=http%3A%2F%2F%5B",
    "/user/login?next=http%3A%2F%2F%5B",
    "/dataset/%00",
    "/user/%00",
    *(f"/feeds/custom.atom?q={one}" for one in ("%01", "%02%08", "%0B", "%EF%BF%BE", "%0a")),
    "/feeds/custom.atom?%01=%02&notes=%EF%BF%BF",
]
BODIES = [
    *(("leszno_ngo_lookup", {"krs": empty}) for empty in (0, [], {}, False)),
    ("harvest_log_list", {"limit": {}}),
    ("package_collaborator_list", {"id": [1]}),
    ("package_collaborator_list_for_user", {"id": {}}),
    ("member_list", {"id": {}}),
    ("user_show", {"id": ["a"]}),
    ("package_search", {"rows": [1]}),
]


def test_what_the_door_refuses_is_no_server_error(app):
    records.create("event", name="przyklad")
    for headers in ({}, {"Authorization": factories.SysadminWithToken()["token"]}):
        statuses = {a: app.get(a, headers=headers).status_code for a in ADDRESSES}
        for action, given in BODIES:
            body = json.dumps(given)
            statuses[action, body] = app.post(
                f"/api/3/action/{action}",
                data=body,
                content_type="application/json",
                headers=headers,
            ).status_code
        answer = app.post(
            "/api/3/action/package_create",
            data=f'{{"notes": {DEEP}}}',
            content_type="application/json",
            headers=headers,
        )
        statuses["deep"] = answer.status_code
        assert {asked: status for asked, status in statuses.items() if status >= 500} == {}


ODD_NUMBERS = ("abc", "", "1e9", "NaN", "%C2%B2")


def test_no_page_breaks_on_what_is_no_number(app):
    """Every page without a name in its address, with each odd value of what counts something."""
    pages = [
        rule.rule
        for rule in app.flask_app.url_map.iter_rules()
        if not rule.arguments and "GET" in rule.methods and "logout" not in rule.rule
    ]
    assert len(pages) > 50
    names = ("page", "limit", "offset", "rows", "start")
    broken = {}
    for page in pages:
        for odd in ODD_NUMBERS[: 5 if page.startswith("/user") else 2]:
            asked = f"{page}?{'&'.join(f'{name}={odd}' for name in names)}"
            status = app.get(asked, follow_redirects=False).status_code
            if status >= 500:
                broken[asked] = status
    assert broken == {}


def test_an_address_of_dots_is_refused_with_a_page(app):
    dots = "a." * 2500
    for address in (
        f"/kontakt?x={dots}",
        f"/?q={dots}",
        f"/ngo/{dots}",
        f"/nic/{dots}",
        f"/en/ngo/{dots}",
    ):
        answer = app.get(address)
        assert answer.status_code == 400, address[:20]
        assert "Content-Security-Policy" in answer.headers, address[:20]
        assert "<html" in answer.body, address[:20]
    assert app.get("/szukaj?q=" + "a." * 200).status_code == 200


#: Texts that a list cannot be read from, as forms and the API send them.
NO_LISTS = [
    "&lt;script&gt;",
    "[" * 2_000,
    "5" * 5_000,
    '["\\ud800"]',
    '["a\\u0000b"]',
    '[{"a": "<script>"}]',
    "[NaN]",
    "[" + "5" * 5_000 + "]",
    '["\u200b"]',
    "{}",
    "[[]]",
]
#: Record type → what makes a valid one, for one field of each validator of lists.
WITH_LISTS = ("ngo", "event", "volunteering", "consultation", "premises", "recognition")


def _lists(type_name):
    """Name the fields of a type that take several texts."""
    fields = scheming.scheming_get_dataset_schema(type_name)["dataset_fields"]
    found = [f["field_name"] for f in fields if "leszno_ngo_list" in f.get("validators", "")]
    assert found, type_name
    return found


def test_what_is_no_list_is_refused_in_every_field_of_lists(app, boss):
    unit = records.organisation()
    statuses = {}
    for type_name in WITH_LISTS:
        given = {"title": "Wpis", **records.SMALL.get(type_name, {}), "owner_org": unit}
        for value in NO_LISTS:
            odd = dict.fromkeys(_lists(type_name), value)
            body = {"type": type_name, **given, "krs": "0000031247", **odd}
            answer = app.post("/api/3/action/package_create", json=body, headers=boss)
            statuses[type_name, value[:20]] = answer.status_code
            model.Session.rollback()
    assert {asked: status for asked, status in statuses.items() if status >= 500} == {}


def test_a_form_with_what_is_no_list_comes_back_with_a_message(app):
    account = factories.Sysadmin(password=PASSWORD)
    mine = Browser(app.test_client())
    mine.log_in(account)
    fields = {"title": "Fundacja", "krs": "0000031247", "owner_org": records.organisation()}
    for value in NO_LISTS[:3]:
        page = mine.open("/ngo/new")
        odd = dict.fromkeys(_lists("ngo"), value)
        answer = mine.send(page, {**fields, **odd, "state": "active"}, "/ngo/new")
        assert answer.status_code == 200, value[:20]
        assert BeautifulSoup(answer.get_data(as_text=True), "html.parser").select(".ln-errors a")


#: Wrong kinds of CKAN's tables of a record, and of its files.
NO_TABLES = {
    **dict.fromkeys(("extras", "groups", "resources", "tags"), (None, 5, {}, [None])),
}
NO_ROWS = [{"id": 5}, {"id": ["x"]}, {"name": ["x"]}, {"capacity": 5}]


def test_wrong_kinds_in_tables_of_a_record_are_refused(app, boss):
    unit, statuses = records.organisation(), {}
    file = {"url": "https://example.org/a.csv", "name": "Plik"}
    values = [
        *((name, value) for name, wrong in NO_TABLES.items() for value in wrong),
        *((name, [row]) for name in NO_TABLES for row in NO_ROWS),
        *(("resources", [{**file, **row}]) for row in NO_ROWS),
    ]
    for type_name in ("grant", "dataset"):
        given = {"title": "Wpis", **records.SMALL.get(type_name, {}), "owner_org": unit}
        made = records.create(type_name, name=f"wpis-{type_name}", owner_org=unit)
        for number, (name, value) in enumerate(values):
            new = {"type": type_name, **given, "name": f"nowy-{type_name}-{number}"}
            for action, body in (
                ("package_create", new),
                ("package_patch", {"id": made["id"]}),
            ):
                asked = {**body, name: value}
                answer = app.post(f"/api/3/action/{action}", json=asked, headers=boss)
                statuses[type_name, action, name, str(value)] = answer.status_code
                model.Session.rollback()
    assert {asked: status for asked, status in statuses.items() if status >= 500} == {}
    refused = [asked for asked, status in statuses.items() if "groups" in asked and status == 409]
    assert len(refused) > 10
