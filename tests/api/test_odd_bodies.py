"""Whatever a body holds, no action answers with a server error: odd values in every parameter.

The seed is fixed. After a change of what reads parameters, ask more once by hand:
``ODD_BODIES=60 pytest --ckan-ini=test.ini tests/api/test_odd_bodies.py`` (bodies for each action).
"""

import itertools
import json
import logging
import os
import random
import time
import traceback
from importlib import import_module
from xml.etree import ElementTree as ET

import pytest
from ckan import logic, model
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from tests.cooperation import records
from tests.rights import portal as portals

# First of all, or the application would be made before the plugins that a test wants are loaded.
pytestmark = pytest.mark.usefixtures("clean_catalogue")

SERVER_ERROR = 500
COUNT = int(os.environ.get("ODD_BODIES", "2"))
#: Action → why an answer of it may be a server error.
LEFT_OUT = {}
#: Parameters that actions of CKAN and of the extensions read, whatever action has them.
_NAMES = """
    activity_id activity_type activity_types all_fields author bbox before after body capacity
    config data data_dict dataset_type datasets depth description diff_type email entity_id extras
    facet facet.field facet.limit facet.mincount facet_queries field_name fields fl format fq
    fq_list frequency fullname group_type groups id image_url include include_data
    include_datasets include_private include_total incomplete is_organization job_id key krs
    language level license_id limit lang_code match filter name notes object object_id object_type
    offset operation order order_by org_id organizations owner_id owner_org
    owner_type package_id packages password
    per_page permission position private profiles q query queues rel
    relationships_as_object resource resource_formats resource_id resources return_last_job_status
    role root rows since size sort source source_id
    source_type spheres start state status subject table tag_string tags task_type term terms
    term_translation text title token type update upload url user user_id username users value
    vocabulary_id year
"""
ODD = [
    None,
    True,
    "",
    " ",
    "a",
    "a\x00b",
    "\x00",
    "\ud800",
    "ż" * 3_000,
    "a" * 70_000,
    "[]",
    "{",
    "-1",
    "1e999",
    "%5B",
    "*:*",
    "{!xmlparser v='<a>'}",
    "a:b:c",
    "../../x",
    -1,
    0,
    7,
    10**30,
    2**31,
    2**63,
    -(10**30),
    1.5,
    float("nan"),
    float("inf"),
    [],
    [1],
    ["a"],
    ["\x00"],
    [None],
    [[]],
    [{}],
    [{"a": 1}],
    [{"id": [1]}],
    [{"name": {}}],
    [{"key": 1, "value": []}],
    ["a"] * 500,
    {},
    {"a": 1},
    {"id": [1]},
    {"name": "\x00"},
    json.loads("[" * 40 + "]" * 40),
    json.loads('{"a":' * 40 + "1" + "}" * 40),
    json.loads("[" * 80 + "]" * 80),
]
#: Last: what takes away that the others ask for.
_TAKES_AWAY = ("delete", "purge", "clear", "revoke", "remove")


@pytest.fixture
def portal(clean_catalogue):
    """A portal with something of every kind in it."""
    return portals.fill()


def actions():
    tk.get_action("package_show")  # the registry is filled
    names = [name for name in logic._actions if name not in LEFT_OUT]
    return sorted(names, key=lambda name: (any(word in name for word in _TAKES_AWAY), name))


def bodies(portal, action, count):
    """Real parameters with odd ones among them, the same in every run."""
    dice = random.Random(action)
    real = portals.asked(portal, action, "public")
    for number in range(count):
        body = {} if number % 4 == 3 else dict(real)
        if number == 0:
            yield "{}"
        known = [*real, *_NAMES.split()]
        for name in dice.sample(known, dice.choice((1, 1, 2, 4, 8))):
            body[name] = dice.choice(ODD)
        yield json.dumps(body)


def ask(app, portal, role, action, body):
    """Ask an action; what CKAN does not catch itself is a server error, too."""
    token = portal.tokens[role]
    headers = {"Authorization": token} if token else {}
    address = f"/api/3/action/{action}"
    try:
        return app.client.post(
            address, data=body, content_type="application/json", headers=headers
        ).status_code
    except Exception:  # (a client of tests hands on what a portal answers with 500)
        logging.getLogger("ckan.views.api").exception("not caught")
        return SERVER_ERROR


@pytest.fixture
def caught(caplog):
    """What CKAN's view of the API has caught and logged."""
    log = logging.getLogger("ckan.views.api")
    was, log.disabled = log.disabled, False
    log.addHandler(caplog.handler)
    yield caplog
    log.removeHandler(caplog.handler)
    log.disabled = was


def test_no_odd_body_is_a_server_error(app, portal, caught):
    broken = {}
    for action in actions():
        for role, count in (("anonymous", max(COUNT // 3, 1)), ("sysadmin", COUNT)):
            for body in bodies(portal, action, count):
                caught.clear()
                if ask(app, portal, role, action, body) >= SERVER_ERROR:
                    broken.setdefault(action, []).append((role, body[:400], _where(caught)))
                    model.Session.rollback()
    assert broken == {}


def _where(caught):
    """Say what was raised, and where."""
    errors = [record.exc_info[1] for record in caught.records if record.exc_info]
    if not errors:
        return ""
    frames = traceback.extract_tb(errors[-1].__traceback__)[-3:]
    return repr(errors[-1])[:200], [f"{f.filename[-40:]}:{f.lineno}" for f in frames]


#: Values of every kind of JSON, for keys that take one of them.
KINDS = [5, "a", ["a"], {"a": 1}, [1], [{"a": [1]}], 10**30, None, float("inf"), [None], -1, True]
#: Action → its real parameters, by the portal; the keys of its schema are added below.
_FILE = {"url": "https://example.org/b.csv", "name": "Plik"}
_FIELDS = [{"id": "a", "type": "int"}]
BOSS = {"ignore_auth": True}


def data_actions(portal):
    """Give every action that takes data of people and programs its parameters and its keys."""
    schema = import_module("ckan.logic.schema")
    table = import_module("ckanext.datastore.logic.schema")
    record, file, unit = portal.records["public"], portal.files["public"], portal.unit
    of_records = _record_keys(portals.TYPE)
    units, users = schema.default_create_group_schema(), schema.default_user_schema()
    files = [*schema.default_resource_schema(), "package_id", "upload"]
    stored = {"resource_id": file, "force": True}
    return {
        "package_create": ({"type": portals.TYPE, "owner_org": unit, "title": "W"}, of_records),
        "package_patch": ({"id": record}, of_records),
        "package_update": (tk.get_action("package_show")(dict(BOSS), {"id": record}), of_records),
        "package_revise": ({"match": {"id": record}}, ("match", "filter", "update", "include")),
        "package_owner_org_update": ({"id": record, "organization_id": unit}, ()),
        "package_resource_reorder": ({"id": record, "order": [file]}, ()),
        "group_create": ({"name": "nowa"}, units),
        "group_patch": ({"id": portal.group}, units),
        "group_update": ({"id": portal.group, "name": "grupa"}, units),
        "organization_create": ({"name": "nowy"}, units),
        "organization_patch": ({"id": unit}, units),
        "organization_update": ({"id": unit, "name": "wydzial-a"}, units),
        "user_create": ({"name": "nowy", "email": "a@example.org", "password": "x" * 9}, users),
        "user_patch": ({"id": portal.users["fresh"]}, users),
        "user_update": ({"id": portal.users["fresh"], "email": "b@example.org"}, users),
        "resource_create": ({"package_id": record, **_FILE}, files),
        "resource_patch": ({"id": file}, files),
        "resource_update": ({"id": file, **_FILE}, files),
        "resource_view_create": (
            {"resource_id": file, "title": "W", "view_type": "text_view"},
            schema.default_create_resource_view_schema_unfiltered(),
        ),
        "datastore_create": (
            {**stored, "fields": _FIELDS, "records": [{"a": 1}]},
            table.datastore_create_schema(),
        ),
        "datastore_upsert": (
            {**stored, "records": [{"a": 1}], "method": "insert"},
            table.datastore_upsert_schema(),
        ),
        "datastore_search": ({"resource_id": file}, table.datastore_search_schema()),
        "datastore_info": ({"id": file}, ("include_meta", "include_fields_schema")),
        "datastore_records_delete": (
            {**stored, "filters": {"a": 9}},
            table.datastore_records_delete_schema(),
        ),
        "datastore_function_create": (
            {"name": "f", "definition": "BEGIN END;"},
            table.datastore_function_create_schema(),
        ),
        "datastore_search_sql": ({"sql": "SELECT 1"}, ()),
        "datastore_delete": ({**stored, "filters": {"a": 9}}, table.datastore_delete_schema()),
    }


def _record_keys(type_name):
    from ckanext.scheming import helpers as scheming

    declared = scheming.scheming_get_dataset_schema(type_name)["dataset_fields"]
    columns = [column.name for column in model.package_table.columns]
    rest = ("tags", "tag_string", "extras", "groups", "resources", "relationships_as_object")
    return [*columns, *(field["field_name"] for field in declared), *rest, "organization"]


@pytest.mark.with_plugins("datastore", "text_view")
def test_no_wrong_kind_in_any_key_of_data_is_a_server_error(app, portal, caught):
    """Every key has two wrong kinds, in turn; with ``ODD_BODIES`` over ten it has all of them."""
    broken, turn = {}, itertools.cycle(KINDS)
    for action, (given, schema) in data_actions(portal).items():
        for number, key in enumerate(sorted({*given, *schema} - {"__junk", "__before"})):
            for kind in KINDS if len(KINDS) <= COUNT else (next(turn), next(turn)):
                body = {**given, key: kind}
                if "name" in given and action.endswith("_create") and key != "name":
                    body["name"] = f"{given['name']}-{number}"
                caught.clear()
                if ask(app, portal, "sysadmin", action, json.dumps(body)) >= SERVER_ERROR:
                    broken.setdefault(action, []).append((key, str(kind)[:30], _where(caught)))
                    model.Session.rollback()
    assert broken == {}


NAMED = [
    ("harvest_log_list", {"limit": -1}, 400),
    ("harvest_log_list", {"offset": -1}, 400),
    ("harvest_log_list", {"limit": 10**30}, 400),
    ("harvest_log_list", {"level": ["info"]}, 400),
    ("package_search", {"facet.field": {"a": 1}}, 400),
    ("package_patch", {"notes": [1]}, 409),
    ("package_patch", {"spheres": [{}]}, 409),
    ("package_patch", {"tags": [1]}, 409),
    ("package_patch", {"resources": "a"}, 409),
    ("package_patch", {"resources": [{"url": {}}]}, 409),
    ("package_patch", {"extras": 1}, 409),
    ("package_patch", {"parties": ["a"]}, 409),
]


def test_a_wrong_kind_is_refused_by_its_name(app, portal):
    partnership = records.create("partnership")["id"]
    headers = {"Authorization": portal.tokens["sysadmin"]}
    for action, given, expected in NAMED:
        body = {"id": partnership, **given} if action == "package_patch" else given
        answer = app.post(f"/api/3/action/{action}", json=body, headers=headers)
        assert answer.status_code == expected, (given, answer.body)
        assert next(iter(given)) in answer.body, (given, answer.body)


#: Values that nobody sends by mistake, as they stand in the address of a dump.
ODD_OF_DUMPS = ("xx", "", "-1", "%C2%B2", "9" * 40, "Infinity", "NaN", "%00", "[]", "5", "a b")
OF_DUMPS = (
    *("language", "offset", "limit", "bom", "format", "filters", "q", "distinct", "plain"),
    *("fields", "sort"),
)


#: Filters that are none, or more than anybody asks for.
ODD_FILTERS = [
    {"a": "x"},
    {"a": [{}]},
    {"a": {}},
    {"a": {"gt": {"x": 1}}},
    {"a": [{"gt": [1]}]},
    {"a": [[1]]},
    {"a": [10**40]},
    {"a": ["x", 1, None, True]},
    {"a": [1.5, "\ud800"]},
    {"$or": [{"a": [{"x": []}]}]},
    {"$or": 5},
    {"zz": 1},
    [5],
    "[" * 2_000,
    "[NaN]",
]
TOO_MUCH = [
    {"filters": {"a": list(range(70_000))}},
    {"filters": json.dumps({"a": list(range(70_000))})},
    {"filters": {"$or": [{"a": {"gt": number}} for number in range(2_000)]}},
    {"q": {f"a{number}": "x" for number in range(2_000)}},
    {"fields": ["a"] * 70_000},
    {"fields": ",".join(["a"] * 70_000)},
    {"sort": ["a"] * 70_000},
]
#: Of the script of a preview, and of the form by which it downloads.
PREVIEW = {"draw": "1", "start": "0", "length": "10", "search[value]": ""}
ODD_OF_PREVIEWS = [
    *({name: odd} for name in ("draw", "start", "length") for odd in ("x", "", "9" * 5_000, "-9")),
    *({"order[0][column]": odd, "order[0][dir]": "asc"} for odd in ("99", "x", "-99")),
    {"columns[0][search][value]": "x"},
    {"filters": "a:x|%"},
]
ORDER = {"search": {"value": ""}, "visible": [True], "columns": []}
ODD_DOWNLOADS = [
    *("{}", "[]", '"x"', "{", "[" * 2_000, "5" * 5_000, "null", ""),
    *(
        json.dumps({**ORDER, "order": [{"column": odd, "dir": "asc"}]})
        for odd in (99, "x", None, {}, [])
    ),
    json.dumps({**ORDER, "order": 5}),
    json.dumps({**ORDER, "order": [], "columns": [{"search": {"value": 5}}]}),
]


@pytest.mark.with_plugins("datastore", "datatables_view")
def test_no_odd_question_to_a_table_is_a_server_error(app):
    boss = {"user": factories.Sysadmin()["name"]}
    unit = factories.Organization()["id"]
    file = {"url": "https://example.org/a.csv", "name": "Plik"}
    given = {"name": "zbior", "owner_org": unit, "resources": [file], "title": "Zbiór"}
    made = tk.get_action("package_create")(dict(boss), given)["resources"][0]["id"]
    table = {"resource_id": made, "force": True, "records": [{"a": 1, "b": "tekst \x01\ufffe"}]}
    tk.get_action("datastore_create")(dict(boss), {**table, "fields": [{"id": "a", "type": "int"}]})
    view = {"resource_id": made, "title": "Tabela", "view_type": "datatables_view"}
    shown = tk.get_action("resource_view_create")(dict(boss), view)["id"]
    search, statuses = "/api/3/action/datastore_search", {}

    def note(asked, answer):
        statuses[str(asked)[:80]] = answer.status_code
        model.Session.rollback()
        return answer.status_code

    for odd in ODD_FILTERS:
        asked = {"resource_id": made, "filters": odd}
        body = json.dumps(asked)
        note(asked, app.client.post(search, data=body, content_type="application/json"))
        query = {"filters": odd if isinstance(odd, str) else json.dumps(odd)}
        note(("dump", odd), app.client.get(f"/datastore/dump/{made}", query_string=query))
    for odd in TOO_MUCH:
        began = time.monotonic()
        asked = {"resource_id": made, **odd}
        assert note(asked, app.client.post(search, json=asked)) == 409, str(odd)[:80]
        assert time.monotonic() - began < 5, str(odd)[:80]
    for odd in ODD_OF_PREVIEWS:
        note(odd, app.client.post(f"/datatables/ajax/{shown}", data={**PREVIEW, **odd}))
    for odd in ODD_DOWNLOADS:
        data = {"params": odd, "format": "csv"}
        address = f"/datatables/filtered-download/{shown}"
        answer = app.client.post(address, data=data, follow_redirects=False)
        assert note(("download", odd), answer) == 400, odd
    assert app.client.post(f"/datatables/ajax/{shown}", data=PREVIEW).status_code == 200
    dump = app.client.get(f"/datastore/dump/{made}?format=xml").get_data()
    assert ET.fromstring(dump).findtext("row/b").strip() == "tekst"
    good = {"resource_id": made, "filters": {"a": [1, "2"], "b": ["x", "tekst \x01\ufffe"]}}
    assert app.client.post(search, json=good).json["result"]["total"] == 1
    tk.get_action("datastore_delete")(dict(boss), {"resource_id": made, "force": True})
    assert {asked: status for asked, status in statuses.items() if status >= SERVER_ERROR} == {}
    assert not {404, 405} & set(statuses.values())


@pytest.mark.with_plugins("datastore")
def test_no_odd_parameter_of_a_dump_is_a_server_error(app, portal):
    file = portal.files["public"]
    table = {"resource_id": file, "force": True, "records": [{"a": 1, "b": "tekst"}]}
    boss = {"user": portal.users["sysadmin"]}
    tk.get_action("datastore_create")(dict(boss), table)
    address = f"/datastore/dump/{file}"
    assert app.client.get(address).status_code == 200
    broken = {}
    for name in OF_DUMPS:
        for value in ODD_OF_DUMPS:
            for besides in ("", "&q=tekst&plain=false"):
                asked = f"{address}?{name}={value}{besides}"
                status = app.client.get(asked).status_code
                if status >= SERVER_ERROR:
                    broken[asked.partition("?")[2]] = status
    tk.get_action("datastore_delete")(dict(boss), {"resource_id": file, "force": True})
    assert broken == {}


def test_numbers_that_json_has_not_are_refused_by_the_parameters_name(app):
    for number in ("Infinity", "-Infinity", "NaN", "1e999", '[{"a": NaN}]'):
        body = f'{{"resource_id": "x", "limit": {number}}}'
        for action in ("tag_search", "package_search", "leszno_ngo_suggest"):
            answer = app.post(
                f"/api/3/action/{action}", data=body, content_type="application/json", status=400
            )
            assert "limit" in answer.body


def test_what_was_read_can_be_sent_back(app, portal):
    """The check knows every field of a record as package_show gives it."""
    headers = {"Authorization": portal.tokens["sysadmin"]}
    for name in (portal.records["public"], records.create("partnership")["id"], "zbior"):
        shown = app.get(f"/api/3/action/package_show?id={name}", headers=headers).json["result"]
        app.post("/api/3/action/package_update", json=shown, headers=headers, status=200)


def test_a_nul_in_forms_and_headers_is_refused(app):
    assert app.post("/user/login", data={"login": "a\x00", "password": "b"}).status_code == 400
    nul = app.post("/api/3/action/package_show", data={"id": "a\x00b", "x": "1"})
    assert nul.status_code == 400
    for name in ("Accept-Language", "X-Requested-With", "Referer"):
        assert app.get("/", headers={name: "a\x00b"}).status_code == 400, name
    assert app.get("/", headers={"Authorization": "a\x00b"}).status_code < SERVER_ERROR
