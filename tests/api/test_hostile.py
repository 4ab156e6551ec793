"""Whatever is asked, the answer is no server error: requests made from the API's description."""

import json

import pytest
import schemathesis
from ckan.tests.factories import Organization
from hypothesis import HealthCheck, given, settings

from tests.cooperation.records import create
from tests.factories import NgoFactory

pytestmark = pytest.mark.usefixtures("clean_catalogue")

ADDRESS = "/api/leszno-ngo/openapi.json"
SERVER_ERROR = 500
#: Values that nobody sends by mistake, as they stand in an address.
HOSTILE = {
    "nul": "%00",
    "nul in a text": "a%00b",
    "half a surrogate pair": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "huge number": "9" * 400,
    "negative number": "-1",
    "infinity": "1e999",
    "not a number": "NaN",
    "open bracket": "%5B",
    "open quote": "%22",
    "another parser": "%7B!xmlparser%20v=%22%3Ca%3E%22%7D",
    "another field": "nie_ma:1",
    "range": "%5B*%20TO%20*%5D",
    "regular expression": "/(a+)+$/",
    "JSON": "%7B%22a%22%3A1%7D",
    "list": "%5B%5B%5B%5D%5D%5D",
    "markup": "%3Cscript%3E",
    "long": "a" * 5000,
    "superscript": "%C2%B2",
    "forty digits": "1" * 40,
    "empty": "",
    "emoji": "%F0%9F%92%A9",
}


@pytest.fixture
def document(app):
    NgoFactory(title="Klub Przykład", name="klub-przyklad", krs="0000031247", spheres=["17"])
    create("call-for-offers")
    return json.loads(app.get(ADDRESS).get_data())


def chosen(path):
    """Every action and single record; of files what differs in how its parameters are read."""
    if "/dane-gov-pl." in path:
        return False  # says 503 on purpose while nothing has been published
    one_type = ("/call-for-offers.csv", "/call-for-offers.atom", "/szukaj.ics")
    return path.startswith(("/api/", "/ngo/", "/pro", "/vocab")) or path in one_type


def parameters(document, operation):
    for one in operation.get("parameters", ()):
        if "$ref" in one:
            yield document["components"]["parameters"][one["$ref"].split("/")[-1]]
        else:
            yield one


def requests_of(document):
    """Every parameter of every chosen address with every hostile value."""
    for path, methods in document["paths"].items():
        if "get" not in methods or not chosen(path):
            continue
        for parameter in parameters(document, methods["get"]):
            for value in HOSTILE.values():
                if parameter["in"] == "path":
                    yield path.replace("{" + parameter["name"] + "}", value or "x")
                elif "{" not in path:
                    yield f"{path}?{parameter['name']}={value}"


def test_no_value_of_a_parameter_is_a_server_error(app, document):
    assert broken(app, requests_of(document)) == {}


def broken(app, addresses):
    """The addresses that are answered by a server error, and by which."""
    found = {}
    for address in addresses:
        status = app.get(address, follow_redirects=False).status_code
        if status >= SERVER_ERROR:
            found[address[:200]] = status
    return found


def test_no_address_of_a_page_is_a_server_error(app, document):
    addresses = [
        "/ngo/{}",
        "/ngo/edit/{}",
        "/grant/{}",
        "/ngo/?q={}",
        "/ngo/?sort={}",
        "/ngo/?page={}",
        "/ngo/?spheres={}",
        "/szukaj?q={}",
        "/szukaj?page={}",
        "/call-for-offers/?state={}&from={}&to={}",
        "/grant/?recipient={}",
        "/kalendarz?month={}&view={}&type={}",
        "/program?rok={}",
        "/program/raport/{}",
        "/przekaz-1-5-procent?spheres={}",
        "/api/leszno-ngo/konsola/{}",
        "/api/util/group/autocomplete?q=a&limit={}",
        "/api/util/resource/format_autocomplete?incomplete=a&limit={}",
        "/dashboard/?before={}",
        "/organization/activity/miasto?after={}&limit={}",
        "/organization/miasto?page={}&sort={}",
        "/user/?page={}",
        "/catalog.ttl?page={}",
        "/catalog.ttl?modified_since={}",
        "/feeds/dataset.atom?page={}",
        "/harvest?page={}",
        "/{}",
    ]
    Organization(name="miasto")
    asked = [a.replace("{}", value or "x") for a in addresses for value in HOSTILE.values()]
    assert broken(app, asked) == {}


BODIES = [
    b"",
    b"[]",
    b"null",
    b"7",
    b'"a"',
    b"{",
    b"\xff",
    b'{"q": {"a": 1}}',
    b'{"type": ["ngo"]}',
    b'{"krs": "\\u0000"}',
    b'{"krs": "\\ud800"}',
    b'{"limit": 1e999}',
    b'{"year": [1]}',
    b'{"cursor": {}}',
    b'{"modified_since": []}',
    b'{"type": null, "limit": true}',
    b'{"identifier": "\\u0000\\ud800"}',
    b'{"id": "\\u0000"}',
    b'{"id": ["a"]}',
    b'{"id": 1}',
]


def test_no_body_is_a_server_error(app, document):
    statuses = {
        (path, body): app.post(path, data=body, content_type="application/json").status_code
        for path in document["paths"]
        if path.startswith("/api/3/action/")
        for body in BODIES
    }
    assert {asked: status for asked, status in statuses.items() if status >= SERVER_ERROR} == {}


def test_schemathesis_finds_no_server_error(app, document):
    schema = schemathesis.openapi.from_wsgi(ADDRESS, app.app)
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if not chosen(operation.path):
            continue
        tried += 1

        @given(case=operation.as_strategy())
        @settings(
            max_examples=4,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def ask(case):
            answer = case.call()
            assert answer.status_code < SERVER_ERROR, case.as_curl_command()

        ask()
    assert tried > 20
