"""Forms: two people at one record, a form sent twice, a record deleted meanwhile."""

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories, helpers

from tests.officials.test_forms import sent

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def soup(answer):
    return BeautifulSoup(answer.body, "html.parser")


def page_form(page):
    """What a browser sends of a page that compares: hidden controls, texts, chosen radios."""
    fields = {}
    for control in page.select("form.ln-form [name]"):
        name = control["name"]
        if control.name == "button" or name == "_csrf_token":
            continue
        if control.get("type") == "radio" and not control.has_attr("checked"):
            continue
        value = control.get_text().removeprefix("\n") if control.name == "textarea" else None
        fields.setdefault(name, []).append(control.get("value", "") if value is None else value)
    return fields


def now(record):
    return helpers.call_action("package_show", {"use_cache": False}, id=record["id"])


def delete(record):
    helpers.call_action("package_delete", {"user": factories.Sysadmin()["name"]}, id=record["id"])


def edit(record):
    return f"/ngo/edit/{record['name']}"


def test_fields_that_one_person_changed_are_merged_by_themselves(record, get, send):
    mine, theirs = sent(get(edit(record))), sent(get(edit(record)))
    assert send(edit(record), {**theirs, "phone": "+48 65 520 22 22"}).status_code == 302
    answer = send(edit(record), {**mine, "aims": "Moje cele", "state": "active"})
    assert answer.status_code == 200
    page = soup(answer)
    assert [c["value"] for c in page.select('[name="compared"]')] == ["aims", "phone"]
    assert page.select_one("#choice-aims-mine").has_attr("checked")
    assert page.select_one("#choice-phone-theirs").has_attr("checked")
    assert now(record)["aims"] == "Cele"
    assert send(edit(record), page_form(page)).status_code == 302
    assert (now(record)["aims"], now(record)["phone"]) == ("Moje cele", "+48 65 520 22 22")


def test_what_both_changed_is_chosen_and_nothing_typed_is_lost(record, get, send):
    mine, theirs = sent(get(edit(record))), sent(get(edit(record)))
    send(edit(record), {**theirs, "aims": "Ich cele"})
    page = soup(
        send(edit(record), {**mine, "aims": "Moje cele", "phone": "zły", "state": "active"})
    )
    text = page.get_text(" ", strip=True)
    assert "Moje cele" in text
    assert "Ich cele" in text
    assert "Before" in text
    without = soup(send(edit(record), page_form(page)))
    assert "Choose a value here" in without.get_text()
    assert now(record)["aims"] == "Ich cele"
    chosen = {**page_form(without), "choice-aims": "mine"}
    refused = soup(send(edit(record), chosen))
    assert "telephone" in refused.select_one(".ln-errors").get_text()
    again = sent(refused)
    assert (again["aims"], again["phone"]) == ("Moje cele", "zły")
    assert (
        send(edit(record), {**again, "phone": "+48 65 520 33 33", "state": "active"}).status_code
        == 302
    )
    assert (now(record)["aims"], now(record)["phone"]) == ("Moje cele", "+48 65 520 33 33")


def test_the_other_persons_value_is_taken_and_a_third_change_is_seen(record, get, send):
    mine, theirs = sent(get(edit(record))), sent(get(edit(record)))
    send(edit(record), {**theirs, "aims": "Ich cele", "spheres": ["17"]})
    page = soup(send(edit(record), {**mine, "aims": "Moje cele", "state": "active"}))
    assert page.select_one("#choice-spheres-theirs").has_attr("checked")
    send(edit(record), {**sent(get(edit(record))), "phone": "+48 65 520 44 44"})
    third = soup(send(edit(record), {**page_form(page), "choice-aims": "theirs"}))
    assert [c["value"] for c in third.select('[name="compared"]')] == ["phone"]
    assert send(edit(record), page_form(third)).status_code == 302
    saved = now(record)
    assert (saved["aims"], saved["phone"], saved["spheres"]) == (
        "Ich cele",
        "+48 65 520 44 44",
        ["17"],
    )


def test_the_merge_can_be_looked_at_in_the_form(record, get, send):
    mine, theirs = sent(get(edit(record))), sent(get(edit(record)))
    send(edit(record), {**theirs, "phone": "+48 65 520 22 22"})
    page = soup(send(edit(record), {**mine, "aims": "Moje cele", "state": "active"}))
    form = sent(soup(send(edit(record), {**page_form(page), "to_form": "1"})))
    assert (form["aims"], form["phone"]) == ("Moje cele", "+48 65 520 22 22")
    assert send(edit(record), form).status_code == 302


def test_a_form_of_a_record_deleted_meanwhile_does_not_bring_it_back(record, get, send):
    form = sent(get(edit(record)))
    delete(record)
    page = soup(send(edit(record), {**form, "aims": "Moje cele", "state": "active"}))
    assert "bin" in page.select_one(".ln-errors").get_text()
    assert now(record)["state"] == "deleted"
    again = sent(page)
    assert again["aims"] == "Moje cele"
    assert send(edit(record), {**again, "state": "active"}).status_code == 302
    assert (now(record)["state"], now(record)["aims"]) == ("active", "Moje cele")


def test_a_form_sent_twice_makes_one_record(get, send, people):
    form = {**sent(get("/event/new")), "title": "Festyn", "owner_org": people["unit"]}
    form |= {"start_date": "2027-01-02 10:00", "kind": "festival", "state": "active"}
    first = send("/event/new", form)
    assert first.status_code == 302, soup(first).select_one(".ln-errors")
    second = send("/event/new", form)
    assert second.headers["Location"] == first.headers["Location"]
    assert helpers.call_action("package_search", q="title:Festyn")["count"] == 1


def test_a_form_changed_and_sent_again_shows_what_differs(get, send, people):
    form = {**sent(get("/event/new")), "title": "Festyn", "owner_org": people["unit"]}
    form |= {"start_date": "2027-01-02 10:00", "kind": "festival", "state": "active"}
    made = send("/event/new", form).headers["Location"]
    page = soup(send("/event/new", {**form, "title": "Festyn rodzinny"}))
    assert [c["value"] for c in page.select('[name="compared"]')] == ["title"]
    record = helpers.call_action("package_show", id=made.rpartition("/")[2])
    saved = send(f"/event/edit/{record['id']}", page_form(page))
    assert saved.headers["Location"] == made
    assert now(record)["title"] == "Festyn rodzinny"


def test_another_form_makes_another_record(get, send, people):
    for _ in range(2):
        form = {**sent(get("/event/new")), "title": "Festyn", "owner_org": people["unit"]}
        form |= {"start_date": "2027-01-02 10:00", "kind": "festival", "state": "active"}
        assert send("/event/new", form).status_code == 302
    assert helpers.call_action("package_search", q="title:Festyn")["count"] == 2


def test_two_people_at_one_dataset(get, send, people):
    unit = people["unit"]
    made = factories.Dataset(owner_org=unit, title="Zbiór", notes="Opis")

    def form():
        controls = get(f"/dataset/edit/{made['name']}").select("#dataset-edit [name]")
        texts = {
            c["name"]: c.get_text().removeprefix("\n") if c.name == "textarea" else c.get("value")
            for c in controls
            if c.name in ("input", "textarea") and c.get("type") not in ("submit", "radio")
        }
        return {**{n: v for n, v in texts.items() if v}, "owner_org": unit, "save": ""}

    mine, theirs = form(), form()
    address = f"/dataset/edit/{made['name']}"
    assert send(address, {**theirs, "notes": "Ich opis"}).status_code == 302
    page = soup(send(address, {**mine, "title": "Mój zbiór"}))
    assert [c["value"] for c in page.select('[name="compared"]')] == ["title", "notes"]
    assert send(address, page_form(page)).status_code == 302
    assert (now(made)["title"], now(made)["notes"]) == ("Mój zbiór", "Ich opis")
    asked = get(f"/dataset/delete/{made['id']}")
    assert asked.select_one(".btn-danger").get_text() == "Delete the entry “Mój zbiór”"


def test_a_source_is_made_once_and_two_people_at_it_are_told(app):
    boss = {"Authorization": factories.SysadminWithToken()["token"]}
    page = BeautifulSoup(app.get("/en/harvest/new", headers=boss).body, "html.parser")
    kind = page.select_one('[name="source_type"]')["value"]
    form = {"title": "Wykaz", "name": "wykaz", "url": "https://example.org/a.csv"}
    form |= {"source_type": kind, "save": "Save", "owner_org": factories.Organization()["id"]}
    form |= {"form_key": page.select_one('[name="form_key"]')["value"], "frequency": "MANUAL"}
    for _ in range(2):
        answer = app.post("/en/harvest/new", data=form, headers=boss, follow_redirects=False)
        assert answer.status_code == 302, soup(answer).select_one(".ln-errors")
    made = {"id": helpers.call_action("package_show", id="wykaz")["id"]}
    seen = soup(app.get("/en/harvest/edit/wykaz", headers=boss))
    form["metadata_modified"] = seen.select_one('[name="metadata_modified"]')["value"]

    def save(**fields):
        sent = {**form, **fields}
        return app.post("/en/harvest/edit/wykaz", data=sent, headers=boss, follow_redirects=False)

    assert save(notes="Ich opis").status_code == 302
    differing = soup(save(title="Mój wykaz"))
    assert {c["value"] for c in differing.select('[name="compared"]')} == {"title", "notes"}
    assert (now(made)["title"], now(made)["notes"]) == ("Wykaz", "Ich opis")
