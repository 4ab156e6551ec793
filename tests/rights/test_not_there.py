"""A private thing and none are answered alike, on every page and by every action, in words too.

The test goes over all routes and actions, so a new one is asked as well.
"""

import json
import re
import uuid

import pytest
import sqlalchemy as sa
from ckan import logic, model
from ckan.lib import base
from ckan.plugins import toolkit as tk

from tests.rights import forms, table, taking_back
from tests.rights import portal as portals
from tests.rights.test_matrix_posts import METHODS, browsers  # noqa: F401  (fixture)

pytestmark = portals.AS_RUN

#: Who may not read what is private: anonymous, and an editor of another department.
STRANGERS = ("anonymous", "other")
ABSENT = "nie-ma-takiego-wpisu"
#: Routes about other things than records, groups and what belongs to them.
OF_OTHERS = re.compile(
    r"/(?:user|vocabulary|file|program|sitemap|mapa|zh_|no/|leszno_ngo/leaflet)"
    r"|/api/|/feeds/tag|/catalog\.|/testing"
)
CHANGING = re.compile(r'[0-9]+[.,][0-9]+|name="_csrf_token"[^>]*|IjE?[\w.-]{40,}')
HIDE = (
    "UPDATE package SET private = true",
    "UPDATE \"group\" SET state = 'deleted'",
)


@pytest.fixture
def hidden(portal):
    """The portal with everything in it private, and its departments deleted."""
    with taking_back.everything() as changes:
        for statement in HIDE:
            model.Session.execute(sa.text(statement))
        model.Session.commit()
        yield portal, changes


@pytest.fixture
def refusals_as_data(monkeypatch):
    """Write pages of refusals as what they are made of: rendering all of them costs minutes."""
    render = base.render

    def rendered(template, extra_vars=None, *args, **more):
        if template == "error_document_template.html":
            return json.dumps(extra_vars, default=str, ensure_ascii=False)
        return render(template, extra_vars, *args, **more)

    monkeypatch.setattr(base, "render", rendered)


def names_of(portal, app, rule):
    """Pairs of arguments: of what is there and hidden, and of nothing."""
    real = portals.arguments(portal, rule, "private")
    fixed = ("package_type", "_format", "field", "filename", "version", "lang", "ver")
    absent = {name: value if name in fixed else ABSENT for name, value in real.items()}
    build = app.flask_app.url_map.bind("test.ckan.net").build
    method = "GET" if "GET" in rule.methods else next(iter(set(METHODS) & rule.methods))
    return [
        build(rule.endpoint, {**(rule.defaults or {}), **args}, method) for args in (real, absent)
    ], [str(value) for name, value in real.items() if name not in fixed]


def said(answer, names):
    """What an answer says, without the names that were typed."""
    text = (
        f"{answer.status_code} {answer.headers.get('Location', '')} {answer.get_data(as_text=True)}"
    )
    for name in sorted({*names, ABSENT}, key=len, reverse=True):
        text = text.replace(name, "*")
    return CHANGING.sub("", text)


def of_records(app, *methods):
    found = table.rules(app, *methods)
    return {
        name: rule
        for name, rule in sorted(found.items())
        if rule.arguments - set(rule.defaults or ()) and not OF_OTHERS.match(name)
    }


def test_pages_tell_a_private_thing_and_none_apart_to_nobody(app, hidden, refusals_as_data):
    portal, _changes = hidden
    told = []
    for name, rule in of_records(app, "GET").items():
        with app.flask_app.test_request_context():
            addresses, names = names_of(portal, app, rule)
        for role in STRANGERS:
            token = portal.tokens[role]
            headers = {"Authorization": token} if token else {}
            answers = [
                app.client.get(where, headers=headers, follow_redirects=False)
                for where in addresses
            ]
            first, second = (said(answer, names) for answer in answers)
            if first != second or answers[0].status_code == 200:
                told.append((name, role, first[:80], second[:80]))
    assert told == []


def test_forms_tell_them_apart_to_nobody(app, portal, browsers, refusals_as_data):  # noqa: F811
    told = []
    with taking_back.everything() as changes:
        for statement in HIDE:
            model.Session.execute(sa.text(statement))
        model.Session.commit()
        for name, rule in of_records(app, *METHODS).items():
            with app.flask_app.test_request_context():
                addresses, names = names_of(portal, app, rule)
            for role in STRANGERS:
                client, token = browsers[role]
                form = forms.sent(portal, rule, name, role, "private").form
                data = {"_csrf_token": token, **{k: v for k, v in form.items() if k != "file"}}
                found = []
                for where in addresses:
                    with changes.attempt():
                        answer = client.post(where, data=data, follow_redirects=False)
                        found.append(said(answer, names))
                if found[0] != found[1] or found[0].startswith("200"):
                    told.append((name, role, *(one[:80] for one in found)))
    assert told == []


def test_harvests_of_others_are_as_if_they_were_nowhere(app, portal):
    """Who sees a source need not see what its jobs and objects say."""
    asked = [(f"harvest_job_{name}", portal.job) for name in ("show", "report", "abort")]
    asked += [("harvest_object_show", portal.objects["private"])]
    for action, real in asked:
        for role in ("anonymous", "fresh", "other"):
            token = portal.tokens[role]
            headers = {"Authorization": token} if token else {}
            first, second = (
                app.client.post(f"/api/3/action/{action}", json={"id": id_}, headers=headers)
                for id_ in (real, str(uuid.uuid4()))
            )
            assert said(first, [real]) == said(second, []), (action, role)
            assert first.status_code == 404 or not token, (action, role)


def test_actions_tell_them_apart_to_nobody(app, hidden):
    portal, changes = hidden
    tk.get_action("package_show")  # the registry is filled
    told = []
    for action in sorted(logic._actions):
        real = portals.asked(portal, action, "private")
        names = {v for v in real.values() if isinstance(v, str) and len(v) > 30}
        absent = {
            key: [ABSENT] if key == "datasets" else ABSENT if value in names else value
            for key, value in ((k, v) for k, v in real.items())
            if not isinstance(value, list) or key == "datasets"
        }
        for role in STRANGERS:
            token = portal.tokens[role]
            headers = {"Authorization": token} if token else {}
            found = []
            for body in (real, absent):
                with changes.attempt():
                    try:
                        answer = app.client.post(
                            f"/api/3/action/{action}", json=body, headers=headers
                        )
                        found.append(said(answer, names))
                    except Exception as error:  # noqa: BLE001
                        found.append(repr(error)[:200])
            if found[0] != found[1]:
                told.append((action, role, *(one[-200:] for one in found)))
    assert told == []


def test_an_id_for_something_new_tells_of_nothing_that_is_there(app, hidden):
    portal, changes = hidden
    tk.get_action("package_show")  # the registry is filled
    ids = {
        "record": portal.records["private"],
        "file": portal.files["private"],
        "group": portal.unit,
        "job": portal.job,
        "object": portal.objects["private"],
        "activity": portal.activity,
    }
    model.Session.execute(sa.text("UPDATE package SET private = false WHERE name = 'zbior'"))
    model.Session.commit()
    with_parent = {"package_id": portal.dataset["id"], "name": "a"}
    asked_for = [(name, {}) for name in logic._actions if name.endswith("_create")]
    told = []
    for action, more in [*sorted(asked_for), ("resource_create", with_parent)]:
        for kind, id_ in ids.items():
            for role in STRANGERS:
                token = portal.tokens[role]
                headers = {"Authorization": token} if token else {}
                found = []
                for asked in (id_, str(uuid.uuid4())):
                    body = {"id": asked, "title": "a", **more}
                    with changes.attempt():
                        answer = app.client.post(
                            f"/api/3/action/{action}", json=body, headers=headers
                        )
                        found.append(said(answer, [asked]))
                if found[0] != found[1]:
                    told.append((action, kind, role, *(one[-200:] for one in found)))
    assert told == []


def test_who_is_not_logged_in_is_led_to_the_login(app, portal):
    for name in ("wpis-private", ABSENT):
        page = app.client.get(f"/en/grant/documents/{name}")
        text = page.get_data(as_text=True)
        assert page.status_code == 404
        assert f"/en/user/login?came_from=/en/grant/documents/{name}" in text.replace("%2F", "/")


@pytest.mark.parametrize("owner", ["package", "resource", "organization"])
def test_files_of_hidden_owners_are_those_of_nobody(app, hidden, owner):
    portal, changes = hidden
    ids = {
        "package": portal.records["private"],
        "resource": portal.files["private"],
        "organization": portal.unit,
    }
    id_ = ids[owner]
    headers = {"Authorization": portal.tokens["other"]}
    found = []
    for asked in (id_, ABSENT):
        with changes.attempt():
            body = {"owner_type": owner, "owner_id": asked}
            answer = app.client.post("/api/3/action/file_owner_scan", json=body, headers=headers)
            found.append(said(answer, [id_]))
    assert found[0] == found[1]
    assert found[0].startswith("404")
