"""Before a text goes public in which personal data may stand, its form asks once."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories, helpers

from ckanext.leszno_ngo.cli import leszno_ngo
from tests.cooperation import records
from tests.officials.test_forms import get, people, send, sent  # noqa: F401  (fixtures)

pytestmark = pytest.mark.usefixtures("clean_catalogue")
# Made up: the check digit is right, nobody has it.
PESEL = "44051401359"
TEXT = "Zapisy u prowadzącej,\ntel. 600 700 811"


@pytest.fixture
def event(get, people):  # noqa: F811
    form = sent(get("/event/new", people["official"]))
    form |= {"title": "Festyn", "start_date": "2027-01-02 10:00", "kind": "festival"}
    return {**form, "owner_org": people["unit"]["id"], "state": "active", "notes": TEXT}


def soup(answer):
    return BeautifulSoup(answer.body, "html.parser")


def test_a_new_entry_asks_once_and_names_the_place(send, event):  # noqa: F811
    page = soup(send("/event/new", event))
    said = page.select_one(".ln-asked").get_text(" ", strip=True)
    assert "mobile number (line 2, after “tel”)" in said
    assert "600" not in said
    assert page.select_one(".ln-asked a")["href"] == "#field-notes"
    assert helpers.call_action("package_search", q="Festyn")["count"] == 0
    again = {**sent(page), "state": "active"}
    assert again["notes"].replace("\r", "") == TEXT
    # another number is asked about again, the same text is not
    other = {**again, "notes": TEXT.replace("811", "822")}
    assert soup(send("/event/new", other)).select_one(".ln-asked")
    assert send("/event/new", again).status_code == 302


@pytest.mark.parametrize("state", [None, ""])
def test_a_form_without_the_buttons_state_publishes_and_asks(send, event, state):  # noqa: F811
    form = {name: value for name, value in event.items() if name != "state"}
    page = send("/event/new", form if state is None else {**form, "state": state})
    assert soup(page).select_one(".ln-asked")


def test_what_entities_hide_is_asked_about(send, event):  # noqa: F811
    page = soup(send("/event/new", {**event, "notes": "Zapisy: 60&#48; 700 811"}))
    assert page.select_one(".ln-asked")


def test_a_draft_is_asked_about_when_it_is_published(app, get, send, event, people):  # noqa: F811
    assert send("/event/new", {**event, "state": "draft"}).status_code == 302
    draft = helpers.call_action("package_show", id="festyn")

    def publish(fields=None):
        address, headers = f"/en/panel/publish/{draft['id']}", people["official"]
        app.post(address, data=fields or {}, headers=headers, follow_redirects=False, status=302)
        return helpers.call_action("package_show", id="festyn")["state"]

    assert publish() == "draft"
    page = get("/event/festyn", people["official"])
    assert "mobile number" in page.select_one(".ln-warnings").get_text()
    button = page.select_one("form[action*='/panel/publish/']")
    fields = {one["name"]: one["value"] for one in button.select("input[value]")}
    assert publish({**fields, "_csrf_token": ""}) == "active"


def test_what_is_public_was_decided_about(get, send, people, ngo_factory):  # noqa: F811
    record = ngo_factory(aims=TEXT, owner_org=people["unit"]["id"])
    address = f"/ngo/edit/{record['name']}"
    form = {**sent(get(address, people["official"])), "state": "active"}
    assert send(address, {**form, "phone": "65 529 81 01"}).status_code == 302
    form = {**sent(get(address, people["official"])), "state": "active"}
    page = soup(send(address, {**form, "aims": "Pisz: jan.k@gmail.com"}))
    assert "private e-mail address (after “Pisz”)" in page.select_one(".ln-asked").get_text()
    shown = soup_of_record(get, record, people)
    assert "mobile number" in shown


def soup_of_record(get, record, people):  # noqa: F811
    return get(f"/ngo/{record['name']}", people["official"]).select_one(".ln-warnings").get_text()


def test_a_document_is_asked_about_too(app, people):  # noqa: F811
    record = records.create("event", owner_org=people["unit"]["id"])
    fields = {"name": "Ulotka", "url": "https://przyklad.pl/u.pdf", "description": TEXT}

    def add(extra):
        answer = app.post(
            f"/en/event/documents/{record['id']}",
            data={**fields, **extra},
            headers=people["official"],
            follow_redirects=False,
        )
        return answer.status_code, soup(answer)

    status, page = add({})
    assert status == 200
    assert "mobile number" in page.select_one(".ln-asked").get_text()
    seen = page.select_one("[name=personal_data_seen]")["value"]
    assert add({"personal_data_seen": seen})[0] == 302


def test_what_is_public_is_listed_for_the_officer(cli, ngo_factory):
    unit = factories.Organization(title="Biuro")["id"]
    ngo = ngo_factory(title="Klub", aims=f"{TEXT}; prezes Jan Kowalski", owner_org=unit)
    ngo_factory(title="Ukryty", aims=TEXT, owner_org=unit, private=True)
    made = factories.Dataset(owner_org=unit, title="Zbiór", notes="Pisz: jan.k@gmail.com")
    factories.Resource(package_id=made["id"], name="Tabela", description=f"PESEL {PESEL}")
    answer = cli.invoke(leszno_ngo, ["personal-data"], catch_exceptions=False)
    assert answer.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(answer.stdout, newline="")))
    told = {(row["kind"], row["title"], row["field"], row["what"]) for row in rows}
    assert ("entry", "Klub", "aims", "mobile number") in told
    assert ("entry", "Klub", "aims", "person's name") in told
    assert ("entry", "Zbiór", "notes", "private e-mail address") in told
    assert ("file", "Zbiór", "description", "PESEL number") in told
    assert "Ukryty" not in answer.stdout
    for secret in ("600 700", PESEL, "Kowalski", "jan.k"):
        assert secret not in answer.stdout
    assert all(row["url"].startswith("http") and row["department"] == "Biuro" for row in rows)
    assert {row["url"].rpartition("/")[2] for row in rows} == {ngo["name"], made["name"]}


def test_tables_parted_by_semicolons_and_broken_ones_are_read():
    from ckanext.leszno_ngo.privacy.listed import _rows_of

    read = list(
        _rows_of(io.StringIO("imie;adres;tel\nJan;ul. Leśna 5, Leszno;601 601 601;więcej\0\n"))
    )
    assert read == [
        {"imie": "Jan", "adres": "ul. Leśna 5, Leszno", "tel": "601 601 601", "…": "więcej"}
    ]
