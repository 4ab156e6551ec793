"""Documents of a record: an official adds and removes them on a page in plain words."""

import io

import pytest
from bs4 import BeautifulSoup

from tests.cooperation import records
from tests.cooperation.records import ago, ahead

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def official():
    from ckan.tests import factories

    editor = factories.UserWithToken()
    unit = factories.Organization(users=[{"name": editor["name"], "capacity": "editor"}])
    return {"unit": unit["id"], "headers": {"Authorization": editor["token"]}}


@pytest.fixture
def call(official):
    return records.create(
        "call-for-offers",
        owner_org=official["unit"],
        open_date=ago(days=3),
        offers_deadline_date=ahead(days=25),
    )


@pytest.fixture
def send(app, call, official):
    def post(**fields):
        address = f"/call-for-offers/documents/{call['name']}"
        return app.post(address, data=fields, headers=official["headers"], follow_redirects=False)

    return post


def documents(call):
    from ckan.tests.helpers import call_action

    return call_action("package_show", id=call["id"])["resources"]


def pdf(name="regulamin.pdf"):
    return (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), name)


@pytest.fixture
def storage(monkeypatch, tmp_path, ckan_config):
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    monkeypatch.setattr("ckan.lib.uploader.get_storage_path", lambda: str(tmp_path), raising=False)


def test_a_file_is_added_shown_and_removed(send, call, app, storage):
    answer = send(name="Regulamin naboru", description="Zasady oceny", upload=pdf())
    assert answer.status_code == 302
    (document,) = documents(call)
    assert (document["name"], document["format"]) == ("Regulamin naboru", "PDF")
    soup = BeautifulSoup(app.get(f"/call-for-offers/{call['name']}").body, "html.parser")
    section = soup.select_one("section[aria-labelledby=documents-heading]")
    assert section.a.get_text() == "Regulamin naboru"
    assert "Zasady oceny" in section.get_text()
    assert app.get(section.a["href"]).body.startswith("%PDF")

    assert send(remove=document["id"]).status_code == 302
    assert documents(call) == []
    assert send(remove=document["id"]).status_code == 302


def test_a_removed_document_comes_back_with_its_file(send, call, app, storage, official):
    for name in ("Regulamin", "Wzór umowy"):
        send(name=name, upload=pdf())
    rules, form = documents(call)
    for one in (rules, form):
        send(remove=one["id"])
    # what is changed meanwhile stays
    send(name="Ogłoszenie", url="https://bip.leszno.pl/ogloszenie")
    address = f"/call-for-offers/documents/{call['name']}"
    page = BeautifulSoup(app.get(address, headers=official["headers"]).body, "html.parser")
    offered = [one["value"] for one in page.select("#removed-documents [name=restore]")]
    assert offered == [form["id"], rules["id"]]
    for _ in range(2):
        assert send(restore=rules["id"]).status_code == 302
    assert [one["name"] for one in documents(call)] == ["Ogłoszenie", "Regulamin"]
    assert app.get(documents(call)[1]["url"]).body.startswith("%PDF")
    # a document of another entry is none of this one's
    assert send(restore="00a9fd3e-3eb2-463e-8c63-7b791381427c").status_code == 302
    assert len(documents(call)) == 2


def test_a_document_whose_file_is_gone_is_not_offered(send, call, app, storage, official, tmp_path):
    send(name="Regulamin", upload=pdf())
    (rules,) = documents(call)
    send(remove=rules["id"])
    for file in tmp_path.rglob("*"):
        if file.is_file():
            file.unlink()
    address = f"/call-for-offers/documents/{call['name']}"
    assert "removed-documents" not in app.get(address, headers=official["headers"]).body
    send(restore=rules["id"])
    assert documents(call) == []


def test_a_document_may_be_elsewhere(send, call):
    assert send(name="Ogłoszenie", url="https://bip.leszno.pl/ogloszenie").status_code == 302
    assert documents(call)[0]["url"] == "https://bip.leszno.pl/ogloszenie"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"url": "https://example.org/a.pdf"}, {"name"}),
        ({"name": "Regulamin"}, {"upload"}),
        ({"name": "Regulamin", "url": "javascript:alert(1)"}, {"url"}),
        ({"name": "PESEL 44051401359", "url": "https://example.org/a.pdf"}, {"name"}),
    ],
)
def test_what_is_wrong_is_said_beside_its_box_and_nothing_typed_is_lost(send, call, fields, wrong):
    answer = send(description="Opis <5", **fields)
    assert answer.status_code == 200
    soup = BeautifulSoup(answer.body, "html.parser")
    assert {box["id"] for box in soup.select("[aria-invalid=true]")} == wrong
    assert {link["href"] for link in soup.select(".ln-errors a")} == {f"#{name}" for name in wrong}
    assert soup.select_one("#description").get_text() == "Opis <5"
    assert soup.select_one("#name")["value"] == fields.get("name", "")
    assert documents(call) == []


def test_a_file_and_an_address_at_once_are_refused(send, call):
    answer = send(name="Regulamin", url="https://example.org/a.pdf", upload=pdf())
    assert BeautifulSoup(answer.body, "html.parser").select_one("#error-upload")
    assert documents(call) == []


def test_others_may_not(app, call):
    from ckan.tests import factories

    stranger = {"Authorization": factories.UserWithToken()["token"]}
    address = f"/call-for-offers/documents/{call['name']}"
    app.get(address, headers=stranger, status=403)
    app.post(address, headers=stranger, data={"name": "x"}, status=403)
    app.get(f"/grant/documents/{call['name']}", headers=stranger, status=403)
    app.get("/call-for-offers/documents/nie-ma", headers=stranger, status=404)


def test_ckans_own_page_for_a_document_of_a_draft_opens(app, official):
    draft = records.create("event", owner_org=official["unit"], state="draft")
    app.get(f"/event/{draft['name']}/resource/new", headers=official["headers"], status=200)


def test_a_form_sent_twice_adds_one_document_and_another_document_is_another(send, call, storage):
    fields = {"name": "Regulamin", "url": "https://example.org/a.pdf", "form_key": "0" * 32}
    for _ in range(2):
        assert send(**fields).status_code == 302
    assert len(documents(call)) == 1
    assert send(**{**fields, "name": "Wzór oferty"}).status_code == 302
    for _ in range(2):
        file = {"name": "Plik", "upload": pdf(), "form_key": "0" * 32}
        assert send(**file).status_code == 302
    assert [one["name"] for one in documents(call)] == ["Regulamin", "Wzór oferty", "Plik"]
