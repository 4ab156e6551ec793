"""Deleted is not gone: the bin, restoring, undo, versions."""

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories, helpers

from ckanext.leszno_ngo.catalogue import bin as deleted
from ckanext.leszno_ngo.catalogue import links, versions
from tests.cooperation import records
from tests.officials.test_forms import sent

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def delete(record):
    helpers.call_action("package_delete", {"user": factories.Sysadmin()["name"]}, id=record["id"])


def now(record):
    return helpers.call_action("package_show", {"use_cache": False}, id=record["id"])


def test_deleting_asks_first_and_is_undone_by_the_button_after_it(record, get, send, people):
    address = f"/ngo/delete/{record['id']}"
    asked = get(address)
    buttons = asked.select(".ln-confirm .btn")
    assert [b.get_text() for b in buttons] == ["Cancel", "Delete the entry “Klub”"]
    assert buttons[0].has_attr("autofocus")
    assert "btn-danger" in buttons[1]["class"]
    done = BeautifulSoup(send(address, follow_redirects=True).body, "html.parser")
    assert now(record)["state"] == "deleted"
    undo = done.select_one(".flash-messages form")
    assert undo["action"].endswith(f"/panel/kosz/{record['id']}")
    assert "Undo" in undo.get_text()
    assert send(f"/panel/kosz/{record['id']}").status_code == 302
    assert now(record)["state"] == "active"
    assert helpers.call_action("package_search", q="Klub")["count"] == 1


def test_what_points_at_the_record_is_listed_before_it_is_deleted(record, get, people):
    seen = records.create("grant", title="Obóz", recipient=record["id"])
    unit = factories.Organization()["id"]
    records.create("grant", title="Tajne", recipient=record["id"], state="draft", owner_org=unit)
    text = get(f"/ngo/delete/{record['id']}").select_one(".ln-warnings").get_text(" ", strip=True)
    assert "2 entries point at this one" in text
    assert seen["title"] in text
    assert "Tajne" not in text
    assert "you may not see: 1" in text


def test_what_points_at_a_record_costs_the_same_however_much_it_is(record, sql_budget):
    for number in range(3):
        records.create("grant", title=f"Obóz {number}", recipient=record["id"])
    with sql_budget(2):
        seen, hidden = links.pointing({"user": "", "auth_user_obj": None}, record["id"])
    assert (len(seen), hidden) == (3, 0)


def test_the_bin_shows_what_the_own_departments_deleted(record, get, people):
    other = factories.Organization()["id"]
    theirs = records.create("event", title="Cudze", owner_org=other)
    for one in (record, theirs):
        helpers.call_action("package_delete", {"user": people["names"]["official"]}, id=one["id"])
    page = get("/panel/kosz")
    assert [h.get_text() for h in page.select(".ln-bin h2")] == ["Klub"]
    assert "deleted on" in page.select_one(".ln-bin").get_text()
    assert "Biuro" in page.get_text()
    assert get("/panel/kosz", "stranger").select(".ln-bin h2") == []
    boss = factories.SysadminWithToken()["token"]
    people["boss"] = {"Authorization": boss}
    assert len(get("/panel/kosz", "boss").select(".ln-bin h2")) == 2


def test_deleted_sources_and_departments_come_back(get, send, people):
    from ckanext.harvest.model import HarvestSource

    people["boss"] = {"Authorization": factories.SysadminWithToken()["token"]}
    context = {"user": factories.Sysadmin()["name"]}
    source = helpers.call_action(
        "harvest_source_create",
        dict(context),
        name="zrodlo",
        title="Źródło",
        url="https://przyklad.pl/x.csv",
        source_type="leszno_ngo_opp",
        owner_org=people["unit"],
    )
    helpers.call_action("harvest_source_delete", dict(context), id=source["id"])
    unit, group = factories.Organization(title="Wydział"), factories.Group(title="Sport")
    helpers.call_action("organization_delete", dict(context), id=unit["id"])
    helpers.call_action("group_delete", dict(context), id=group["id"])
    listed = get("/panel/kosz")
    assert [h.get_text() for h in listed.select(".ln-bin h2, .ln-bin h3")] == ["Źródło"]
    assert send(f"/panel/kosz/{source['id']}").status_code == 302
    assert HarvestSource.get(source["id"]).active
    listed = get("/panel/kosz", "boss")
    assert [h.get_text() for h in listed.select(".ln-bin h3")] == ["Wydział", "Sport"]
    assert listed.select_one("main h1, [role=main] h1").get_text() == "Bin: 2"
    for one in (unit, group):
        address = f"/panel/kosz/jednostka/{one['id']}"
        assert send(address).status_code == 404
        assert send(address, who="boss").status_code == 302
        assert model.Group.get(one["id"]).state == "active"
        assert send(address, who="boss").status_code == 404


def test_the_bin_is_for_those_signed_in(app):
    answer = app.get("/panel/kosz", follow_redirects=False)
    assert "/user/login" in answer.headers["Location"]


def test_strangers_restore_nothing(record, send, app):
    delete(record)
    assert send(f"/panel/kosz/{record['id']}", who="stranger").status_code == 404
    assert now(record)["state"] == "deleted"


def test_an_editor_restores_what_was_public_as_a_draft(record, send):
    delete(record)
    send(f"/panel/kosz/{record['id']}", who="editor")
    assert now(record)["state"] == "draft"


def test_a_draft_comes_back_as_a_draft(send, people):
    draft = records.create("event", title="Festyn", state="draft", owner_org=people["unit"])
    send(f"/event/delete/{draft['id']}")
    send(f"/panel/kosz/{draft['id']}")
    assert now(draft)["state"] == "draft"


def test_a_number_that_another_record_has_by_now_is_said(record, send, get, ngo_factory, people):
    delete(record)
    ngo_factory(title="Nowy klub", krs=record["krs"], owner_org=people["unit"])
    answer = send(f"/panel/kosz/{record['id']}", follow_redirects=True)
    assert "Nowy klub has this number already" in answer.body
    assert now(record)["state"] == "deleted"


def test_nothing_comes_back_to_a_department_that_is_deleted(record, send, people):
    people["boss"] = {"Authorization": factories.SysadminWithToken()["token"]}
    delete(record)
    context = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("organization_delete", context, id=people["unit"])
    answer = send(f"/panel/kosz/{record['id']}", who="boss", follow_redirects=True)
    assert "The department is deleted" in answer.body
    assert now(record)["state"] == "deleted"
    assert send(f"/panel/kosz/jednostka/{people['unit']}", who="boss").status_code == 302
    assert send(f"/panel/kosz/{record['id']}", who="boss").status_code == 302
    assert now(record)["state"] == "active"


def test_an_address_that_another_record_has_by_now_gets_a_number(record, send, people):
    from ckanext.leszno_ngo.catalogue import batch

    delete(record)
    taken = {"type": "ngo", "name": record["name"], "title": "Inny", "krs": "0000031247"}
    batch.write([batch.Write({**taken, "owner_org": people["unit"]})])
    assert now(record)["name"] == record["id"]
    send(f"/panel/kosz/{record['id']}")
    assert now(record)["name"] == f"{record['name']}-2"


def test_the_form_of_a_deleted_record_says_so(record, get, send):
    delete(record)
    page = get(f"/ngo/edit/{record['name']}")
    assert "in the bin" in page.select_one("#record-form > .ln-note").get_text()
    buttons = [b.get_text() for b in page.select(".ln-form-actions button")]
    assert buttons == [
        "Restore with these changes and publish",
        "Restore with these changes as a draft",
    ]
    fields = {k: v for k, v in sent(page).items() if k != "restore"}
    assert send(f"/ngo/edit/{record['name']}", {**fields, "state": "active"}).status_code == 200
    assert now(record)["state"] == "deleted"


def test_an_earlier_version_is_compared_and_brought_back(record, get, send, people):
    helpers.call_action(
        "package_patch",
        {"user": people["names"]["editor"], "ignore_auth": True},
        id=record["id"],
        aims="Inne cele",
        spheres=["17"],
    )
    listed = get(f"/ngo/versions/{record['id']}")
    assert "Spheres" in listed.select_one(".ln-bin li").get_text()
    link = listed.select_one(".ln-bin a")["href"].removeprefix("/en")
    compared = get(link)
    text = compared.get_text(" ", strip=True)
    assert "Cele" in text
    assert "Inne cele" in text
    fields = {"metadata_modified": compared.select_one('[name="metadata_modified"]')["value"]}
    assert send(f"{link}/restore", fields).status_code == 302
    after = now(record)
    assert after["aims"] == "Cele"
    assert len(get(f"/ngo/versions/{record['id']}").select(".ln-bin li")) == 3
    stale = send(f"{link}/restore", fields, follow_redirects=True)
    assert "Somebody has changed the entry meanwhile" in stale.body


def test_a_dataset_has_versions_too(get, send, people):
    tags = [{"name": "sport"}, {"name": "leszno"}]
    made = factories.Dataset(title="Zbiór", notes="Opis", tags=tags, owner_org=people["unit"])
    helpers.call_action(
        "package_patch",
        {"user": people["names"]["editor"], "ignore_auth": True},
        id=made["id"],
        notes="Inny opis",
        tags=[{"name": "kultura"}],
        publisher=[{"name": "Miasto"}],
    )
    (link,) = get(f"/dataset/{made['name']}").select("a[href*='/versions/']")
    listed = get(link["href"].removeprefix("/en"))
    changed = listed.select_one(".ln-bin li").get_text(" ", strip=True)
    assert "Changed: Description, Tags, Publisher" in changed
    link = listed.select_one(".ln-bin a")["href"].removeprefix("/en")
    text = get(link).get_text(" ", strip=True)
    assert all(said in text for said in ("Inny opis", "kultura", "leszno, sport", "Miasto"))
    assert send(f"{link}/restore").status_code == 302
    after = now(made)
    assert (after["notes"], after.get("publisher") or []) == ("Opis", [])
    assert sorted(tag["name"] for tag in after["tags"]) == ["leszno", "sport"]
    get(f"/dataset/versions/{made['id']}", "stranger", status=403)


def test_versions_are_for_those_who_may_change_the_record(record, get):
    get(f"/ngo/versions/{record['id']}", "stranger", status=403)
    get("/ngo/versions/none", status=404)
    get(f"/event/versions/{record['id']}", status=404)
    get(f"/ngo/versions/{record['id']}/none", status=404)


def test_restoring_a_version_leaves_who_sees_it(record, get, send, people):
    boss = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("package_patch", boss, id=record["id"], private=True, aims="Inne cele")
    link = get(f"/ngo/versions/{record['id']}").select_one(".ln-bin a")["href"]
    send(f"{link.removeprefix('/en')}/restore")
    after = now(record)
    assert (after["private"], after["aims"]) == (True, "Cele")


def test_every_question_of_ckan_has_the_harmless_button_first_and_names_the_act(get, people):
    people["boss"] = {"Authorization": factories.SysadminWithToken()["token"]}
    unit = helpers.call_action("organization_show", id=people["unit"])["name"]
    group, dataset = factories.Group(title="Grupa"), factories.Dataset(title="Zbiór")
    file = factories.Resource(package_id=dataset["id"], name="Plik")
    member = people["names"]["editor"]
    person = helpers.call_action("user_show", id=member)
    named = {
        f"/organization/delete/{unit}": "Biuro",
        f"/organization/member_delete/{unit}?user={person['id']}": person["fullname"],
        f"/group/delete/{group['name']}": "Grupa",
        f"/user/delete/{person['id']}": person["fullname"],
        f"/dataset/{dataset['name']}/resource/{file['id']}/delete": "Plik",
        f"/dataset/delete/{dataset['id']}": "Zbiór",
        "/ckan-admin/reset_config": "settings",
    }
    for address, name in named.items():
        harmless, act = get(address, "boss").select(".ln-confirm .btn")
        assert harmless.get_text() == "Cancel", address
        assert harmless.has_attr("autofocus"), address
        assert "btn-danger" in act["class"], address
        assert name in act.get_text(), address


def test_what_is_deleted_or_hidden_in_bulk_is_in_bin_and_versions(record, get, send, people):
    other = records.create("event", title="Festyn", owner_org=people["unit"])
    boss = {"user": factories.Sysadmin()["name"]}
    chosen = {"datasets": [record["id"], other["id"]], "org_id": people["unit"]}
    before = versions.author(record["id"])
    helpers.call_action("bulk_update_private", boss, **chosen)
    hidden = versions.author(record["id"])
    assert hidden.id != before.id
    assert hidden.record["private"] is True
    helpers.call_action("bulk_update_delete", boss, **chosen)
    assert now(record)["state"] == "deleted"
    assert now(record)["metadata_modified"] > hidden.record["metadata_modified"]
    page = get("/panel/kosz").get_text(" ", strip=True)
    assert "Klub" in page
    assert "Festyn" in page
    _, (gone, *_rest) = deleted.records([people["unit"]], 0, 10)
    assert model.User.get(gone.user).name == boss["user"]
    assert len(get(f"/ngo/versions/{record['id']}").select(".ln-main li")) >= 3
    assert send(f"/panel/kosz/{record['id']}").status_code == 302
    assert (now(record)["state"], now(record)["private"]) == ("active", True)
