"""Who may keep an answer, and what spreadsheets make of the DataStore's dumps."""

import os
from xml.etree import ElementTree

import pytest
from ckan.tests import factories, helpers

from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")


#: Columns → how they are called in XML.
ODD_COLUMNS = {
    "=1+1": "column",
    "💥": "column_0",
    "'": "column_1",
    "²1.a": "a_0",
    "-XML1": "column_2",
    "Żółta Łódź": "Żółta_Łódź",
    "Їжак": "Їжак",
    "𝐀漢b": "b",
}


def cache_of(answer):
    return answer.headers.get("Cache-Control", "")


def test_caches_keep_only_what_nobody_in_particular_asked_for(app):
    user = factories.SysadminWithToken()
    hidden = records.create("event", private=True)
    shown = records.create("event")
    addresses = [
        "/api/3/action/package_search",
        f"/api/3/action/package_show?id={shown['name']}",
        f"/event/{shown['name']}.jsonld",
        "/event.csv",
        "/event.atom",
        "/api/leszno-ngo/openapi.json",
        "/base/images/ckan-logo.png",
        f"/event/{shown['name']}",
    ]
    tokens = [{"Authorization": user["token"]}, {"Authorization": "made-up"}]
    for address in [*addresses, f"/event/{hidden['name']}"]:
        for headers in tokens:
            answer = app.get(address, headers={**headers, "Origin": "https://example.org"})
            assert "public" not in cache_of(answer), address
            assert "private" in cache_of(answer) or "no-" in cache_of(answer), address
            assert answer.headers.get("Access-Control-Allow-Origin") != "*", address
    for address in ("/event.atom", "/api/leszno-ngo/openapi.json"):
        answer = app.get(address)
        assert "public" in cache_of(answer)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.skipif("CKAN_DATASTORE_WRITE_URL" not in os.environ, reason="needs a DataStore")
@pytest.mark.with_plugins("datastore")
def test_a_dump_of_the_datastore_has_no_formulas(app):
    event = records.create("event")
    cells = ["=1+1", "+48 65 529", "-5", "@SUM(A1)", 'a,"b"\n=c', "\t=1", "x;=1+1", "a|=1"]
    made = helpers.call_action(
        "datastore_create",
        {"user": records.site_user()},
        resource={"package_id": event["id"]},
        fields=[{"id": "a", "type": "text"}],
        records=[{"a": cell} for cell in cells],
    )
    address = f"/datastore/dump/{made['resource_id']}"
    answer = app.get(f"{address}?bom=true")
    assert answer.get_data().startswith("\ufeff_id,a".encode())
    lines = answer.get_data().decode().splitlines()
    assert lines[1:] == [
        '1,"\'=1+1"',
        '2,"\'+48 65 529"',
        "3,-5",
        '4,"\'@SUM(A1)"',
        '5,"a,""b""',
        "'=c\"",
        "6,\"'\t'=1\"",
        '7,"x;\'=1+1"',
        '8,"a|\'=1"',
    ]
    asked = ["format=x", "sort=x", "fields=", "fields=x", "limit=x", "limit=-1", "offset=-1"]
    asked += ["filters=x", "filters=[]", 'filters={"x":1}', "q={", "q=[]", "distinct=x", "bom=x"]
    asked += [f"{name}={'9' * 400}" for name in ("limit", "offset", "fields", "q", "language")]
    odd = {one: app.get(f"{address}?{one}").status_code for one in asked}
    assert {one: status for one, status in odd.items() if status >= 500} == {}
    assert '2\t"\'+48 65 529"' in app.get(f"{address}?format=tsv").get_data().decode()
    helpers.call_action(
        "datastore_create",
        {"user": records.site_user()},
        resource_id=made["resource_id"],
        force=True,
        fields=[{"id": name, "type": "text"} for name in ("a", *ODD_COLUMNS)],
        records=[dict.fromkeys(ODD_COLUMNS, "b")],
    )
    written = app.get(f"{address}?format=xml&bom=true").get_data()
    last = ElementTree.fromstring(written)[-1]
    assert [column.tag for column in last] == ["a", *ODD_COLUMNS.values()]
    assert {column.text for column in last[1:]} == {"b"}
