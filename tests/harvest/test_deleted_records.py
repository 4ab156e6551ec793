"""A record that a person deleted stays so, whichever source says it again."""

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.leszno_ngo.harvest import clear, decisions
from tests.harvest.test_disagreements import REGISTER, made_anew, moved

ALPHA = "0000000168"


@pytest.fixture
def source(harvest):
    person = factories.User()
    unit = factories.Organization(users=[{"name": person["name"], "capacity": "admin"}])
    made = harvest.source(owner_org=unit["name"])
    harvest.run(made, REGISTER)
    return made


def alive(harvest):
    return {number for number, one in harvest.records().items() if one["state"] == "active"}


def delete(harvest, number=ALPHA):
    record = harvest.records()[number]
    call_action("package_delete", {"user": harvest.official}, id=record["name"])
    return record


@pytest.mark.parametrize("forgotten", [False, True])
@pytest.mark.parametrize("change", [made_anew, moved])
def test_it_is_not_made_anew_and_can_be_taken_in_again(harvest, source, change, forgotten):
    record = delete(harvest)
    again = change(harvest, source, forgotten=forgotten)
    for _ in range(2):
        report = harvest.run(again, REGISTER)
        assert (report.added, report.withdrawn) == (0, 1)
        assert alive(harvest) == {"0000000291"}
    (line,) = [line for line in report.lines(None) if "/panel/kosz" in line]
    assert "STOWARZYSZENIE ALFA" in line.upper()
    (kept,) = [line for line in report.errors(None) if "/panel/kosz" in line]
    assert "ALFA" not in kept.upper(), "the job's page asks what its reader may see"
    call_action("package_patch", {"user": harvest.official}, id=record["id"], state="active")
    report = harvest.run(again, REGISTER.replace("65 520 11 11", "65 520 33 33"))
    assert (report.added, report.withdrawn) == (0, 0)
    assert harvest.records()[ALPHA]["id"] == record["id"]


def test_a_source_that_is_purged_forgets_no_decision(harvest, source):
    delete(harvest)
    own = {"user": harvest.official}
    call_action("harvest_source_job_history_clear", dict(own), id=source)
    call_action("harvest_source_delete", dict(own), id=source)
    call_action("dataset_purge", {"ignore_auth": True, "user": harvest.official}, id=source)
    model.Session.commit()
    report = harvest.run(harvest.source(title="Od nowa"), REGISTER)
    assert report.withdrawn == 1
    assert ALPHA not in alive(harvest)


def test_deleted_by_an_edit_is_deleted_by_a_person(harvest, source):
    record = harvest.records()[ALPHA]
    call_action("package_patch", {"user": harvest.official}, id=record["id"], state="deleted")
    report = harvest.run(made_anew(harvest, source, forgotten=True), REGISTER)
    assert (report.added, report.withdrawn) == (0, 1)


def test_what_was_cleared_is_taken_in_again(harvest, source):
    clear.clear({"user": harvest.official}, source)
    assert alive(harvest) == set()
    report = harvest.run(source, REGISTER)
    assert (report.added, report.withdrawn) == (2, 0)


def test_a_key_alone_is_no_decision_about_another_record():
    """Records without numbers are known by their key and title."""
    found = decisions.Deleted({}, {(decisions.digest_of("7"), "Piknik"): ("r1", True)})
    assert found.find("7", "Piknik", []) == ("r1", True)
    assert found.find("7", "Koncert", []) is None
    assert found.find("7", "Piknik", [("krs", ALPHA)]) is None


def test_the_bin_shows_it(harvest, source, app):
    delete(harvest)
    person = factories.SysadminWithToken()
    page = app.get("/panel/kosz", headers={"Authorization": person["token"]})
    assert "alfa" in BeautifulSoup(page.text, "html.parser").get_text().lower()
