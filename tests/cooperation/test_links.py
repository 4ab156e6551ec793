"""Links between records, both ways, and what they cost."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories, helpers

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import links
from ckanext.leszno_ngo.search import backlinks
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")
ANYONE = {"user": "", "auth_user_obj": None}


@pytest.fixture
def ngo():
    return records.create("ngo", title="Klub Przykładowy", krs="0000031247")


def back(record, context=None):
    groups = backlinks.find(context or dict(ANYONE), record_types.get(record["type"]), record["id"])
    return {(g.type.name, g.field): (g.count, [r.title for r in g.records]) for g in groups}


def test_a_link_is_seen_from_both_ends(ngo):
    call = records.create("call-for-offers")
    grant = records.create("grant", recipient=ngo["name"], call=call["id"], title="Turniej")
    records.create("partnership", parties=[{"ngo": ngo["name"], "sector": "ngo"}], title="Rada")
    event = records.create("event", organisers=[ngo["name"]], title="Festyn")
    records.create("recognition", recipients=[ngo["id"]], event=event["name"], title="Patronat")
    records.create("recognition", title="Nic wspólnego")

    assert grant["recipient"] == ngo["id"]
    assert links.ids(record_types.get("grant"), grant) == {
        "recipient": [ngo["id"]],
        "call": [call["id"]],
    }
    assert back(ngo) == {
        ("grant", "vocab_recipient"): (1, ["Turniej"]),
        ("partnership", "vocab_parties_ngo"): (1, ["Rada"]),
        ("event", "vocab_organisers"): (1, ["Festyn"]),
        ("recognition", "vocab_recipients"): (1, ["Patronat"]),
    }
    assert back(call) == {("grant", "vocab_call"): (1, ["Turniej"])}
    assert back(event) == {("recognition", "vocab_event"): (1, ["Patronat"])}


def test_the_name_of_a_linked_party_is_filled_in(ngo):
    record = records.create("partnership", parties=[{"ngo": ngo["name"], "sector": "ngo"}])
    assert record["parties"][0]["organisation"] == "Klub Przykładowy"


def test_a_link_may_be_given_as_the_pages_address(ngo):
    address = f"https://www.leszno.pl/ngo/{ngo['name']}/"
    assert records.create("grant", recipient=address)["recipient"] == ngo["id"]


@pytest.mark.parametrize("target", ["nie-ma-takiego", "call"])
def test_a_target_must_exist_and_be_of_the_right_type(ngo, target):
    records.create("call-for-offers", name="call")
    with pytest.raises(tk.ValidationError) as caught:
        records.create("grant", recipient=target)
    assert target in caught.value.error_dict["recipient"][0]
    with pytest.raises(tk.ValidationError):
        records.create("event", organisers=[ngo["name"], target])


def test_a_target_must_be_visible_to_whoever_links():
    hidden = records.create("ngo", title="Ukryty", krs="0000031247", private=True)
    editor = factories.User()
    org = factories.Organization(users=[{"name": editor["name"], "capacity": "admin"}])
    fields = {"type": "grant", "title": "T", "owner_org": org["id"], **records.SMALL["grant"]}
    with pytest.raises(tk.ValidationError) as caught:
        helpers.call_action(
            "package_create",
            {"user": editor["name"], "ignore_auth": False},
            **{**fields, "recipient": hidden["id"]},
        )
    assert "recipient" in caught.value.error_dict


def test_a_renamed_target_keeps_its_links_and_a_deleted_one_is_told(ngo):
    grant = records.create("grant", recipient=ngo["name"], title="Turniej")
    renamed = records.update(ngo, name="nowa-nazwa", title="Klub Nowy")
    target = links.targets(dict(ANYONE), [ngo["id"]])[ngo["id"]]
    assert (target.state, target.name, target.title) == ("active", "nowa-nazwa", "Klub Nowy")
    assert back(renamed) == {("grant", "vocab_recipient"): (1, ["Turniej"])}

    helpers.call_action(
        "package_delete", {"ignore_auth": True, "user": records.site_user()}, id=ngo["id"]
    )
    assert links.targets(dict(ANYONE), [ngo["id"]])[ngo["id"]].state == "deleted"
    # The grant can still be saved.
    saved = records.update(grant, title="Turniej wiosenny")
    assert saved["recipient"] == ngo["id"]
    assert links.targets(dict(ANYONE), ["nie-ma"])["nie-ma"].state == "missing"


def test_private_records_stay_hidden_on_both_ends(ngo):
    records.create("grant", recipient=ngo["name"], private=True)
    assert back(ngo) == {}
    sysadmin = factories.Sysadmin()
    assert back(ngo, {"user": sysadmin["name"]}) != {}
    hidden = records.create("ngo", title="Ukryta", krs="0000030897", private=True)
    assert links.targets(dict(ANYONE), [hidden["id"]])[hidden["id"]] == links.Target(
        hidden["id"], "missing"
    )


def test_many_links_cost_no_more_than_one(ngo, sql_budget, solr_budget):
    for number in range(12):
        records.create("grant", recipient=ngo["name"], title=f"Zadanie {number}")
    others = [
        records.create("ngo", title=f"Klub {n}", krs=krs)["id"]
        for n, krs in enumerate(("0000030897", "0000000001", "0000000002"))
    ]
    event = records.create("event", organisers=[ngo["id"], *others])
    with sql_budget(1), solr_budget(0):
        found = links.targets(dict(ANYONE), event["organisers"])
    assert all(target.state == "active" for target in found.values())
    with sql_budget(1), solr_budget(1):
        (group,) = backlinks.find(dict(ANYONE), record_types.get("ngo"), others[0])
    assert group.count == 1
    with sql_budget(1), solr_budget(1):
        groups = backlinks.find(dict(ANYONE), record_types.get("ngo"), ngo["id"])
    assert [(g.type.name, g.count, len(g.records)) for g in groups] == [
        ("grant", 12, 12),
        ("event", 1, 1),
    ]
