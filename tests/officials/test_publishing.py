"""Editors write, administrators of the department publish (``ckanext.leszno_ngo.publish_role``)."""

import io
import itertools

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.cooperation.award_results import kept_tables
from ckanext.leszno_ngo.cooperation.award_results.offers import FIELDS, Offer
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

EVENT = {"type": "event", "title": "Szkolenie", **records.SMALL["event"]}
DATASET = {"type": "dataset", "title": "Zbiór danych"}
NUMBERS = itertools.count()
PUBLIC = {"state": "active", "private": False}
DRAFT = {"state": "draft", "private": False}
INTERNAL = {"state": "active", "private": True}


@pytest.fixture
def office():
    people = {name: factories.UserWithToken() for name in ("editor", "admin")}
    users = [{"name": user["name"], "capacity": name} for name, user in people.items()]
    unit = factories.Organization(users=users)
    other = factories.Organization(
        users=[
            {"name": people["editor"]["name"], "capacity": "admin"},
            {"name": people["admin"]["name"], "capacity": "editor"},
        ]
    )
    return {**people, "unit": unit["id"], "other": other["id"]}


def call(who, action, **data):
    return tk.get_action(action)({"user": who["name"]}, data)


def make(office, kind="event", **fields):
    fields |= {"name": f"zbior-{next(NUMBERS)}"} if kind == "dataset" else {}
    return records.create(kind, owner_org=office["unit"], title="Szkolenie", **fields)


def headers(person):
    return {"Authorization": person["token"]}


def page(app, address, person):
    return BeautifulSoup(app.get(f"/en{address}", headers=headers(person)).body, "html.parser")


def test_every_type_asks_who_publishes():
    for name in ("dataset", *(record_type.name for record_type in record_types.all_types())):
        declared = tk.h.scheming_get_dataset_schema(name)
        assert "leszno_ngo_publishing" in declared["after_validators"].split()
        assert "leszno_ngo_may_be_draft" in declared["before_validators"].split()


@pytest.mark.parametrize(
    ("given", "editor_may"), [(PUBLIC, False), ({}, False), (DRAFT, True), (INTERNAL, True)]
)
@pytest.mark.parametrize("kind", [EVENT, DATASET])
def test_a_new_record_of_an_editor_is_not_public(office, kind, given, editor_may):
    data = {**kind, "name": "pierwszy", **given, "owner_org": office["unit"]}
    if editor_may:
        made = call(office["editor"], "package_create", **data)
        assert {name: made[name] for name in given} == given
    else:
        with pytest.raises(tk.ValidationError) as refused:
            call(office["editor"], "package_create", **data)
        assert list(refused.value.error_dict) == ["state"]
    data |= {"name": "drugi", "title": "Inne"}
    assert call(office["admin"], "package_create", **data)["title"] == "Inne"


@pytest.mark.parametrize(
    ("before", "after", "editor_may"),
    [
        (DRAFT, PUBLIC, False),
        (INTERNAL, PUBLIC, False),
        (PUBLIC, DRAFT, False),
        (PUBLIC, INTERNAL, False),
        (PUBLIC, {"state": "deleted"}, False),
        (PUBLIC, {"title": "Poprawiony"}, True),
        (DRAFT, INTERNAL, True),
        (DRAFT, {"title": "Poprawiony"}, True),
        (DRAFT, {"state": "deleted"}, True),
    ],
)
@pytest.mark.parametrize("kind", ["event", "dataset"])
def test_what_an_editor_may_do_with_a_record_and_an_administrator_too(
    office, kind, before, after, editor_may
):
    record = make(office, kind, **before)
    if editor_may:
        call(office["editor"], "package_patch", id=record["id"], **after)
    else:
        with pytest.raises(tk.ValidationError) as refused:
            call(office["editor"], "package_patch", id=record["id"], **after)
        assert "administrator" in refused.value.error_dict["state"][0]
        call(office["admin"], "package_patch", id=record["id"], **after)
    stored = model.Package.get(record["id"])
    assert {name: getattr(stored, name) for name in after} == after


def test_a_public_record_changes_its_department_by_who_publishes_in_both(office):
    public, draft = make(office), make(office, **DRAFT)
    for person in ("editor", "admin"):  # each publishes in one of the two only
        with pytest.raises(tk.ValidationError):
            call(office[person], "package_patch", id=public["id"], owner_org=office["other"])
    call(office["editor"], "package_patch", id=draft["id"], owner_org=office["other"])


def test_datasets_are_published_by_the_same_role_on_every_road(office, app):
    draft, public = make(office, "dataset", **INTERNAL), make(office, "dataset")
    form = {"name": draft["name"], "title": "Zbiór", "private": "False", "save": "go-metadata"}
    form |= {"owner_org": office["unit"], "pkg_name": draft["id"], "_ckan_phase": ""}
    address = f"/dataset/edit/{draft['id']}"
    said = app.post(address, data=form, headers=headers(office["editor"])).body
    assert "administrator" in said.lower()
    file = {"package_id": public["id"], "name": "Plik", "url": "https://example.org/a.csv"}
    taken_off = call(office["editor"], "resource_create", **file)
    call(office["editor"], "resource_delete", id=taken_off["id"])
    for action, given in {
        "package_delete": {"id": public["id"]},
        "bulk_update_public": {"datasets": [draft["id"]], "org_id": office["unit"]},
        "bulk_update_private": {"datasets": [public["id"]], "org_id": office["unit"]},
        "bulk_update_delete": {"datasets": [public["id"]], "org_id": office["unit"]},
    }.items():
        with pytest.raises(tk.NotAuthorized):
            call(office["editor"], action, **given)
        model.Session.rollback()
        call(office["admin"], action, **given)
    assert not model.Package.get(draft["id"]).private
    assert model.Package.get(public["id"]).state == "deleted"


@pytest.mark.ckan_config("ckanext.leszno_ngo.publish_role", "editor")
def test_a_small_office_lets_editors_publish(office, app):
    made = call(office["editor"], "package_create", **EVENT, owner_org=office["unit"])
    assert made["state"] == "active"
    form = page(app, "/event/new", office["editor"])
    assert {b["value"] for b in form.select("button[name=state]")} == {"active", "draft"}
    call(office["editor"], "package_delete", id=made["id"])


def test_harvests_and_commands_are_not_asked(office):
    record = records.create("event", owner_org=office["unit"])
    assert record["state"] == "active"


def test_the_form_of_an_editor_saves_drafts_and_says_who_publishes(office, app):
    lone = factories.UserWithToken()
    factories.Organization(users=[{"name": lone["name"], "capacity": "editor"}])
    form = page(app, "/event/new", lone)
    assert [b["value"] for b in form.select("button[name=state]")] == ["draft"]
    assert "an administrator of the department publishes it" in form.get_text()
    draft, public = make(office, **DRAFT), make(office)
    form = page(app, f"/event/edit/{draft['name']}", office["editor"])
    assert [b["value"] for b in form.select("button[name=state]")] == ["draft"]
    form = page(app, f"/event/edit/{public['name']}", office["editor"])
    assert [b["value"] for b in form.select("button[name=state]")] == ["active"]
    assert [o["value"] for o in form.select("#field-private option")] == ["False"]
    assert not form.select(".ln-delete")
    form = page(app, f"/event/edit/{public['name']}", office["admin"])
    assert [o["value"] for o in form.select("#field-private option")] == ["False", "True"]
    assert form.select(".ln-delete")


def test_an_editor_who_chooses_a_department_of_others_loses_nothing(office, app):
    data = {**{k: v for k, v in EVENT.items() if k != "audience"}, "audience": "ngo"}
    sent = {**data, "owner_org": office["unit"], "state": "active", "private": "False"}
    answer = app.post(
        "/en/event/new", data=sent, headers=headers(office["editor"]), follow_redirects=False
    )
    assert answer.status_code == 200
    form = BeautifulSoup(answer.body, "html.parser")
    assert "Only an administrator" in form.select_one(".ln-errors").get_text()
    assert form.select_one("#field-title")["value"] == "Szkolenie"
    answer = app.post(
        "/en/event/new",
        data={**sent, "state": "draft"},
        headers=headers(office["editor"]),
        follow_redirects=False,
    )
    assert answer.status_code == 302


def test_the_desk_of_an_administrator_publishes_with_one_click(office, app):
    draft = make(office, **DRAFT)
    make(office, state="draft", private=True)
    desk = page(app, "/panel", office["admin"])
    waiting = desk.select_one("#dashboard-publish").parent
    (form,) = waiting.select("form")
    assert "Szkolenie" in form.button.get_text()
    assert len(waiting.select("li")) == 2
    assert not page(app, "/panel", office["editor"]).select(f'form[action*="{draft["id"]}"]')
    address = form["action"]
    app.post(address, headers=headers(office["editor"]), status=403)
    assert model.Package.get(draft["id"]).state == "draft"
    done = app.post(address, headers=headers(office["admin"]), follow_redirects=False)
    assert done.status_code == 302
    model.Session.expire_all()
    assert model.Package.get(draft["id"]).state == "active"
    assert app.get(f"/event/{draft['name']}").status_code == 200
    app.post("/panel/publish/none", headers=headers(office["admin"]), status=404)


def test_a_draft_that_breaks_a_rule_leads_to_its_form(office, app):
    draft = records.create(
        "call-for-offers",
        owner_org=office["unit"],
        state="draft",
        mode="open_call",
        legal_basis="uodpp_13",
    )
    answer = app.post(
        f"/en/panel/publish/{draft['id']}", headers=headers(office["admin"]), follow_redirects=False
    )
    assert f"/call-for-offers/edit/{draft['name']}" in answer.headers["Location"]
    model.Session.expire_all()
    assert model.Package.get(draft["id"]).state == "draft"


# ------------------------------------------------------------------------------ results
TABLE = "Oferent;KRS;Zadanie;Kwota przyznana\nKlub Sportowy Polonia;;Turniej;9000\n"


@pytest.fixture
def contest(office):
    unit = office["unit"]
    records.create("ngo", owner_org=unit, title="Klub Sportowy Polonia", krs="0000031247")
    return records.create(
        "call-for-offers",
        owner_org=unit,
        open_date=records.ago(days=60),
        offers_deadline_date=records.ago(days=30),
    )


def rows(soup):
    found = {"row": [i["value"] for i in soup.select('.ln-offer [name="row"]')]}
    for control in soup.select(".ln-offer .form-control"):
        found[control["name"]] = control["value"]
    return {**found, "day": soup.select_one("#day")["value"]}


def seen(soup):
    return {"seen": soup.select_one("#results-form [name=seen]")["value"]}


def test_an_editor_prepares_results_and_an_administrator_publishes_them(office, app, contest):
    address = f"/en/call-for-offers/results/{contest['name']}"

    def send(person, fields):
        return app.post(address, data=fields, headers=headers(person), follow_redirects=False)

    file = {"file": (io.BytesIO(TABLE.encode()), "wyniki.csv"), "do": "check"}
    preview = BeautifulSoup(send(office["editor"], file).body, "html.parser")
    buttons = {b["value"] for b in preview.select("button[name=do]")}
    assert buttons == {"check", "prepare"}
    fields = rows(preview)
    refused = send(office["editor"], {**fields, "do": "publish"})
    assert "Only an administrator" in refused.body
    assert send(office["editor"], {**fields, **seen(preview), "do": "prepare"}).status_code == 302
    assert records.search(fq="dataset_type:grant")["count"] == 0
    assert kept_tables.prepared(contest["id"]).user == office["editor"]["name"]
    assert "leszno_ngo_results" not in app.get(f"/api/action/package_show?id={contest['id']}").body

    desk = page(app, "/panel", office["admin"])
    (link,) = desk.select_one("#dashboard-results").parent.select("a")
    assert link.get_text() == contest["title"]
    assert not page(app, "/panel", office["editor"]).select("#dashboard-results")
    waiting = page(app, link["href"].removeprefix("/en"), office["admin"])
    assert rows(waiting) == fields
    sent = {**rows(waiting), **seen(waiting), "do": "publish"}
    assert send(office["admin"], sent).status_code == 302
    (grant,) = records.search(fq="dataset_type:grant")["results"]
    assert grant["title"] == "Turniej"
    assert kept_tables.prepared(contest["id"]) is None
    assert not page(app, "/panel", office["admin"]).select("#dashboard-results")


def test_a_prepared_table_is_discarded_by_its_department_alone(office, app, contest):
    address = f"/call-for-offers/results/{contest['name']}"
    rows_ = [Offer(2, dict.fromkeys(FIELDS, "") | {"organisation": "Klub"})]
    kept_tables.prepare(contest["id"], rows_, "2026-03-01", office["editor"]["name"])
    shown = page(app, address, office["editor"])
    assert shown.select_one(".ln-discard button[value=discard]")

    def send(person, **fields):
        fields = {"do": "discard", **fields}
        return app.post(
            f"/en{address}", data=fields, headers=headers(person), follow_redirects=False
        )

    assert send(factories.UserWithToken()).status_code == 403
    assert send(office["editor"]).status_code == 200, "it does not say what it has seen"
    assert kept_tables.prepared(contest["id"])
    seen = shown.select_one(".ln-discard [name=seen]")["value"]
    assert send(office["editor"], seen=seen).status_code == 302
    model.Session.expire_all()
    assert kept_tables.prepared(contest["id"]) is None
    assert not page(app, address, office["editor"]).select(".ln-discard")
    assert send(office["editor"]).status_code == 302


def test_a_prepared_table_outlives_a_correction_of_its_call(office, contest):
    kept_tables.prepare(contest["id"], [], "2026-03-01", office["editor"]["name"])
    call(office["editor"], "package_patch", id=contest["id"], title="Poprawiony")
    model.Session.expire_all()
    assert kept_tables.prepared(contest["id"]).day == "2026-03-01"
