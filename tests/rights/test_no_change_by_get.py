"""No address changes anything by being opened: every route and every action, by GET and by HEAD.

They are asked with real ids and the cookie of a sysadmin's session, as another site's page would
have an official's browser do. Excepted are the dashboard's read mark, the upkeep of a session, and
what is kept as a cache keeps it (the catalogue's RDF in Redis, the DataStore's numbers of rows). No
route is left out. Nor does any answer to the session go to caches and other sites.
"""

from ckan import logic, model
from ckan.lib import base
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from flask import Response

from tests import counting
from tests.rights import kept, table
from tests.rights import portal as portals
from tests.rights.test_matrix_posts import browsers  # noqa: F401  (fixture)

pytestmark = portals.AS_RUN

BY_GET = ("GET", "HEAD")
REFUSED, SERVER_ERROR = 400, 500


def opened(client, method, where, **given):
    """Open an address, and return the answer with the statements that wrote."""
    from_elsewhere = {"Origin": "https://example.org"}
    with counting.sql_statements() as seen:
        try:
            answer = client.open(
                where, method=method, headers=from_elsewhere, follow_redirects=False, **given
            )
        except Exception:  # noqa: BLE001  (what a portal that is no test answers with 500)
            model.Session.rollback()
            answer = Response(status=SERVER_ERROR, headers={"Cache-Control": "private"})
    return answer, [one for one in seen.writes if not one.startswith(kept.UPKEEP_STATEMENTS)]


def addresses(app, portal, states):
    with app.flask_app.test_request_context():
        build = app.flask_app.url_map.bind("test.ckan.net").build
        for name, rule in sorted(table.rules(app, "GET").items()):
            for state in states if "{type}" in name else states[:1]:
                given = portals.arguments(portal, rule, state)
                assert None not in given.values(), f"nothing to ask {name} for"
                yield build(rule.endpoint, {**(rule.defaults or {}), **given}, "GET")


def test_no_address_changes_anything_by_being_opened(
    app,
    portal,
    browsers,  # noqa: F811
    ckan_config,
    monkeypatch,
):
    client, _token = browsers["sysadmin"]
    render = base.render
    tk.get_action("package_show")  # the registry is filled
    redis = connect_to_redis()
    for key in {key for pattern in kept.RUNNING_OUT for key in redis.scan_iter(pattern)}:
        redis.delete(key)
    wrote, carried_out, broken = {}, [], []
    before = kept.state_of(ckan_config["ckan.storage_path"])
    for method in BY_GET:
        pages = render if method == "GET" else lambda *_args, **_more: ""
        monkeypatch.setattr(base, "render", pages)
        states = ("public", "deleted") if method == "GET" else ("public",)
        for where in dict.fromkeys(addresses(app, portal, states)):
            answer, statements = opened(client, method, where)
            if statements:
                wrote[method, where] = statements
            why = table.given_away(answer)
            if answer.status_code == SERVER_ERROR or why:
                broken.append((method, where, answer.status_code, why))
        for action, function in sorted(logic._actions.items()):
            reads = getattr(function, "side_effect_free", False)
            if reads and method == "HEAD":
                continue  # carried out in the same way as by GET
            given = portals.asked(portal, action, "public")
            query = {key: value for key, value in given.items() if isinstance(value, str)}
            where = f"/api/3/action/{action}"
            answer, statements = opened(client, method, where, query_string=query, json=given)
            if statements:
                wrote[method, action] = statements
            if not reads and answer.status_code != REFUSED:
                carried_out.append((method, action, answer.status_code))
    after = kept.state_of(ckan_config["ckan.storage_path"])
    assert (wrote, carried_out, broken) == ({}, [], [])
    assert [part for part in {**before, **after} if before.get(part) != after.get(part)] == []
    assert client.get("/panel", follow_redirects=False).status_code == 200  # still logged in
