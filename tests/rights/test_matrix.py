"""The authorisation matrix: ``matrix.yaml`` says of every action and every page who may.

It is complete by construction: an action or a route without a row fails. Look at what has changed,
and write the rows that are right with ``WRITE_MATRIX=1 pytest … tests/rights/test_matrix.py``.
"""

import hashlib
from pathlib import Path

from ckan import logic, model
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk

from tests import counting
from tests.rights import portal as portals
from tests.rights import table

OF_RECORDS = ("package_", "leszno_ngo_publish", "leszno_ngo_results", "dataset_purge")
OF_FILES = ("resource_", "harvest_object_show")
#: Statements of a GET that are no change of what the portal keeps: when an account or a token was
#: seen last, and the read mark of the dashboard.
UPKEEP = (
    "UPDATE api_token SET last_access",
    'UPDATE "user" SET last_active',
    "UPDATE dashboard SET",
    "INSERT INTO dashboard",
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
        states = ("public",)
        if action.startswith(OF_RECORDS):
            states = portals.STATES
        elif action.startswith(OF_FILES):
            states = ("public", "private")
        rows = {s: "".join(may(portal, r, action, s) for r in portals.ROLES) for s in states}
        found[action] = rows if len(rows) > 1 else rows["public"]
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


def address(app, portal, rule, state):
    with app.flask_app.test_request_context():
        adapter = app.flask_app.url_map.bind("test.ckan.net")
        given = portals.arguments(portal, rule, state)
        return adapter.build(rule.endpoint, {**(rule.defaults or {}), **given}, "GET")


def get(app, portal, role, where):
    token = portal.tokens[role]
    headers = {"Authorization": token} if token else {}
    try:
        return app.client.get(where, headers=headers, follow_redirects=False).status_code
    except Exception:  # noqa: BLE001  (what a portal that is no test answers with 500)
        model.Session.rollback()
        return 500


def state_of(storage):
    """Digests of everything a portal keeps: tables, index, queues, files."""
    import sqlalchemy as sa

    from ckanext.leszno_ngo.search import solr

    model.Session.rollback()
    kept = {}
    upkeep = {"api_token", "user", "dashboard", "system_info"}
    for name in sorted(set(sa.inspect(model.meta.engine).get_table_names()) - upkeep):
        digest = f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{name}\" t"
        kept[name] = model.Session.execute(sa.text(digest)).scalar()
    model.Session.rollback()
    answer = solr.ask("*:*", rows=1000, fl="id,_version_", facet="false", defType="lucene")
    kept["index"] = sorted((doc["id"], doc.get("_version_")) for doc in answer.docs)
    redis = connect_to_redis()
    # RDF of the catalogue is kept as a cache keeps it: no state of anything
    own = (b"session:", b"rq:workers", b"leszno_ngo:login", b"leszno_ngo:rdf")
    kept["queues"] = sorted(
        (key, redis.dump(key)) for key in redis.scan_iter() if not any(o in key for o in own)
    )
    files = sorted(
        p for p in Path(storage).rglob("*") if p.is_file() and "webassets" not in p.parts
    )
    kept["files"] = [(str(f), hashlib.sha256(f.read_bytes()).hexdigest()) for f in files]
    return kept


def writes_of(seen):
    return [call for call in seen.writes if not call.startswith(UPKEEP)]


def test_a_get_changes_nothing_and_shows_only_what_the_table_says(portal, app, ckan_config):
    redis = connect_to_redis()
    for key in redis.scan_iter("*kept_forms*"):  # left by others, it runs out meanwhile
        redis.delete(key)
    before = state_of(ckan_config["ckan.storage_path"])
    found, changes = {}, {}
    for name, rule in sorted(table.rules(app, "GET").items()):
        where = address(app, portal, rule, "public")
        with counting.sql_statements() as seen:
            statuses = [get(app, portal, role, where) for role in ("anonymous", "sysadmin")]
        if writes_of(seen):
            changes[name] = writes_of(seen)
        if rule.rule.startswith(f"/{portals.TYPE}/") and {"id", "name"} & set(rule.arguments):
            hidden = address(app, portal, rule, "private")
            statuses += [get(app, portal, role, hidden) for role in ("anonymous", "other")]
        found[name] = " ".join(map(str, statuses))
    for action, function in sorted(logic._actions.items()):
        if not getattr(function, "side_effect_free", False):
            continue
        asked = portals.asked(portal, action, "public")
        query = {key: value for key, value in asked.items() if isinstance(value, str)}
        with counting.sql_statements() as seen:
            token = {"Authorization": portal.tokens["sysadmin"]}
            try:
                app.client.get(f"/api/3/action/{action}", query_string=query, headers=token)
            except Exception:  # noqa: BLE001
                model.Session.rollback()
        if writes_of(seen):
            changes[action] = writes_of(seen)
    table.hold("pages", found)
    after = state_of(ckan_config["ckan.storage_path"])
    assert changes == {}
    assert [part for part in before if before[part] != after[part]] == []
