"""Links in forms: shown by title, sent by address, never lost."""

import json

import pytest

from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def klub(department):
    return records.create("ngo", title="Klub Łabędź", krs="0000031247", owner_org=department["id"])


@pytest.fixture
def send(app, as_editor):
    def post(address, fields):
        return app.post(address, data=fields, headers=as_editor, follow_redirects=False)

    return post


def test_a_link_shows_its_title_and_sends_its_address(department, klub, page, as_editor):
    grant = records.create("grant", recipient=klub["id"], owner_org=department["id"])
    box = page(f"/grant/edit/{grant['name']}", headers=as_editor).select_one("#field-recipient")
    assert box["value"] == "klub-labedz"
    assert box.parent["data-title"] == "Klub Łabędź"
    assert box.parent["data-type"] == "ngo"


def test_links_of_a_list_and_of_a_table_too(department, klub, page, as_editor):
    event = records.create("event", organisers=[klub["name"]], owner_org=department["id"])
    soup = page(f"/event/edit/{event['name']}", headers=as_editor)
    assert soup.select_one("#field-organisers").get_text().split() == ["klub-labedz"]
    titles = soup.select_one("#field-organisers").parent["data-titles"]
    assert json.loads(titles) == ["Klub Łabędź"]
    rada = records.create("partnership", parties=[{"ngo": klub["id"]}], owner_org=department["id"])
    soup = page(f"/partnership/edit/{rada['name']}", headers=as_editor)
    box = soup.select_one("#field-parties-0-ngo")
    assert box["value"] == "klub-labedz"
    assert box.parent["data-title"] == "Klub Łabędź"


def test_what_was_typed_comes_back_by_title_too(send, department, klub):
    from bs4 import BeautifulSoup

    typed = {
        "title": "",
        "recipient": "klub-labedz",
        "call": "nie ma takiego",
        "owner_org": department["id"],
        "save": "save",
    }
    soup = BeautifulSoup(send("/grant/new", typed).body, "html.parser")
    assert soup.select_one("#field-recipient").parent["data-title"] == "Klub Łabędź"
    assert soup.select_one("#field-call")["value"] == "nie ma takiego"
    assert soup.select_one("#error-call")


def test_a_link_to_what_was_deleted_since_is_kept_by_a_form(
    send, department, klub, page, as_editor
):
    grant = records.create("grant", recipient=klub["id"], owner_org=department["id"])
    context = {"ignore_auth": True, "user": records.site_user()}
    records.helpers.call_action("package_delete", context, id=klub["id"])
    address = f"/grant/edit/{grant['name']}"
    soup = page(address, headers=as_editor)
    fields = {
        control["name"]: control.get("value", "")
        for control in soup.select("#record-form input[type=text][name]")
    }
    answer = send(
        address,
        {
            **fields,
            "mode": "open_call",
            "status": "granted",
            "owner_org": department["id"],
            "save": "save",
        },
    )
    assert answer.status_code == 302, answer.body
    after = records.helpers.call_action("package_show", id=grant["id"])
    assert after["recipient"] == klub["id"]


def test_links_of_a_form_are_looked_up_at_once(department, app, as_editor, sql_budget):
    """Twenty parties cost as many statements as one."""
    ngos = [
        records.create("ngo", title=f"Klub {n}", krs=number, owner_org=department["id"])
        for n, number in enumerate(
            ["0000031247", "0000034807", "0000044643", "0000055194", "0000030897"]
        )
    ]
    counts = []
    for number in (1, 5):
        parties = [{"ngo": ngo["id"]} for ngo in ngos[:number]]
        record = records.create("partnership", parties=parties, owner_org=department["id"])
        address = f"/partnership/edit/{record['name']}"
        app.get(address, headers=as_editor, status=200)
        with sql_budget(200) as seen:
            app.get(address, headers=as_editor, status=200)
        counts.append(len(seen.calls))
    assert counts[0] == counts[1]


def test_suggestions_of_several_types(department, klub):
    records.create("event", title="Klub książki", owner_org=department["id"])
    records.create("guide", title="Klub poradnik", owner_org=department["id"])

    def titles(**options):
        found = records.helpers.call_action("leszno_ngo_suggest", q="klub", **options)
        return {record["title"] for record in found}

    assert titles(type="ngo,event") == {"Klub Łabędź", "Klub książki"}
    assert titles(type="ngo") == {"Klub Łabędź"}
    assert len(titles()) == 3
