"""Who names a thing of another department beside one of their own changes neither."""

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckanext.activity.model import Activity

from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

API = "/api/3/action/"
PICTURE = {"name": "Plik", "url": "https://example.org/a.png", "format": "PNG"}


def department(capacity):
    """Make a department with one member, its record, a file of it."""
    account = factories.UserWithToken()
    unit = factories.Organization(users=[{"name": account["name"], "capacity": capacity}])
    record = records.create("event", owner_org=unit["id"], resources=[PICTURE])
    return {
        "user": account["name"],
        "headers": {"Authorization": account["token"]},
        "unit": unit,
        "record": record,
        "file": record["resources"][0]["id"],
    }


def act(whose, action, **given):
    return tk.get_action(action)({"user": whose["user"]}, given)


@pytest.mark.with_plugins("image_view")
def test_a_view_is_changed_by_who_may_change_its_file_and_stays_with_it(app):
    ours, theirs = department("editor"), department("editor")
    given = {"resource_id": theirs["file"], "view_type": "image_view", "title": "Ich"}
    view = act(theirs, "resource_view_create", **given)
    for taken in ({"resource_id": ours["file"]}, {"resource_id": theirs["file"]}, {}):
        with pytest.raises(tk.NotAuthorized):
            act(ours, "resource_view_update", id=view["id"], title="Nasz", **taken)
        model.Session.rollback()
    with pytest.raises(tk.NotAuthorized):
        act(ours, "resource_view_delete", id=view["id"])
    with pytest.raises(tk.ValidationError):
        act(ours, "resource_view_reorder", id=ours["file"], order=[view["id"]])
    model.Session.rollback()
    page = f"/dataset/{ours['record']['id']}/resource/{ours['file']}/edit_view/{view['id']}"
    app.get(page, headers=ours["headers"], status=404)
    more = act(theirs, "resource_create", package_id=theirs["record"]["id"], **PICTURE)
    with pytest.raises(tk.ValidationError):
        act(theirs, "resource_view_update", id=view["id"], title="Ich", resource_id=more["id"])
    model.Session.rollback()
    act(theirs, "resource_view_update", id=view["id"], title="Nowy", resource_id=theirs["file"])
    found = model.ResourceView.get(view["id"])
    assert (found.resource_id, found.title) == (theirs["file"], "Nowy")


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("resource_update", {"name": "Nasz", "url": PICTURE["url"]}),
        ("resource_patch", {"name": "Nasz"}),
    ],
)
def test_a_file_stays_with_its_record(action, given):
    ours, theirs = department("editor"), department("editor")
    named = {"id": theirs["file"], "package_id": ours["record"]["id"], **given}
    with pytest.raises(tk.NotAuthorized):
        act(ours, action, **named)
    model.Session.rollback()
    file = {**PICTURE, "id": theirs["file"]}
    with pytest.raises(tk.ValidationError):
        act(ours, "package_patch", id=ours["record"]["id"], resources=[file])
    model.Session.rollback()
    assert model.Resource.get(theirs["file"]).package_id == theirs["record"]["id"]


@pytest.mark.parametrize("action", ["private", "public", "delete"])
def test_what_is_done_in_bulk_leaves_other_departments_alone(action):
    ours, theirs = department("admin"), department("admin")
    before = model.Session.query(Activity).count()
    both = [ours["record"]["id"], theirs["record"]["id"]]
    for unit in (ours["unit"]["id"], ours["unit"]["name"]):
        for named in ([theirs["record"]["id"]], [theirs["record"]["name"]], both, ["nie-ma"]):
            with pytest.raises(tk.NotAuthorized):
                act(ours, f"bulk_update_{action}", datasets=named, org_id=unit)
            model.Session.rollback()
    assert model.Session.query(Activity).count() == before
    act(ours, f"bulk_update_{action}", datasets=[ours["record"]["id"]], org_id=ours["unit"]["name"])
    done = model.Package.get(ours["record"]["id"])
    assert (done.private, done.state) == (
        action == "private",
        "deleted" if action == "delete" else "active",
    )


@pytest.mark.parametrize("action", ["harvest_source_reindex", "harvest_abort_failed_jobs"])
def test_actions_of_harvests_ask_for_the_right_that_their_rule_wants(app, action):
    ours, stranger = department("admin"), factories.UserWithToken()
    source = act(
        {"user": factories.Sysadmin()["name"]},
        "harvest_source_create",
        title="Źródło",
        name="zrodlo",
        url="https://example.org/rejestr.csv",
        source_type="leszno_ngo_register",
        owner_org=ours["unit"]["id"],
    )
    given = {"id": source["id"], "life_span": "7"}
    other = department("admin")["headers"]
    for headers in ({}, {"Authorization": stranger["token"]}, other):
        app.post(f"{API}{action}", json=given, headers=headers, status=403)
    if action == "harvest_source_reindex":
        app.post(f"{API}{action}", json=given, headers=ours["headers"], status=200)
    boss = {"Authorization": factories.SysadminWithToken()["token"]}
    app.post(f"{API}{action}", json=given, headers=boss, status=200)
    tk.get_action("harvest_source_reindex")({}, {"id": source["id"]})  # as a job does


def test_a_department_stays_one(app):
    ours, boss = department("admin"), factories.Sysadmin()["name"]
    unit, group = ours["unit"], factories.Group(name="grupa")
    for user in (ours["user"], boss):
        for action, given in (
            ("organization_patch", {"id": unit["id"], "is_organization": False}),
            ("organization_patch", {"id": unit["id"], "is_organization": "nie"}),
            ("organization_patch", {"id": unit["id"], "type": "group"}),
            ("organization_update", {**unit, "is_organization": False}),
            ("organization_update", {**unit, "type": "group", "is_organization": False}),
        ):
            with pytest.raises(tk.ValidationError):
                act({"user": user}, action, **given)
            model.Session.rollback()
    for action, given in (
        ("group_patch", {"id": group["id"], "is_organization": True}),
        ("group_update", {**group, "is_organization": True}),
        ("group_update", {**group, "type": "organization"}),
        ("group_create", {"name": "nowa", "type": "organization"}),
        ("group_create", {"name": "nowa", "type": "nieznany"}),
        ("organization_create", {"name": "nowy", "type": "group"}),
    ):
        with pytest.raises(tk.ValidationError):
            act({"user": boss}, action, **given)
        model.Session.rollback()
    for action, thing in (("group_update", unit), ("organization_update", group)):
        with pytest.raises(tk.ObjectNotFound):
            act({"user": boss}, action, **thing)
        model.Session.rollback()
    act(ours, "organization_patch", id=unit["id"], title="Nowa nazwa", is_organization=True)
    act({"user": boss}, "group_patch", id=group["id"], title="Nowa nazwa", is_organization=False)
    for id_, is_unit in ((unit["id"], True), (group["id"], False)):
        stored = model.Group.get(id_)
        assert (stored.title, stored.is_organization) == ("Nowa nazwa", is_unit)
    act({"user": boss}, "group_create", name="nowa", type="group")
    act({"user": boss}, "organization_create", name="nowy", type="organization")


def test_a_group_takes_and_loses_no_records_of_others_by_an_update():
    ours, theirs = department("editor"), department("editor")
    users = [{"name": ours["user"], "capacity": "admin"}]
    inside = department("editor")["record"]
    group = factories.Group(users=users, packages=[{"id": inside["id"]}])
    for packages in ([{"id": inside["id"]}, {"id": theirs["record"]["id"]}], []):
        with pytest.raises(tk.NotAuthorized):
            act(ours, "group_update", id=group["id"], name=group["name"], packages=packages)
        model.Session.rollback()
    kept = [{"id": inside["id"]}, {"id": ours["record"]["name"]}]
    act(ours, "group_update", id=group["id"], name=group["name"], packages=kept)


def test_pages_of_developers_are_none(app):
    for page in ("primer", "custom_form_fields", "dashboard"):
        app.get(f"/testing/{page}", status=404)


@pytest.mark.with_plugins("datastore")
def test_an_alias_of_a_table_stands_for_no_other_file():
    ours, theirs = department("editor"), department("editor")
    odd = "0ae39b0e-7a2c-4c7e-9b8f-3a4b5c6d7e8f"
    make = {"resource_id": ours["file"], "records": [{"a": 1}], "force": True}
    for alias in (theirs["file"], odd, odd.upper(), f' "{odd}"', odd.replace("-", "")):
        for given in ([alias], f"dobry,{alias}"):
            with pytest.raises(tk.ValidationError, match="aliases"):
                act(ours, "datastore_create", aliases=given, **make)
    act(ours, "datastore_create", aliases=["nasz"], **make)
    try:
        act(ours, "datastore_create", aliases=["nasz"], **make)  # given anew
    finally:
        act(ours, "datastore_delete", resource_id=ours["file"], force=True)


def test_an_administrator_of_a_department_neither_deletes_it_nor_makes_up_roles(app):
    ours = department("admin")
    id_ = ours["unit"]["id"]
    for change in (
        {"state": "deleted"},
        {"state": "zzz"},
        {"users": [{"name": ours["user"], "capacity": "sysadmin"}]},
        {"users": [{"name": "nie-ma-takiego", "capacity": "editor"}]},
    ):
        with pytest.raises(tk.ValidationError) as refused:
            act(ours, "organization_patch", id=id_, **change)
        assert set(refused.value.error_dict) == set(change)
        model.Session.rollback()
    form = {"name": ours["unit"]["name"], "title": "Wydział", "state": "deleted", "save": ""}
    app.post(f"/organization/edit/{id_}", data=form, headers=ours["headers"])
    model.Session.expire_all()
    assert model.Group.get(id_).state == "active"
    assert act(ours, "organization_patch", id=id_, title="Nowy", state="active")["title"] == "Nowy"


def test_a_sysadmin_brings_a_deleted_department_back():
    unit = factories.Organization()
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    tk.get_action("organization_delete")({"user": site_user}, {"id": unit["id"]})
    tk.get_action("organization_patch")({"user": site_user}, {"id": unit["id"], "state": "active"})
    assert model.Group.get(unit["id"]).state == "active"
