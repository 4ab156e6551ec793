"""What activities tell, to whom: a record's life seen by each reader."""

from types import SimpleNamespace

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories

SECRET = "TAJNE-DRUGIE-IMIE"


@pytest.fixture(scope="module")
def portal():
    """Filled once by the first test."""
    return SimpleNamespace()


@pytest.fixture
def records(request, portal):
    """Records of a department: public, made private, deleted, purged; the first was corrected."""
    if not vars(portal):
        request.getfixturevalue("clean_catalogue")
        _fill(portal)
    return portal


def _fill(portal):
    portal.editor, portal.stranger = factories.User(), factories.User()
    portal.sysadmin = factories.Sysadmin()
    portal.unit = factories.Organization(
        users=[{"name": portal.editor["name"], "capacity": "admin"}]
    )
    portal.group = factories.Group()
    portal.ids = {}
    boss = {"user": portal.sysadmin["name"]}
    for state in ("public", "private", "deleted", "purged"):
        given = {
            "name": f"wpis-{state}",
            "title": f"Wpis {state}",
            "notes": SECRET,
            "owner_org": portal.unit["id"],
            "groups": [{"id": portal.group["id"]}],
            "resources": [{"name": "Plik", "url": "https://example.org/a.csv"}],
        }
        made = tk.get_action("package_create")(dict(boss), given)
        portal.ids[state] = made["id"]
        for follower in (portal.stranger, portal.editor):
            tk.get_action("follow_dataset")({"user": follower["name"]}, {"id": made["id"]})
        portal.file = made["resources"][0]["id"] if state == "public" else portal.file
        tk.get_action("package_patch")(dict(boss), {"id": made["id"], "notes": "Poprawione"})
    tk.get_action("package_patch")(dict(boss), {"id": portal.ids["private"], "private": True})
    tk.get_action("package_delete")(dict(boss), {"id": portal.ids["deleted"]})
    tk.get_action("dataset_purge")(dict(boss), {"id": portal.ids["purged"]})


def listed(portal, who, name, **asked):
    """The activities of records in a list, for a reader."""
    reader = getattr(portal, who)["name"] if who else ""
    found = tk.get_action(name)({"user": reader}, {"limit": 100, **asked})
    return [a for a in found if a["activity_type"].endswith("package")]


def states(portal, found):
    known = {id_: state for state, id_ in portal.ids.items()}
    return {known[activity["object_id"]] for activity in found}


def asked_of(portal):
    return (
        ("recently_changed_packages_activity_list", {}),
        ("organization_activity_list", {"id": portal.unit["id"]}),
        ("group_activity_list", {"id": portal.group["id"]}),
        ("user_activity_list", {"id": portal.sysadmin["id"]}),
    )


def test_a_list_is_of_what_its_reader_may_read_today(records):
    for name, asked in asked_of(records):
        readers = (None, "stranger") if name != "user_activity_list" else ("stranger",)
        for who in readers:
            assert states(records, listed(records, who, name, **asked)) == {"public"}, (who, name)
    changed = "recently_changed_packages_activity_list"
    seen = {"public", "private", "deleted"}
    assert states(records, listed(records, "editor", changed)) == seen
    assert states(records, listed(records, "sysadmin", changed)) == seen
    dashboard = "dashboard_activity_list"
    assert states(records, listed(records, "stranger", dashboard)) == {"public"}
    # CKAN takes deleted records out of what is followed
    assert states(records, listed(records, "editor", dashboard)) == {"public", "private"}


def test_pages_of_a_list_are_full(records):
    """What is hidden takes no place in a page."""
    name = "recently_changed_packages_activity_list"
    first = tk.get_action(name)({"user": ""}, {"limit": 1})
    second = tk.get_action(name)({"user": ""}, {"limit": 1, "offset": 1})
    assert len(first) == len(second) == 1
    assert first[0]["id"] != second[0]["id"]


def test_what_was_taken_out_is_for_those_who_may_change_the_record(records):
    for name, asked in asked_of(records):
        assert SECRET not in str(listed(records, "stranger", name, **asked))
        assert SECRET in str(listed(records, "editor", name, **asked)) or "user" in name
    of_one = {"id": records.ids["public"]}
    assert SECRET not in str(listed(records, None, "package_activity_list", **of_one))
    assert SECRET in str(listed(records, "editor", "package_activity_list", **of_one))


def test_a_single_activity_tells_no_more_than_a_list(records):
    name = "recently_changed_packages_activity_list"
    for activity in listed(records, "sysadmin", name):
        state = states(records, [activity]).pop()
        for include in ({}, {"include_data": "false"}, {"include_data": False}):
            asked = {"id": activity["id"], **include}
            if state == "public":
                shown = tk.get_action("activity_show")({"user": ""}, asked)
                assert SECRET not in str(shown)
            else:
                with pytest.raises(tk.NotAuthorized):
                    tk.get_action("activity_show")({"user": ""}, asked)
        for action in ("activity_data_show", "activity_diff"):
            with pytest.raises(tk.NotAuthorized):
                tk.get_action(action)(
                    {"user": ""}, {"id": activity["id"], "object_type": "package"}
                )


def test_pages_show_no_earlier_version(records, app):
    name = "recently_changed_packages_activity_list"
    for activity in listed(records, "sysadmin", name):
        for address in (
            f"/dataset/wpis-public/resources/{records.file}/history/{activity['id']}",
            f"/dataset/wpis-public/history/{activity['id']}",
            f"/dataset/changes/{activity['id']}",
        ):
            answer = app.get(address)
            assert answer.status_code in (403, 404), address
            assert SECRET not in answer.body
    for address in (
        "/dataset/activity/wpis-public",
        f"/organization/activity/{records.unit['name']}",
    ):
        text = app.get(address, status=200).body
        assert "Wpis public" in text
        for state in ("private", "deleted", "purged"):
            assert f"Wpis {state}" not in text
