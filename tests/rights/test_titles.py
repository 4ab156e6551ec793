"""A title of a record that the reader may not see is never said."""

import pytest
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
    said = errors_of(*others, **taken)
    assert "krs" in said
    assert HIDDEN not in said
    assert "poufna" not in said
    assert "Fundacja Jawna" in errors_of(*others, title="Inna", krs=shown["krs"])


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
