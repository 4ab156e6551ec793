"""Tables inside a form: rows are shown, kept, ordered, emptied, and wrong cells are named."""

import pytest
from bs4 import BeautifulSoup

from ckanext.leszno_ngo.views.pages import form_fields
from tests.cooperation import loaded, records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

PARTNERSHIP = {"title": "Rada", "kind": "advisory_body", "private": "False", "save": "save"}


@pytest.fixture
def typed(department):
    return {**PARTNERSHIP, "owner_org": department["id"]}


@pytest.fixture
def send(app, as_editor):
    def post(address, fields):
        answer = app.post(address, data=fields, headers=as_editor, follow_redirects=False)
        return answer, BeautifulSoup(answer.body, "html.parser")

    return post


def rows_of(soup, table):
    """The rows of a table that a browser with scripts has."""
    rows = soup.select(f"#field-{table} > .ln-form-rows > .ln-form-row")
    return [
        {c["name"].split("-", 2)[2]: c.get("value") for c in row.select("input[name]")}
        for row in rows
    ]


def saved(name="rada"):
    return records.helpers.call_action("package_show", id=name)


def test_rows_are_saved_in_their_order_also_more_than_ten(send, typed):
    named = {f"parties-{form_fields.row_name(n)}-organisation": f"Partner {n}" for n in range(23)}
    answer, _soup = send("/partnership/new", {**typed, **named})
    assert answer.status_code == 302
    assert [row["organisation"] for row in saved()["parties"]] == [
        f"Partner {n}" for n in range(23)
    ]


def test_a_form_sent_back_unchanged_keeps_the_rows(send, typed, page, as_editor):
    named = {f"parties-{form_fields.row_name(n)}-organisation": f"P {n}" for n in range(12)}
    send("/partnership/new", {**typed, **named, "parties-0-sector": "public"})
    before = saved()
    soup = page("/partnership/edit/rada", headers=as_editor)
    assert [row["organisation"] for row in rows_of(soup, "parties")] == [
        f"P {n}" for n in range(12)
    ]
    again = {
        f"parties-{form_fields.row_name(n)}-{name}": value or ""
        for n, row in enumerate(rows_of(soup, "parties"))
        for name, value in row.items()
    }
    send("/partnership/edit/rada", {**typed, **again, "parties-0-sector": "public", "name": "rada"})
    assert saved()["parties"] == before["parties"]


def test_empty_rows_are_not_kept_and_the_others_move_up(send, typed):
    cells = {
        "parties-0-organisation": "",
        "parties-1-organisation": "Miasto Leszno",
        "parties-2-organisation": "",
        "parties-2-sector": "",
        "parties-3-organisation": "Klub",
        "parties-3-sector": "ngo",
        "parties-4-organisation": "",
    }
    send("/partnership/new", {**typed, **cells})
    assert saved()["parties"] == [
        {"organisation": "Miasto Leszno"},
        {"organisation": "Klub", "sector": "ngo"},
    ]


def test_a_table_that_was_emptied_is_empty(send, typed):
    send("/partnership/new", {**typed, "parties-0-organisation": "Klub"})
    assert saved()["parties"]
    send("/partnership/edit/rada", {**typed, "name": "rada", "parties-0-organisation": ""})
    assert not saved().get("parties")


def test_a_wrong_cell_is_named_with_its_row_and_nothing_is_lost(send, typed, said):
    cells = {
        "acts-0-title": "Uchwała 1",
        "acts-0-date": "1.02.2026",
        "acts-1-title": "Uchwała 2",
        "acts-1-date": "kiedyś",
        "acts-1-url": "bip",
        "parties-0-ngo": "nie-ma-takiej",
    }
    answer, soup = send("/en/partnership/new", {**typed, **cells})
    assert answer.status_code == 200
    told = {a["href"]: said(a) for a in soup.select(".ln-errors a")}
    assert set(told) == {"#field-acts-1-date", "#field-acts-1-url", "#field-parties-0-ngo"}
    assert told["#field-acts-1-date"].startswith("Acts, row 2, Date:")
    for address in told:
        control = soup.select_one(address)
        assert control["aria-invalid"] == "true"
        assert soup.find(id=control["aria-describedby"].split()[0])
    shown = rows_of(soup, "acts")
    assert [row["title"] for row in shown] == ["Uchwała 1", "Uchwała 2"]
    assert [row["date"] for row in shown] == ["1.02.2026", "kiedyś"]
    assert shown[1]["url"] == "bip"
    assert rows_of(soup, "parties")[0]["ngo"] == "nie-ma-takiej"


def test_what_is_wrong_with_a_whole_table_stands_beside_it(send, department, said):
    call = {
        "title": "Nabór",
        "mode": "open_call",
        "legal_basis": "uodpp_13",
        "owner_org": department["id"],
        "previous_tasks-0-year": "",
        "previous_tasks-0-task": "",
        "announcements-0-channel": "bip",
        "announcements-0-url": "zły adres",
        "private": "False",
        "save": "save",
    }
    answer, soup = send("/call-for-offers/new", call)
    assert answer.status_code == 200
    assert "art. 13 ust. 2 pkt 7" in said(soup.select_one("#error-previous_tasks"))
    assert soup.select_one('.ln-errors a[href="#field-previous_tasks"]')
    assert soup.select_one('.ln-errors a[href="#field-announcements-0-url"]')


def test_a_new_form_has_one_empty_row_and_more_without_scripts(page, as_editor, said):
    soup = page("/en/partnership/new", headers=as_editor)
    for table in ("acts", "parties", "composition"):
        box = soup.select_one(f"#field-{table}")
        assert len(box.select(":scope > .ln-form-rows > .ln-form-row")) == 1
        assert len(box.select("noscript .ln-form-row")) == form_fields.BLANK_ROWS
        assert said(box.select_one(".ln-row-add")).startswith("Add a row")
        assert said(box.select_one(".ln-row-remove")).startswith("Remove row 1")
    assert said(soup.select_one("#field-parties .ln-form-row legend")) == "Row 1"


def test_no_form_has_scheming_own_table(page, as_editor):
    for name in loaded.TYPES:
        soup = page(f"/{name}/new", headers=as_editor)
        assert not soup.select("[data-module=scheming-repeating-subfields]"), name
