"""A state without letters is none: what is stored stays, and nobody gets around a right with it."""

import pytest
from ckan import model
from ckan.tests import factories, helpers

from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

API = "/api/3/action/"


@pytest.fixture
def people():
    """Return a department, and headers of its editor and administrator."""
    accounts = {role: factories.UserWithToken() for role in ("editor", "admin")}
    members = [{"name": one["name"], "capacity": role} for role, one in accounts.items()]
    unit = factories.Organization(name="wydzial", users=members)
    headers = {role: {"Authorization": one["token"]} for role, one in accounts.items()}
    return unit, headers["editor"], headers["admin"]


def state_of(kind, id_):
    model.Session.expire_all()
    return kind.get(id_).state


@pytest.mark.parametrize("type_name", ["event", "grant", "dataset"])
@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_state_changes_nothing(app, people, type_name, empty):
    unit, editor, _admin = people
    if type_name == "dataset":
        record = factories.Dataset(owner_org=unit["id"])
    else:
        record = records.create(type_name, owner_org=unit["id"])
    named = {"id": record["id"]}
    for action, given in {
        "package_patch": {**named, "state": empty},
        "package_update": {**record, "state": empty, "metadata_modified": None},
        "package_revise": {"match": named, "update": {"state": empty}},
    }.items():
        app.post(f"{API}{action}", json=given, headers=editor, status=200)
        assert state_of(model.Package, record["id"]) == "active", action
    app.get(f"/{type_name}/{record['name']}", status=200)
    if type_name != "dataset":
        app.post(f"{API}package_delete", json=named, headers=editor, status=403)


def test_the_form_does_not_take_a_record_away_with_it(app, people):
    unit, editor, _admin = people
    record = records.create("event", owner_org=unit["id"])
    form = app.get(f"/event/edit/{record['name']}", headers=editor)
    sent = {
        **{name: value for name, value in record.items() if isinstance(value, str)},
        "state": "",
        "save": "",
    }
    assert form.status_code == 200
    app.post(f"/event/edit/{record['name']}", data=sent, headers=editor)
    assert state_of(model.Package, record["id"]) == "active"


@pytest.mark.parametrize("odd", [0, 7, False, [], {}, " ", "Active"])
def test_other_states_are_refused(app, people, odd):
    unit, _editor, admin = people
    record = records.create("event", owner_org=unit["id"])
    given = {"id": record["id"], "state": odd}
    app.post(f"{API}package_patch", json=given, headers=admin, status=409)
    app.post(f"{API}organization_patch", json={**given, "id": "wydzial"}, headers=admin, status=409)
    assert state_of(model.Package, record["id"]) == "active"
    assert state_of(model.Group, unit["id"]) == "active"


@pytest.mark.parametrize("empty", ["", None])
def test_a_department_does_not_vanish(app, people, empty):
    unit, _editor, admin = people
    for action in ("organization_patch", "organization_update"):
        given = {"id": "wydzial", "name": "wydzial", "title": "Wydział", "state": empty}
        app.post(f"{API}{action}", json=given, headers=admin)
        assert state_of(model.Group, unit["id"]) == "active", action
    app.get("/organization/wydzial", status=200)
    assert helpers.call_action("organization_list") == ["wydzial"]
