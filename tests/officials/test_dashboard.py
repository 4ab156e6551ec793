"""The desk: only what is of the official's departments, and only what waits."""

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def people():
    editor, member, lone = (factories.UserWithToken() for _ in range(3))
    unit = factories.Organization(
        users=[
            {"name": editor["name"], "capacity": "editor"},
            {"name": member["name"], "capacity": "member"},
        ]
    )
    return {
        "editor": {"Authorization": editor["token"]},
        "member": {"Authorization": member["token"]},
        "lone": {"Authorization": lone["token"]},
        "unit": unit["id"],
        "other": factories.Organization()["id"],
    }


@pytest.fixture
def desk(app):
    """``desk(headers)``: heading without its number → titles listed."""

    def read(headers):
        soup = BeautifulSoup(app.get("/en/panel", headers=headers).body, "html.parser")
        lists = soup.select(".ln-dashboard section")
        found = {
            s.h2.get_text().rpartition(":")[0]: [a.get_text() for a in s.select("li a")]
            for s in lists
        }
        forms = soup.select_one("#dashboard-forms")
        if forms:
            items = forms.parent.select("li")
            found["forms"] = [item.get_text(" ", strip=True)[:3] for item in items]
        return found

    return read


def make(people):
    for owner, prefix in ((people["unit"], "mine"), (people["other"], "theirs")):
        call = {"type_name": "call-for-offers", "owner_org": owner}
        records.create(**call, title=f"{prefix} draft", state="draft")
        dated = {"open_date": records.ago(days=40)}
        for title, days in (("soon", 10), ("far", 20)):
            deadline = records.ahead(days=days)
            records.create(
                **call, title=f"{prefix} {title}", **dated, offers_deadline_date=deadline
            )
        past = {**dated, "offers_deadline_date": records.ago(days=5)}
        records.create(**call, title=f"{prefix} waiting", **past)
        records.create(
            **call, title=f"{prefix} done", **past, resolved_date=records.ago(days=1)[:10]
        )
        grant = {"type_name": "grant", "owner_org": owner, "outside_call": "true"}
        late = records.ago(days=3)[:10]
        records.create(**grant, title=f"{prefix} report", report_due_date=late)
        records.create(**grant, title=f"{prefix} settled", report_due_date=late, status="settled")
        records.create(
            **grant, title=f"{prefix} later", report_due_date=records.ahead(days=60)[:10]
        )


def test_an_editor_sees_what_waits_in_the_own_department_only(desk, people):
    make(people)
    found = desk(people["editor"])
    assert found["Drafts"] == ["mine draft"]
    assert found["Calls closing within 14 days"] == ["mine soon"]
    assert found["Calls waiting for results"] == ["mine waiting"]
    assert found["Reports overdue and due within 14 days"] == ["mine report"]
    assert "F04" not in found["forms"]
    assert "F31" in found["forms"]


def test_a_member_sees_drafts_and_those_of_no_department_see_nothing(desk, people):
    make(people)
    assert desk(people["member"])["Drafts"] == ["mine draft"]
    found = desk(people["lone"])
    assert [titles for name, titles in found.items() if name != "forms"] == [[], [], [], []]


def test_the_desk_is_for_those_signed_in(app):
    answer = app.get("/panel", follow_redirects=False)
    assert answer.status_code == 302
    assert "/user/login" in answer.headers["Location"]


def test_the_desk_costs_the_same_however_much_there_is(app, people, solr_budget, sql_budget):
    make(people)
    app.get("/panel", headers=people["editor"])
    with solr_budget(6), sql_budget(64):
        app.get("/panel", headers=people["editor"])


def test_the_link_to_the_desk_is_in_the_account_bar(app, people):
    soup = BeautifulSoup(app.get("/en/ngo/", headers=people["editor"]).body, "html.parser")
    assert soup.select_one('.ln-account a[href="/en/panel"]')


def test_a_page_that_has_grown_old_publishes_nothing(app, people):
    draft = records.create("event", title="Festyn", state="draft", owner_org=people["unit"])
    boss = {"Authorization": factories.SysadminWithToken()["token"]}
    soup = BeautifulSoup(app.get("/en/panel", headers=boss).body, "html.parser")
    form = soup.select_one(f'form[action$="/panel/publish/{draft["id"]}"]')
    fields = {"metadata_modified": form.select_one('[name="metadata_modified"]')["value"]}
    records.update(draft, title="Festyn w parku")
    address = f"/en/panel/publish/{draft['id']}"
    answer = app.post(address, data=fields, headers=boss)
    assert "Look at it first" in answer.body
    found = records.helpers.call_action("package_show", id=draft["id"])
    assert found["state"] == "draft"
    fields = {"metadata_modified": found["metadata_modified"]}
    assert app.post(address, data=fields, headers=boss, follow_redirects=False).status_code == 302
    assert records.helpers.call_action("package_show", id=draft["id"])["state"] == "active"
