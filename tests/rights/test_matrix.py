"""The authorisation matrix: ``matrix.yaml`` says of every action and every page who may.

It is complete by construction: an action or a route without a row fails. Look at what has changed,
and write the rows that are right with ``WRITE_MATRIX=1 pytest … tests/rights/test_matrix.py``.
"""

from ckan import logic, model
from ckan.plugins import toolkit as tk

from tests.rights import portal as portals
from tests.rights import table

OF_RECORDS = ("package_", "leszno_ngo_publish", "leszno_ngo_results", "dataset_purge")
OF_FILES = ("resource_", "harvest_object_show")


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


def test_a_page_shows_only_what_the_table_says(portal, app):
    found = {}
    for name, rule in sorted(table.rules(app, "GET").items()):
        where = address(app, portal, rule, "public")
        statuses = [get(app, portal, role, where) for role in ("anonymous", "sysadmin")]
        if rule.rule.startswith(f"/{portals.TYPE}/") and {"id", "name"} & set(rule.arguments):
            hidden = address(app, portal, rule, "private")
            statuses += [get(app, portal, role, hidden) for role in ("anonymous", "other")]
        found[name] = " ".join(map(str, statuses))
    table.hold("pages", found)
