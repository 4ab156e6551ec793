"""The form for officials: an editor, not a sysadmin, adds and changes entries."""

import pytest

from tests import identifiers
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def saved(name):
    from ckan.tests.helpers import call_action

    return call_action("package_show", id=name)


@pytest.fixture
def typed(department):
    """What an official types into a new form."""
    return {
        "title": "Stowarzyszenie Łąka",
        "legal_form": "stowarzyszenie_rejestrowe",
        "krs": "31247",
        "opp": "true",
        "opp_tax_years": "2024\r\n2025\r\n",
        "spheres": ["17", "15"],
        "registered_date": "24.11.2020",
        "aims": "Pierwszy cel\r\n\r\nDrugi cel",
        "owner_org": department["id"],
        "private": "False",
        "save": "save",
    }


@pytest.fixture
def send(app, as_editor):
    """``send(address, fields)`` sends a form as the editor and returns the answer."""

    def post(address, fields):
        return app.post(address, data=fields, headers=as_editor, follow_redirects=False)

    return post


def test_saved_is_published_in_one_step(send, typed):
    response = send("/ngo/new", typed)
    assert response.status_code == 302
    assert response.headers["Location"].endswith("/ngo/stowarzyszenie-laka")
    record = saved("stowarzyszenie-laka")
    assert record["state"] == "active"
    assert record["private"] is False
    assert record["krs"] == "0000031247"
    assert record["opp"] is True
    assert record["opp_tax_years"] == ["2024", "2025"]
    assert sorted(record["spheres"]) == ["15", "17"]
    assert record["spheres_source"] == "declared"
    assert record["registered_date"] == "2020-11-24"
    assert record["aims"] == "Pierwszy cel\n\nDrugi cel"


def test_two_entries_of_one_name_get_addresses_of_their_own(send, typed):
    send("/ngo/new", typed)
    send("/ngo/new", {**typed, "krs": identifiers.krs()})
    assert saved("stowarzyszenie-laka-2")["title"] == "Stowarzyszenie Łąka"


def test_a_form_is_grouped_and_explained_in_polish(page, as_editor, said):
    soup = page("/ngo/new", headers=as_editor)
    assert said(soup.h1) == "Dodaj organizację"
    legends = [said(x) for x in soup.select(".ln-section > legend")]
    assert legends[0] == "Organizacja"
    assert "Numery w rejestrach" in legends
    krs = soup.select_one("#field-krs")
    help_text = soup.find(id=krs["aria-describedby"])
    assert "10 cyfr" in said(help_text)
    assert "Art. 4 ust. 1" in soup.get_text()
    assert said(soup.select_one(".ln-form-actions button")) == "Zapisz i opublikuj"


def test_every_control_has_a_label_and_every_reference_leads_somewhere(page, as_editor):
    soup = page("/ngo/new", headers=as_editor)
    form = soup.select_one("#record-form")
    controls = form.select("input:not([type=hidden]), select, textarea")
    assert len(controls) > 40
    for control in controls:
        assert form.find("label", {"for": control["id"]}), control["id"]
    for element in form.select("[aria-describedby]"):
        for name in element["aria-describedby"].split():
            assert form.find(id=name), name
    ids = [element["id"] for element in soup.select("[id]")]
    assert len(ids) == len(set(ids))


def test_errors_stand_beside_their_fields_and_lead_to_them(send, typed, said):
    from bs4 import BeautifulSoup

    wrong = {**typed, "krs": "abc", "nip": "1234567890", "postal_code": "1"}
    response = send("/ngo/new", wrong)
    assert response.status_code == 200
    soup = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    summary = soup.select_one(".ln-errors")
    assert said(summary.h2) == "Wpis nie został zapisany. Popraw te pola:"
    for name in ("krs", "nip", "postal_code"):
        assert summary.find("a", href=f"#field-{name}")
        control = soup.select_one(f"#field-{name}")
        assert control["aria-invalid"] == "true"
        error = soup.find(id=f"error-{name}")
        assert error["id"] in control["aria-describedby"]
    assert "To nie jest numer KRS" in said(soup.find(id="error-krs"))
    assert "cyfra kontrolna" in said(soup.find(id="error-nip"))


def test_nothing_typed_is_lost_when_the_form_comes_back(send, typed):
    from bs4 import BeautifulSoup

    response = send(
        "/ngo/new", {**typed, "krs": "abc", "nip": "1234567890", "registered_date": "kiedyś"}
    )
    soup = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    value = {i["name"]: i.get("value") for i in soup.select("#record-form input[type=text]")}
    assert value["title"] == "Stowarzyszenie Łąka"
    assert value["krs"] == "abc"
    assert value["nip"] == "1234567890"
    assert value["registered_date"] == "kiedyś"
    assert soup.select_one("#field-aims").get_text().split() == ["Pierwszy", "cel", "Drugi", "cel"]
    assert soup.select_one("#field-opp_tax_years").get_text().split() == ["2024", "2025"]
    chosen = {i["value"] for i in soup.select('[name="spheres"][checked]')}
    assert chosen == {"17", "15"}
    assert soup.select_one("#field-opp").has_attr("checked")
    legal_form = soup.select_one("#field-legal_form option[selected]")
    assert legal_form["value"] == "stowarzyszenie_rejestrowe"


def test_a_number_that_another_entry_has_is_refused_by_its_name(send, typed, ngo_factory):
    ngo_factory(title="Pierwsza", name="pierwsza", krs="0000031247")
    body = send("/ngo/new", typed).get_data(as_text=True)
    assert "Ten numer ma już Pierwsza" in body


def fields_of(soup):
    """What a browser sends of a form."""
    fields = {}
    for control in soup.select("#record-form [name]"):
        name, kind = control["name"], control.get("type")
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


def test_a_form_sent_back_unchanged_changes_nothing(send, typed, page, as_editor):
    send("/ngo/new", typed)
    before = saved("stowarzyszenie-laka")
    soup = page("/ngo/edit/stowarzyszenie-laka", headers=as_editor)
    assert soup.select_one("#field-registered_date")["value"] == "24.11.2020"
    response = send("/ngo/edit/stowarzyszenie-laka", fields_of(soup))
    assert response.status_code == 302
    assert saved("stowarzyszenie-laka") == before


def test_an_edit_changes_what_was_changed_and_keeps_provenance(department, send, page, as_editor):
    from ckan.tests import factories
    from ckan.tests.helpers import call_action

    from tests.pages import FULL, SOURCES

    record = call_action(
        "package_create",
        {"user": factories.Sysadmin()["name"], "leszno_ngo_harvest": True},
        **FULL,
        sources=SOURCES,
        owner_org=department["id"],
    )
    soup = page(f"/ngo/edit/{record['name']}", headers=as_editor)
    assert soup.select_one("#field-nip")["value"] == "697-19-09-851"
    fields = {**fields_of(soup), "phone": "+48 65 529 00 00", "spheres": ["17"]}
    assert send(f"/ngo/edit/{record['name']}", fields).status_code == 302
    changed = saved(record["name"])
    assert changed["phone"] == "+48 65 529 00 00"
    assert changed["spheres"] == ["17"]
    assert changed["sources"] == SOURCES
    assert changed["nip"] == "6971909851"
    assert {k: v for k, v in changed.items() if k in FULL and k not in ("phone", "spheres")} == {
        k: v for k, v in record.items() if k in FULL and k not in ("phone", "spheres")
    }


def test_an_editor_deletes_an_entry_of_the_department(send, typed, app, page, as_editor):
    send("/ngo/new", typed)
    soup = page("/ngo/edit/stowarzyszenie-laka", headers=as_editor)
    confirm = soup.select_one(".ln-delete")["href"]
    assert page(confirm, headers=as_editor).select_one("form[method=post]")
    assert send(confirm, {"delete": "1"}).status_code == 302
    app.get("/ngo/stowarzyszenie-laka", status=404)


def test_others_may_not(app, typed, page):
    from ckan.tests import factories

    stranger = {"Authorization": factories.UserWithToken()["token"]}
    assert app.get("/ngo/new", follow_redirects=False).status_code in (302, 403)
    assert app.post("/ngo/new", data=typed, headers=stranger).status_code in (200, 403)
    app.get("/ngo/stowarzyszenie-laka", status=404)


def test_a_dataset_keeps_its_own_form(page, as_editor):
    soup = page("/dataset/new", headers=as_editor)
    assert soup.select_one("#dataset-edit")
    assert not soup.select_one("#record-form")


def test_the_eleventh_of_one_long_name_has_an_address(clean_catalogue):
    names = [records.create("guide", title="długa nazwa " * 20)["name"] for _ in range(11)]
    assert len(set(names)) == 11
    assert max(map(len, names)) <= 100
