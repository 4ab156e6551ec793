"""A title of a record that the reader may not see is never said."""

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ckanext.leszno_ngo.catalogue import links
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")
HIDDEN = "Fundacja Pod Nazwą Poufną"


@pytest.fixture
def people():
    users = {name: factories.User() for name in ("ours", "others")}
    units = {
        name: factories.Organization(users=[{"name": user["name"], "capacity": "admin"}])
        for name, user in users.items()
    }
    return {name: (users[name]["name"], units[name]["id"]) for name in users}


def errors_of(user, unit, **given):
    with pytest.raises(tk.ValidationError) as refused:
        tk.get_action("package_create")({"user": user}, {"type": "ngo", "owner_org": unit, **given})
    return str(refused.value.error_dict)


def test_a_taken_number_names_only_what_the_writer_may_see(people, ngo_factory):
    ours, others = people["ours"], people["others"]
    hidden = ngo_factory(title=HIDDEN, name="poufna", private=True, owner_org=ours[1])
    shown = ngo_factory(title="Fundacja Jawna", owner_org=ours[1])
    taken = {"title": "Inna", "krs": hidden["krs"]}
    assert HIDDEN in errors_of(*ours, **taken)
    assert "Fundacja Jawna" in errors_of(*others, title="Inna", krs=shown["krs"])


def make(user, unit, **given):
    data = {"type": "ngo", "owner_org": unit, "title": "Inna", **given}
    return tk.get_action("package_create")({"user": user}, data)


def test_a_hidden_record_holds_its_number_in_its_own_department_alone(people, ngo_factory):
    ours, others = people["ours"], people["others"]
    hidden = ngo_factory(title=HIDDEN, name="poufna", private=True, owner_org=ours[1])
    theirs = make(*others, krs=hidden["krs"])
    assert theirs["krs"] == hidden["krs"]
    for again in ({}, {"private": True}):
        assert "Inna" in errors_of(*others, title="Jeszcze", krs=hidden["krs"], **again)
    # Two cannot be public: the later one is told which one has the number.
    for action, given in {
        "package_patch": {"id": hidden["id"], "private": False},
        "bulk_update_public": {"datasets": [hidden["id"]], "org_id": ours[1]},
    }.items():
        with pytest.raises(tk.ValidationError):
            tk.get_action(action)({"user": ours[0]}, given)
        model.Session.rollback()
    assert model.Package.get(hidden["id"]).private
    tk.get_action("package_delete")({"user": others[0]}, {"id": theirs["id"]})
    tk.get_action("package_patch")({"user": ours[0]}, {"id": hidden["id"], "private": False})
    assert HIDDEN in errors_of(*others, title="Inna", krs=hidden["krs"])


def test_the_form_says_that_a_hidden_record_has_the_number_and_not_which(people, ngo_factory, app):
    hidden = ngo_factory(title=HIDDEN, name="poufna", private=True, owner_org=people["ours"][1])
    user, unit = people["others"]
    token = tk.get_action("api_token_create")({"ignore_auth": True}, {"user": user, "name": "x"})
    form = {"title": "Inna", "name": "inna", "krs": hidden["krs"], "owner_org": unit}
    said = app.post("/ngo/new", data=form, headers={"Authorization": token["token"]}).body
    assert model.Package.get("inna").extras["krs"] == hidden["krs"]
    assert "ma niepubliczny wpis innej jednostki" in said
    assert HIDDEN not in said
    assert "poufna" not in said


@pytest.mark.parametrize("change", [{"state": "deleted"}, {"private": True}, {"state": "draft"}])
def test_a_link_to_a_hidden_record_is_without_its_name(people, ngo_factory, app, change):
    ours, others = people["ours"], people["others"]
    ngo = ngo_factory(title=HIDDEN, name="poufna", owner_org=ours[1])
    grant = records.create("grant", recipient=ngo["id"], owner_org=ours[1])
    tk.get_action("package_patch")(
        {"ignore_auth": True, "user": ours[0]}, {"id": ngo["id"], **change}
    )
    for user, is_told in ((ours[0], True), (others[0], False), ("", False)):
        target = links.targets({"user": user}, [ngo["id"]])[ngo["id"]]
        assert (target.title == HIDDEN) is is_told, user
        assert (target.name == "poufna") is is_told, user
    for address in (
        f"/grant/{grant['name']}",
        f"/grant/?recipient={ngo['id']}",
        f"/grant.csv?recipient={ngo['id']}",
        f"/grant/{grant['name']}.jsonld",
        f"/grant/{grant['name']}.json",
        f"/id/{ngo['id']}",
    ):
        text = app.get(address, follow_redirects=True).body
        assert HIDDEN not in text, address
        assert "poufna" not in text, address
