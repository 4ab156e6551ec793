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
