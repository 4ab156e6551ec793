"""Lists of ids and names follow the right of the reader, and so does what changes them."""

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.cooperation import records


@pytest.fixture
def city(clean_catalogue):
    """Two departments, their administrators and a private record of the first."""
    users = {name: factories.User()["name"] for name in ("ours", "others", "nobody")}
    units = {
        name: factories.Organization(users=[{"name": users[name], "capacity": "admin"}])["id"]
        for name in ("ours", "others")
    }
    tags = {"hidden": [{"name": "tajna-etykieta"}], "public": [{"name": "jawna-etykieta"}]}
    made = {
        "hidden": factories.Dataset(private=True, owner_org=units["ours"], tags=tags["hidden"]),
        "public": factories.Dataset(owner_org=units["ours"], tags=tags["public"]),
    }
    ids = {name: dataset["id"] for name, dataset in made.items()}
    return users, units, ids


def asked(user, action, **given):
    return tk.get_action(action)({"user": user}, given)


def test_members_are_listed_to_those_who_may_see_them(city):
    users, units, ids = city
    for reader, sees_hidden, sees_people in (
        ("", False, False),
        (users["nobody"], False, False),
        (users["others"], False, False),
        (users["ours"], True, True),
    ):
        listed = asked(reader, "member_list", id=units["ours"])
        found = {id_: kind for id_, kind, _ in listed}
        assert ids["public"] in found
        assert (ids["hidden"] in found) is sees_hidden, reader
        assert ("user" in found.values()) is sees_people, reader
    everything = call_action("member_list", {"ignore_auth": True}, id=units["ours"])
    assert ids["hidden"] in {id_ for id_, *_ in everything}


def test_who_keeps_a_department_is_told_to_its_people_alone(city, app):
    users, units, _ids = city
    boss = factories.Sysadmin()["name"]
    group = factories.Group(name="grupa", users=[{"name": users["ours"], "capacity": "admin"}])
    tokens = {
        name: {"Authorization": token_of(name)} if name else {}
        for name in ("", *users.values(), boss)
    }
    for reader, sees in {
        "": False,
        users["nobody"]: False,
        users["others"]: False,
        users["ours"]: True,
        boss: True,
    }.items():
        for page in (f"/organization/admins/{units['ours']}", f"/group/admins/{group['name']}"):
            answer = app.get(page, headers=tokens[reader], follow_redirects=False)
            assert (answer.status_code == 200) is sees, (reader, page)
        shown = app.get(f"/organization/{units['ours']}", headers=tokens[reader]).body
        assert (users["ours"] in shown) is (reader == users["ours"]), reader
        if reader:
            listed = asked(reader, "organization_list_for_user", id=users["ours"])
            assert (units["ours"] in {unit["id"] for unit in listed}) is sees, reader


def token_of(name):
    return call_action("api_token_create", user=name, name="x")["token"]


def test_nobody_makes_a_record_of_others_a_member(city):
    users, units, ids = city
    group = factories.Group(users=[{"name": users["others"], "capacity": "admin"}])["id"]
    member = {"object": ids["public"], "object_type": "package", "capacity": "public"}
    before = model.Session.query(model.Member).count()
    for where in (units["others"], group):
        for action in ("member_create", "member_delete"):
            with pytest.raises(tk.NotAuthorized):
                tk.get_action(action)(
                    {"user": users["others"], "ignore_auth": False}, {"id": where, **member}
                )
    assert model.Session.query(model.Member).count() == before
    own = records.create("event", owner_org=units["others"])
    asked(users["others"], "member_create", id=group, **{**member, "object": own["id"]})
    assert own["id"] in {id_ for id_, *_ in asked("", "member_list", id=group)}


def test_tags_of_hidden_records_are_not_listed(city):
    users, _units, _ids = city
    for reader, names in (
        ("", {"jawna-etykieta"}),
        (users["others"], {"jawna-etykieta"}),
        (users["ours"], {"jawna-etykieta", "tajna-etykieta"}),
    ):
        assert set(asked(reader, "tag_list")) == names
        assert set(asked(reader, "tag_autocomplete", query="etykieta")) == names
        found = asked(reader, "tag_search", query="etykieta")
        assert ({tag["name"] for tag in found["results"]}, found["count"]) == (names, len(names))
        full = asked(reader, "tag_list", all_fields=True)
        assert {tag["name"] for tag in full} == names
    with pytest.raises(tk.ObjectNotFound):
        asked("", "tag_show", id="tajna-etykieta")


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("page", [{"limit": 1}, {"limit": 0}, {"limit": 1, "offset": 1}])
def test_no_page_of_tags_tells_how_many_are_hidden(page):
    seen = ["jawna-etykieta"][page.get("offset", 0) :][: page["limit"]]
    found = asked("", "tag_search", query="etykieta", **page)
    assert ([tag["name"] for tag in found["results"]], found["count"]) == (seen, 1)
    assert asked("", "tag_autocomplete", query="etykieta", **page) == seen
    assert asked("", "tag_list", query="etykieta", **page) == seen
    assert asked("", "tag_list", **page) == ["jawna-etykieta"]


@pytest.mark.usefixtures("clean_catalogue")
def test_a_term_of_a_vocabulary_is_shown_by_its_id():
    terms = [{"name": "termin-slownika"}]
    made = call_action("vocabulary_create", {"ignore_auth": True}, name="slownik", tags=terms)
    id_ = made["tags"][0]["id"]
    assert asked("", "tag_show", id=id_)["name"] == "termin-slownika"
    assert asked("", "tag_show", id=id_, vocabulary_id="slownik")["id"] == id_


def test_no_list_of_actions_says_the_id_of_a_hidden_record(city):
    """Every action that reads and can be asked for a group, a tag, an account or nothing."""
    users, units, ids = city
    asked(users["ours"], "follow_dataset", id=ids["hidden"])
    tk.get_action("package_show")  # the registry is filled
    from ckan import logic  # noqa: PLC0415

    told = []
    for name in sorted(logic._actions):
        if not getattr(logic._actions[name], "side_effect_free", False):
            continue
        for reader, id_ in (
            ("", units["ours"]),
            (users["others"], units["ours"]),
            (users["others"], users["ours"]),
            ("", "jawna-etykieta"),
        ):
            given = {"id": id_, "user_id": id_, "q": "etykieta", "include_datasets": True}
            try:
                answer = asked(reader, name, **given)
            except Exception:  # noqa: BLE001  (refused, or asked wrongly: it tells nothing)
                model.Session.rollback()
                continue
            if ids["hidden"] in repr(answer) or "tajna-etykieta" in repr(answer):
                told.append((name, id_, reader))
    assert told == []


@pytest.mark.with_plugins("datastore")
def test_the_table_of_tables_is_for_sysadmins(clean_catalogue):
    with pytest.raises(tk.NotAuthorized):
        tk.get_action("datastore_search")({"user": ""}, {"resource_id": "_table_metadata"})
