"""Whatever a body holds, no action answers with a server error: odd values in every parameter.

The seed is fixed. After a change of what reads parameters, ask more once by hand:
``ODD_BODIES=60 pytest --ckan-ini=test.ini tests/api/test_odd_bodies.py`` (bodies for each action).
"""

import json
import logging
import os
import random
import traceback

import pytest
from ckan import logic, model
from ckan.plugins import toolkit as tk

from tests.cooperation import records
from tests.rights import portal as portals

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
    offset operation order order_by org_id organizations owner_org package_id packages password
    per_page permission position private q query queues rel relationships_as_object resource
    resource_formats resource_id resources role root rows since size sort source source_id
    source_type spheres start state status subject table tag_string tags task_type term
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
