"""The authorisation matrix: ``matrix.yaml`` says of every action and every page who may.

It is complete by construction: an action or a route without a row fails. Look at what has changed,
and write the rows that are right with ``WRITE_MATRIX=1 pytest … tests/rights/test_matrix.py``.
"""

import re
from types import SimpleNamespace

import pytest
from ckan import logic, model
from ckan.lib import base
from ckan.plugins import toolkit as tk

from tests.rights import portal as portals
from tests.rights import table

pytestmark = portals.AS_RUN

#: Actions that have a row for each state of the record, file or table that they are asked for.
OF_STATES = (
    *("package_", "leszno_ngo_publish", "leszno_ngo_results", "dataset_purge"),
    *("resource_", "datastore_", "harvest_object_show"),
)


def may(portal, role, action, state):
    user = portal.users[role]
    context = {"user": user, "auth_user_obj": model.User.get(user) if user else None}
    try:
        tk.check_access(action, context, portals.asked(portal, action, state))
    except tk.NotAuthorized:
        return "."
    except Exception:  # noqa: BLE001  (rules of other extensions break in many ways)
        model.Session.rollback()
        return "!"
    return portals.ROLES[role]


def test_every_action_is_for_those_whom_the_table_names(portal):
    tk.get_action("package_show")  # the registry is filled
    names = {*logic._actions, *_own_rules()}
    found = {}
    for action in sorted(names):
        rows = {
            state: "".join(may(portal, role, action, state) for role in portals.ROLES)
            for state in (portals.STATES if action.startswith(OF_STATES) else ("public",))
        }
        found[action] = table.in_short(rows)
    table.hold("actions", found)


def test_no_action_is_carried_out_for_whom_its_rule_refuses(portal, app):
    """An action that forgets to ask its rule makes a right row of the table a wrong one."""
    tk.get_action("package_show")
    done = []
    for action in sorted(logic._actions):
        body = {**portals.asked(portal, action, "public"), "life_span": "7"}
        for role in ("anonymous", "fresh"):
            if may(portal, role, action, "public") != ".":
                continue
            token = portal.tokens[role]
            headers = {"Authorization": token} if token else {}
            try:
                answer = app.client.post(f"/api/3/action/{action}", json=body, headers=headers)
            except Exception:  # noqa: BLE001  (CKAN looks after an action whether it has asked)
                model.Session.rollback()
                done.append((role, action, 500))
                continue
            if not 400 <= answer.status_code < 500:  # noqa: PLR2004
                done.append((role, action, answer.status_code))
    assert done == []


def _own_rules():
    from ckanext.leszno_ngo.cooperation import auth as of_cooperation
    from ckanext.leszno_ngo.logic import auth

    names = {*vars(auth), *vars(of_cooperation)}
    return {name for name in names if name.startswith("leszno_ngo_")}


#: Beginnings of addresses that lead to an entry or to what belongs to one.
OF_ENTRIES = ("/{type}/", "/dataset/", "/datastore/", "/harvest/object/", "/id/")
#: Arguments that name such a thing.
NAMES = {"id", "id_", "_id", "name", "resource_id", "activity_id"}
#: Addresses of CKAN's datasets, and of files beside harvest sources, that records have as well.
TWINS = re.compile(
    r"/dataset/(?!.*(?:history|dictionary|activity|changes|harvest_object|<_id>))"
    r"|/harvest/<id>/resource/"
)
#: Who asks for every page; the others ask for what is public where these are not answered alike,
#: and for what is private.
FIRST = ("anonymous", "sysadmin")
#: Who asks for drafts, for what is deleted, and for private datasets by addresses like a record's.
FEW = ("anonymous", "other")


@pytest.fixture(scope="module")
def answers():
    """What is answered to whom: (row, state, role) → answer; filled by the first test."""
    return {}


@pytest.fixture
def asked(answers, app, portal, monkeypatch):
    """Ask for every page, as the table has it.

    Rights are looked at before a page is rendered; ``test_no_change_by_get`` renders all of them.
    """
    monkeypatch.setattr(base, "render", lambda *_args, **_more: "")
    client = app.flask_app.test_client(use_cookies=False)
    for name, state, where in () if answers else addresses(app, portal):
        for role in (roles := first_roles(name, state, is_there=where)):
            answers[name, state, role] = get(client, portal, role, where)
            if state == "public" and role == roles[-1] == FIRST[-1] and not TWINS.match(name):
                of_first = {answers[name, state, one].status for one in FIRST}
                roles += set(portals.ROLES) - set(FIRST) if len(of_first) > 1 else ()
        if not where:
            answers[name, state, "anonymous"] = SimpleNamespace(status=table.NOTHING, headers={})
    return answers


def first_roles(name, state, is_there):
    if not is_there:
        return []
    if state == "public":
        return list(FIRST)
    return list(portals.ROLES if state == "private" and not TWINS.match(name) else FEW)


def states(name, rule):
    """Return the states in which a page is asked for an entry, or that of nothing in particular."""
    if not (name.startswith(OF_ENTRIES) and NAMES & set(rule.arguments)):
        return ("public",)
    return tuple(portals.DATASET_STATES if name.startswith("/dataset/") else portals.STATES)


def addresses(app, portal):
    """Give each page's row, the state, and the address; None where there is nothing to ask for."""
    adapter = app.flask_app.url_map.bind("test.ckan.net")
    with app.flask_app.test_request_context():
        built = []
        for name, rule in sorted(table.rules(app, "GET").items()):
            for state in states(name, rule):
                given = {**(rule.defaults or {}), **portals.arguments(portal, rule, state)}
                is_there = None not in given.values()
                where = adapter.build(rule.endpoint, given, "GET") if is_there else None
                built.append((name, state, where))
    return built


def get(client, portal, role, where):
    token = portal.tokens[role]
    headers = {"Origin": "https://example.org", **({"Authorization": token} if token else {})}
    try:
        answer = client.get(where, headers=headers, follow_redirects=False)
    except Exception:  # noqa: BLE001  (what a portal that is no test answers with 500)
        model.Session.rollback()
        return SimpleNamespace(status="500", headers={})
    answer.close()
    return SimpleNamespace(status=str(answer.status_code), headers=answer.headers)


def test_a_page_shows_only_what_the_table_says(asked):
    found = {}
    for name, state, _role in asked:
        answers = [asked.get((name, state, role)) for role in portals.ROLES]
        statuses = {one.status for one in answers if one}
        row = " ".join(one.status if one else "-" for one in answers)
        found.setdefault(name, {})[state] = row if len(statuses) > 1 else statuses.pop()
    table.hold("pages", {name: table.in_short(rows) for name, rows in found.items()})


def test_what_was_asked_for_with_a_token_is_for_no_cache_and_no_other_site(asked):
    """With a session: ``test_no_change_by_get``."""
    answers = {key: table.given_away(answer) for key, answer in asked.items()}
    assert {key: why for key, why in answers.items() if why and key[2] != "anonymous"} == {}
