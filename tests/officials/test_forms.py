"""Drafts, "new, from last year's", and what the checks say on forms and pages."""

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from ckanext.leszno_ngo.logic import kept_forms
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

CALL = {
    "title": "Sport w 2026 roku",
    "mode": "open_call",
    "legal_basis": "uodpp_13",
    "spheres": ["17"],
    "task_kind": "Szkolenie",
    "budget_amount": "45000",
    "rules": "Zasady",
    "task_terms": "Warunki",
    "task_start_date": "2026-03-01",
    "task_end_date": "2026-12-15",
    "criteria": "Kryteria",
    "decision_due_date": "2026-02-27",
    "open_date": "2026-01-12 08:00",
    "offers_deadline_date": "2026-02-12",
    "announcements": [{"channel": "bip", "date": "2026-01-12"}],
    "previous_tasks_note": "Nie było",
    "resolved_date": "2026-02-20",
    "offers_number": "3",
}


@pytest.fixture
def people():
    named = {name: factories.UserWithToken() for name in ("member", "official", "stranger")}
    unit = factories.Organization(
        users=[
            {"name": named["member"]["name"], "capacity": "member"},
            {"name": named["official"]["name"], "capacity": "admin"},
        ]
    )
    return {**{k: {"Authorization": u["token"]} for k, u in named.items()}, "unit": unit}


@pytest.fixture
def get(app):
    def open_page(address, headers=None, status=200):
        answer = app.get(f"/en{address}", headers=headers or {}, status=status)
        return BeautifulSoup(answer.body, "html.parser")

    return open_page


@pytest.fixture
def send(app, people):
    def post(address, fields):
        return app.post(
            f"/en{address}", data=fields, headers=people["official"], follow_redirects=False
        )

    return post


def sent(soup):
    """What a browser sends of a form."""
    fields = {}
    for control in soup.select("#record-form [name]"):
        name, kind = control["name"], control.get("type")
        if name == "_csrf_token":
            continue
        if (
            kind == "submit"
            or "REPEATING" in name
            or control.name in ("button", "fieldset", "a", "div")
        ):
            continue
        if kind == "checkbox":
            if control.has_attr("checked"):
                fields.setdefault(name, []).append(control["value"])
        elif control.name == "select":
            option = control.select_one("option[selected]") or control.select_one("option")
            fields[name] = option["value"]
        elif control.name == "textarea":
            fields[name] = control.get_text().removeprefix("\n")
        else:
            fields[name] = control.get("value", "")
    return fields


def last_years(people):
    return records.create("call-for-offers", **{**CALL, "owner_org": people["unit"]["id"]})


def copy(get, people, old):
    return sent(get(f"/call-for-offers/new?copy={old['name']}", people["official"]))


def stored(title):
    found = records.helpers.call_action(
        "package_search",
        {"user": factories.Sysadmin()["name"]},
        q=f'title:"{title}"',
        include_drafts=True,
        include_private=True,
    )
    return found["results"]


def test_a_copy_has_its_dates_moved_and_its_results_dropped(get, people):
    fields = copy(get, people, last_years(people))
    assert fields["title"] == "Sport w 2027 roku"
    assert fields["open_date"] == "12.01.2027 08:00"
    assert fields["offers_deadline_date"] == "12.02.2027 23:59"
    assert fields["rules"] == "Zasady"
    assert not fields["resolved_date"]
    assert not fields["offers_number"]


def test_a_copy_proposes_the_same_tasks_of_this_and_the_last_year(get, people):
    old = last_years(people)
    records.create(
        "grant", owner_org=people["unit"]["id"], granted_amount="9000", total_amount="12000"
    )
    fields = copy(get, people, old)
    assert fields["previous_tasks-0-year"] == "2026"
    assert fields["previous_tasks-0-grant_amount"].replace("\u00a0", "") in ("9000", "9 000")


def test_a_new_call_gets_the_tasks_before_proposed_where_the_law_wants_them(send, people):
    records.create("grant", owner_org=people["unit"]["id"], year="2026", granted_amount="62000")
    fields = {k: v for k, v in CALL.items() if isinstance(v, str) and k != "previous_tasks_note"}
    fields |= {"owner_org": people["unit"]["id"], "spheres": "17", "state": "active"}
    fields |= {"resolved_date": "", "offers_number": "", "previous_tasks-0-task": ""}
    answer = send("/call-for-offers/new", fields)
    page = BeautifulSoup(answer.body, "html.parser")
    assert "Filled in from the grants" in page.get_text()
    assert page.select_one('[name="previous_tasks-0-year"]')["value"] == "2026"
    assert page.select_one('[name="previous_tasks-0-grant_amount"]')["value"] == "62000"
    typed = BeautifulSoup(
        send("/call-for-offers/new", {**fields, "rules": "", "previous_tasks-0-task": "Moje"}).body,
        "html.parser",
    )
    assert typed.select_one('[name="previous_tasks-0-task"]')["value"] == "Moje"
    assert "Filled in from the grants" not in typed.get_text()


def test_a_copy_is_kept_as_a_draft_that_members_see_and_others_do_not(get, send, app, people):
    fields = copy(get, people, last_years(people))
    response = send("/call-for-offers/new?copy=x", {**fields, "state": "draft"})
    assert response.status_code == 302
    (draft,) = stored("Sport w 2027 roku")
    assert draft["state"] == "draft"
    address = f"/call-for-offers/{draft['name']}"
    text = get(address, people["member"]).get_text(" ", strip=True)
    assert "Draft" in text
    assert "Edit the call" not in text
    app.get(address, status=404)
    app.get(address, headers=people["stranger"], status=404)
    assert draft["title"] not in app.get("/call-for-offers/?state=").body


def test_a_draft_says_what_it_lacks_and_is_published_from_its_form(get, send, people):
    fields = copy(get, people, last_years(people))
    send("/call-for-offers/new", {**fields, "previous_tasks_note": "", "state": "draft"})
    (draft,) = stored("Sport w 2027 roku")
    address = f"/call-for-offers/edit/{draft['name']}"
    shown = get(f"/call-for-offers/{draft['name']}", people["official"])
    assert "art. 13 ust. 2 pkt 7" in shown.select_one(".ln-warnings").get_text()
    form = get(address, people["official"])
    buttons = {b["value"] for b in form.select(".ln-form-actions button[name=state]")}
    assert buttons == {"active", "draft"}
    refused = send(address, {**sent(form), "state": "active"})
    assert refused.status_code == 200
    assert "art. 13 ust. 2 pkt 7" in refused.body
    again = sent(BeautifulSoup(refused.body, "html.parser"))
    assert again["rules"] == "Zasady"
    published = send(address, {**again, "previous_tasks_note": "Nie było", "state": "active"})
    assert published.status_code == 302
    (call,) = stored("Sport w 2027 roku")
    assert call["state"] == "active"
    assert call["computed"]["state"] in ("planned", "open", "evaluated")


def test_the_rule_of_21_days_stops_publishing_and_names_the_article(get, send, people):
    fields = copy(get, people, last_years(people))
    announced = {
        "announcements-0-channel": "bip",
        "announcements-0-date": "2027-01-30",
        "state": "active",
    }
    refused = send("/call-for-offers/new", {**fields, **announced})
    soup = BeautifulSoup(refused.body, "html.parser")
    error = soup.select_one("#error-offers_deadline_date").get_text()
    assert "21" in error
    assert "art. 13 ust. 1" in error
    # what is only a warning stands beside its field too
    assert "art. 13 ust. 3" in soup.select_one("#warning-announcements").get_text()
    again = sent(soup)
    # the mark of the opened form is signed with the second of each answer
    compared = fields.keys() & again.keys() - {kept_forms.CONTROL}
    assert {k: again[k] for k in compared if again[k] != fields[k]} == {
        "announcements-0-channel": "bip",
        "announcements-0-date": again["announcements-0-date"],
    }
    saved = send(
        "/call-for-offers/new", {**again, "offers_deadline_date": "20.02.2027", "state": "active"}
    )
    assert saved.status_code == 302


def test_warnings_do_not_stop_the_saving_and_are_shown_to_editors_only(get, people):
    call = records.create("call-for-offers", **{**CALL, "owner_org": people["unit"]["id"]})
    address = f"/call-for-offers/{call['name']}"
    assert (
        "art. 13 ust. 3" in get(address, people["official"]).select_one(".ln-warnings").get_text()
    )
    for headers in (people["member"], people["stranger"], None):
        assert get(address, headers).select_one(".ln-warnings") is None
    form = get(f"/call-for-offers/edit/{call['name']}", people["official"])
    assert "art. 13 ust. 3" in form.select_one("#warning-announcements").get_text()


def test_a_prepared_call_opens_by_itself():
    from ckanext.leszno_ngo import record_types
    from ckanext.leszno_ngo.catalogue import computed

    call = records.create(
        "call-for-offers",
        open_date=records.ahead(days=2),
        offers_deadline_date=records.ahead(days=30),
    )
    assert call["computed"]["state"] == "planned"
    import datetime as dt

    later = dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=3)
    assert computed.state(record_types.get(call["type"]), call, later) == "open"


def test_a_form_makes_no_other_states(send, get, people):
    fields = copy(get, people, last_years(people))
    send("/call-for-offers/new", {**fields, "state": "deleted"})
    (made,) = stored("Sport w 2027 roku")
    assert made["state"] == "active"


def test_a_wrong_cell_of_a_table_is_told_with_its_row(send, get, people):
    fields = copy(get, people, last_years(people))
    wrong = {"announcements-0-channel": "bip", "announcements-0-date": "kiedyś", "state": "active"}
    soup = BeautifulSoup(send("/call-for-offers/new", {**fields, **wrong}).body, "html.parser")
    told = soup.select_one('.ln-errors a[href="#field-announcements-0-date"]').get_text()
    assert "row 1, When" in told
    assert sent(soup)["announcements-0-date"] == "kiedyś"


@pytest.mark.parametrize("name", ["none", "zbior"])
def test_what_is_no_record_of_the_type_is_not_copied(get, people, name):
    factories.Dataset(name="zbior")
    get(f"/call-for-offers/new?copy={name}", people["official"], status=404)
