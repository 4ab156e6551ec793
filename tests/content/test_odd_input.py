"""What the door refuses of odd input: the asker's fault, no server error."""

import json

import pytest
from ckan.tests import factories

from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

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
