"""Values that people changed and their sources do not say: on the desk of the department."""

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.harvest.model import HarvestObjectExtra

from ckanext.leszno_ngo.harvest import disagreements
from tests import counting

ALPHA = "0000000168;STOWARZYSZENIE ALFA;65 520 11 11;1991\n"
REGISTER = "KRS;Nazwa;Telefon;Cele\n" + ALPHA + "0000000291;FUNDACJA BETA;;\n"


@pytest.fixture
def office(harvest):
    person = factories.UserWithToken()
    unit = factories.Organization(users=[{"name": person["name"], "capacity": "editor"}])
    source = harvest.source(owner_org=unit["name"])
    harvest.run(source, REGISTER)
    return {"person": person, "unit": unit["id"], "source": source}


@pytest.fixture
def desk(app, office):
    def read(person=None):
        headers = {"Authorization": (person or office["person"])["token"]}
        soup = BeautifulSoup(app.get("/en/panel", headers=headers).body, "html.parser")
        heading = soup.select_one("#desk-disagreeing")
        return heading.parent if heading else None

    return read


def alpha(harvest):
    return harvest.records()["0000000168"]


def kept():
    model.Session.expire_all()
    query = model.Session.query(HarvestObjectExtra).filter_by(key="kept")
    return [(extra.id, extra.value) for extra in query]


def test_an_edit_that_the_source_does_not_say_is_on_the_desk_after_a_run(harvest, office, desk):
    harvest.edit(alpha(harvest), phone="65 520 22 22")
    assert desk() is None
    harvest.run(office["source"], REGISTER)
    section = desk()
    assert "65 520 22 22" in section.get_text()
    assert "65 520 11 11" in section.get_text()
    assert "Source 1" in section.get_text()
    assert section.select_one("h3 a")["href"] == "/en/ngo/edit/stowarzyszenie-alfa"
    stranger = factories.UserWithToken()
    factories.Organization(users=[{"name": stranger["name"], "capacity": "admin"}])
    assert desk(stranger) is None


def test_a_repeat_without_changes_writes_nothing(harvest, office):
    harvest.edit(alpha(harvest), phone="65 520 22 22")
    harvest.run(office["source"], REGISTER)
    first = kept()
    assert [value for _id, value in first] == ['["phone"]']
    harvest.run(office["source"], REGISTER)
    assert kept() == first


def test_a_dry_run_notes_nothing(harvest, office):
    harvest.edit(alpha(harvest), phone="65 520 22 22")
    harvest.run(office["source"], REGISTER, dry_run=True)
    assert kept() == []


def test_what_a_person_settled_is_not_shown_and_forgotten_at_the_next_run(harvest, office, desk):
    harvest.edit(alpha(harvest), phone="65 520 22 22")
    harvest.run(office["source"], REGISTER)
    harvest.edit(alpha(harvest), phone="+48 65 520 11 11")
    assert desk() is None
    harvest.run(office["source"], REGISTER)
    assert kept() == []


def test_a_new_value_of_the_source_is_the_one_shown(harvest, office, desk):
    harvest.edit(alpha(harvest), phone="65 520 22 22")
    harvest.run(office["source"], REGISTER)
    harvest.run(office["source"], REGISTER.replace("65 520 11 11", "65 520 33 33"))
    assert "65 520 33 33" in desk().get_text()
    assert "65 520 11 11" not in desk().get_text()
    assert len(kept()) == 2  # of the object of before, and of the current one


def test_the_sources_value_is_taken_by_who_may_edit(harvest, office, desk, app):
    harvest.edit(alpha(harvest), phone="65 520 22 22", title="Alfa z Leszna")
    harvest.run(office["source"], REGISTER)
    addresses = [form["action"] for form in desk().select("form")]
    assert len(addresses) == 4
    phone = next(
        address for address in addresses if "/take/" in address and address.endswith("/phone")
    )
    stranger = factories.UserWithToken()
    app.post(phone, headers={"Authorization": stranger["token"]}, status=403)
    own = {"Authorization": office["person"]["token"]}
    assert app.post(phone, headers=own, follow_redirects=False).status_code == 302
    assert alpha(harvest)["phone"] == "+48 65 520 11 11"
    assert alpha(harvest)["title"] == "Alfa z Leszna"
    assert "65 520" not in desk().get_text()
    app.post(phone, headers=own, status=404)
    app.post(phone.replace("/phone", "/name"), headers=own, status=404)
    report = harvest.run(office["source"], REGISTER)
    assert [found.field for found in report.differences] == ["title"]


def test_one_statement_however_many_records(harvest, office):
    numbers = ["0000000168", "0000000291"]
    for number in numbers:
        harvest.edit(harvest.records()[number], phone="65 520 99 99")
    harvest.run(office["source"], REGISTER)
    with counting.sql_statements() as seen:
        number, found = disagreements.of([office["unit"]])
    assert (number, len(found)) == (2, 2)
    assert len(seen.calls) == 1
    assert disagreements.of([]) == (0, [])


def test_a_deleted_record_is_not_shown(harvest, office, desk):
    harvest.edit(alpha(harvest), phone="65 520 22 22")
    harvest.run(office["source"], REGISTER)
    call_action("package_delete", {"user": harvest.official}, id=alpha(harvest)["id"])
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(model.Package)) > 0
    assert desk() is None


def test_a_dismissed_difference_is_asked_again_when_the_source_says_something_new(
    harvest, office, desk, app
):
    harvest.edit(alpha(harvest), phone="65 520 22 22")
    harvest.run(office["source"], REGISTER)
    keep = next(f["action"] for f in desk().select("form") if "/keep/" in f["action"])
    stranger = factories.UserWithToken()
    app.post(keep, headers={"Authorization": stranger["token"]}, status=403)
    own = {"Authorization": office["person"]["token"]}
    app.post(keep, headers=own, follow_redirects=False)
    assert desk() is None
    app.post(keep, headers=own, status=404)
    assert harvest.run(office["source"], REGISTER).differences == []
    report = harvest.run(office["source"], REGISTER.replace("ALFA", "OMEGA"))
    assert [found.field for found in report.differences] == [], "another field is another matter"
    assert desk() is None
    report = harvest.run(office["source"], REGISTER.replace("65 520 11 11", "65 520 33 33"))
    assert [found.field for found in report.differences] == ["phone"]
    assert "65 520 33 33" in desk().get_text()
    assert alpha(harvest)["phone"] == "65 520 22 22" or "22 22" in alpha(harvest)["phone"]
