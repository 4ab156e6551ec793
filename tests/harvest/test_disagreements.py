"""Values that people changed and their sources do not say: on the desk of the department."""

import importlib.util

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.harvest.model import HarvestObject, HarvestObjectExtra, HarvestSource

from ckanext.leszno_ngo.harvest import decisions, disagreements
from tests import counting
from tests.harvest.test_run import LIST, PLACE
from tests.pure.test_migrations import VERSIONS

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
        heading = soup.select_one("#dashboard-disagreeing")
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
        number, found = disagreements.list_disagreements([office["unit"]])
    assert (number, len(found)) == (2, 2)
    assert len(seen.calls) == 1
    assert disagreements.list_disagreements([]) == (0, [])


def test_a_deleted_record_is_not_shown(harvest, office, desk):
    harvest.edit(alpha(harvest), phone="65 520 22 22")
    harvest.run(office["source"], REGISTER)
    call_action("package_delete", {"user": harvest.official}, id=alpha(harvest)["id"])
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(model.Package)) > 0
    assert desk() is None


def made_anew(harvest, source, *, forgotten):
    """The source deleted and made anew with the same address; its memory, too, where so asked."""
    own = {"user": harvest.official}
    url = HarvestSource.get(source).url
    owner = call_action("harvest_source_show", own, id=source)["owner_org"]
    if forgotten:
        call_action("harvest_source_job_history_clear", own, id=source)
    call_action("harvest_source_delete", own, id=source)
    return harvest.source(
        url=url, owner_org=owner, title="Again"
    )  # ckanext-harvest wants another title


def moved(harvest, source, *, forgotten):
    """The source with another address."""
    own = {"user": harvest.official}
    call_action("harvest_source_patch", own, id=source, url="https://example.org/nowy.csv")
    if forgotten:
        call_action("harvest_source_job_history_clear", own, id=source)
    return source


@pytest.fixture(params=[made_anew, moved])
def other(request, harvest):
    def change(source, *, forgotten=False):
        return request.param(harvest, source, forgotten=forgotten)

    return change


def dismiss(app, office, desk):
    keep = next(f["action"] for f in desk().select("form") if "/keep/" in f["action"])
    own = {"Authorization": office["person"]["token"]}
    app.post(keep, headers=own, follow_redirects=False)
    assert desk() is None


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_dismissed_difference_stays_dismissed_whoever_says_it(
    harvest, office, desk, app, other, forgotten
):
    harvest.edit(alpha(harvest), phone="65 520 22 22")
    harvest.run(office["source"], REGISTER)
    dismiss(app, office, desk)
    source = other(office["source"], forgotten=forgotten)
    for _ in range(2):
        assert harvest.run(source, REGISTER).differences == []
        assert desk() is None
    assert "22 22" in alpha(harvest)["phone"]
    report = harvest.run(source, REGISTER.replace("65 520 11 11", "65 520 33 33"))
    assert [found.field for found in report.differences] == ["phone"]
    assert "65 520 33 33" in desk().get_text()
    harvest.run(source, REGISTER)
    assert desk() is None, "it was decided about that value"


def test_what_a_person_emptied_or_took_out_stays_out(harvest, office, other):
    source = office["source"]
    harvest.edit(alpha(harvest), phone="", website="https://alfa.example.org")
    harvest.run(source, REGISTER)
    years = harvest.source("opp", owner_org=office["unit"], tax_year=2025)
    listed = LIST + f"1,0000000168,5422692744,ALFA,{PLACE}"
    harvest.run(years, listed)
    assert alpha(harvest)["opp_tax_years"] == ["2025"]
    harvest.edit(alpha(harvest), opp_tax_years=[])
    harvest.run(years, listed)
    for old, content in ((source, REGISTER), (years, listed)):
        call_action("harvest_source_job_history_clear", {"user": harvest.official}, id=old)
        harvest.run(old, content)
    harvest.run(other(source, forgotten=True), REGISTER)
    after = alpha(harvest)
    assert (after.get("phone") or "", after.get("opp_tax_years") or []) == ("", [])
    harvest.edit(after, phone="+48 65 520 11 11")
    harvest.run(source, REGISTER)
    query = sa.select(sa.func.count()).select_from(decisions.table)
    stands = model.Session.scalar(query.where(decisions.table.c.field == "phone"))
    assert stands == 0, "the source's value stands again: nothing is decided against it"


def test_what_was_dismissed_before_the_upgrade_is_brought_in(harvest, office):
    file = sorted(VERSIONS.glob("007_*.py"))[0]
    spec = importlib.util.spec_from_file_location("migration_007", file)
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    object_id = model.Session.query(HarvestObject.id).filter_by(guid="krs:0000000168").scalar()
    model.Session.add(
        HarvestObjectExtra(harvest_object_id=object_id, key="dismissed", value='{"phone": "abc"}')
    )
    model.Session.commit()
    model.Session.execute(sa.text(migration._DISMISSED))
    model.Session.commit()
    record = alpha(harvest)["id"]
    assert decisions.decisions_for([record]) == {record: {("phone", "abc"): True}}


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
