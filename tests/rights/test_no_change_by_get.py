"""No address changes anything by being opened: every route and every action, by GET and by HEAD.

They are asked with real ids and the cookie of a sysadmin's session, as another site's page would
have an official's browser do. Excepted are the dashboard's read mark and the upkeep of a session.
"""

from types import SimpleNamespace

import pytest
from ckan import logic, model
from ckan.lib import base
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from tests import counting
from tests.rights import kept, table
from tests.rights import portal as portals
from tests.rights.test_matrix_posts import browsers  # noqa: F401  (fixture)

BY_GET = ("GET", "HEAD")
REFUSED = 400


@pytest.fixture
def with_data(portal):
    """The portal, whose dataset's file has a table in the DataStore, and a view."""
    file = {"name": "Plik", "url": "https://example.org/a.csv", "format": "CSV"}
    given = SimpleNamespace(**vars(portal))
    given.dataset = factories.Dataset(
        name="zbior-z-tabela", owner_org=portal.unit, resources=[file], tags=[{"name": "etykieta"}]
    )
    boss = {"user": portal.users["sysadmin"]}
    file = given.dataset["resources"][0]["id"]
    rows = {"resource_id": file, "force": True, "records": [{"a": 1}]}
    tk.get_action("datastore_create")(dict(boss), rows)
    view = {"resource_id": file, "view_type": "text_view", "title": "Tekst"}
    given.view = tk.get_action("resource_view_create")(dict(boss), view)["id"]
    yield given
    tk.get_action("datastore_delete")(dict(boss), {"resource_id": file, "force": True})
    tk.get_action("dataset_purge")(dict(boss), {"id": given.dataset["id"]})


def opened(client, method, where, **given):
    """Open an address, and return the status with the statements that wrote."""
    with counting.sql_statements() as seen:
        try:
            status = client.open(where, method=method, follow_redirects=False, **given).status_code
        except Exception:  # noqa: BLE001  (what a portal that is no test answers with 500)
            model.Session.rollback()
            status = 500
    return status, [one for one in seen.writes if not one.startswith(kept.UPKEEP_STATEMENTS)]


def addresses(app, portal):
    with app.flask_app.test_request_context():
        build = app.flask_app.url_map.bind("test.ckan.net").build
        for name, rule in sorted(table.rules(app, "GET").items()):
            for state in ("public", "deleted") if "{type}" in name else ("public",):
                given = portals.arguments(portal, rule, state)
                if None not in given.values():
                    yield build(rule.endpoint, {**(rule.defaults or {}), **given}, "GET")


@pytest.mark.with_plugins("datastore", "text_view")
def test_no_address_changes_anything_by_being_opened(
    app,
    with_data,
    browsers,  # noqa: F811
    ckan_config,
    monkeypatch,
):
    client, _token = browsers["sysadmin"]
    render = base.render
    tk.get_action("package_show")  # the registry is filled
    redis = connect_to_redis()
    for key in redis.scan_iter("*kept_forms*"):  # left by others, it runs out meanwhile
        redis.delete(key)
    wrote, carried_out = {}, []
    before = kept.state_of(ckan_config["ckan.storage_path"])
    for method in BY_GET:
        pages = render if method == "GET" else lambda *_args, **_more: ""
        monkeypatch.setattr(base, "render", pages)
        for where in dict.fromkeys(addresses(app, with_data)):
            _status, statements = opened(client, method, where)
            if statements:
                wrote[method, where] = statements
        for action, function in sorted(logic._actions.items()):
            given = portals.asked(with_data, action, "public")
            query = {key: value for key, value in given.items() if isinstance(value, str)}
            where = f"/api/3/action/{action}"
            status, statements = opened(client, method, where, query_string=query, json=given)
            if statements:
                wrote[method, action] = statements
            reads = getattr(function, "side_effect_free", False)
            if not reads and status != REFUSED:
                carried_out.append((method, action, status))
    after = kept.state_of(ckan_config["ckan.storage_path"])
    assert (wrote, carried_out) == ({}, [])
    assert [part for part in {**before, **after} if before.get(part) != after.get(part)] == []
    assert client.get("/panel", follow_redirects=False).status_code == 200  # still logged in
