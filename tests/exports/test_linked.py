"""Names of linked records in files: right, of public records only, at a constant cost."""

import csv
import io
import json

import pytest
from ckan.tests import helpers

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import linked_titles, records
from tests.cooperation.records import create, organisation, site_user, update

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def exported(app, address):
    return json.loads(app.get(address).get_data())["records"]


def of_csv(app, address):
    text = app.get(address).get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_link_is_an_identifier_and_a_name(app, ngo_factory):
    ngo = ngo_factory(title="Klub Łabędź")
    call = create("call-for-offers", title="Sport 2026")
    create("grant", recipient=ngo["id"], call=call["id"])
    (grant,) = exported(app, "/grant.json")
    assert (grant["recipient"], grant["recipient_title"]) == (ngo["id"], "Klub Łabędź")
    assert (grant["call"], grant["call_title"]) == (call["id"], "Sport 2026")
    assert (grant["partnership"], grant["partnership_title"]) == (None, None)
    (row,) = of_csv(app, "/grant.csv?lang=pl")
    assert row["Organizacja w katalogu"] == "Klub Łabędź"
    assert row["Organizacja w katalogu (identyfikator)"] == ngo["id"]
    assert list(row).index("Organizacja w katalogu (identyfikator)") == 2


def test_lists_and_tables_have_all_their_names(app, ngo_factory):
    one, other = ngo_factory(title="Jeden"), ngo_factory(title="Drugi")
    create("event", organisers=[one["id"], other["id"]])
    create(
        "partnership",
        parties=[{"ngo": one["id"]}, {"organisation": "Miasto"}, {"ngo": other["id"]}],
    )
    (event,) = exported(app, "/event.json")
    assert event["organisers_title"] == ["Jeden", "Drugi"]
    (partnership,) = exported(app, "/partnership.json")
    assert partnership["parties_ngo"] == [one["id"], other["id"]]
    assert partnership["parties_ngo_title"] == ["Jeden", "Drugi"]
    assert partnership["parties_organisation"] == ["Jeden", "Miasto", "Drugi"]
    (row,) = of_csv(app, "/partnership.csv?values=codes")
    assert row["parties_ngo_title"] == "Jeden; Drugi"


def test_a_renamed_target_has_its_new_name(app, ngo_factory):
    ngo = ngo_factory(title="Dawna nazwa")
    create("grant", recipient=ngo["id"], recipient_name="Dawna nazwa")
    update(ngo, title="Nowa nazwa", name="nowa-nazwa")
    (grant,) = exported(app, "/grant.json")
    assert grant["recipient_title"] == "Nowa nazwa"
    assert grant["recipient_name"] == "Dawna nazwa"


def test_a_deleted_or_private_target_is_not_told_of(app, ngo_factory):
    deleted, private = ngo_factory(title="Usunięta"), ngo_factory(title="Tajna")
    public = ngo_factory(title="Jawna")
    for ngo in (deleted, private):
        create("grant", recipient=ngo["id"], recipient_name="Nazwa z umowy")
    create("event", organisers=[private["id"], public["id"]])
    user = {"ignore_auth": True, "user": site_user()}
    helpers.call_action("package_delete", user, id=deleted["id"])
    update(private, private=True, owner_org=organisation())
    for grant in exported(app, "/grant.json"):
        assert grant["recipient"] is grant["recipient_title"] is None
        assert grant["recipient_name"] == "Nazwa z umowy"
    (event,) = exported(app, "/event.json")
    assert event["organisers"] == [public["id"]]
    assert event["organisers_title"] == ["Jawna"]
    for suffix in ("csv", "json"):
        assert "Tajna" not in app.get(f"/grant.{suffix}").get_data(as_text=True)


def test_the_cost_does_not_grow_with_the_links(ngo_factory, sql_budget, solr_budget):
    for _ in range(4):
        create("grant", recipient=ngo_factory()["id"], call=create("call-for-offers")["id"])
    grant = record_types.get("grant")
    found = records.find(records.Search(grant)).records
    with sql_budget(0), solr_budget(1):
        assert all(g["recipient_title"] for g in linked_titles.with_titles(found, grant))


def test_the_state_is_that_of_now_and_the_department_has_a_name(app):
    create("call-for-offers", open_date="2020-01-01", offers_deadline_date="2020-02-01")
    (call,) = exported(app, "/call-for-offers.json")
    assert call["state"] == "evaluated"
    shown = helpers.call_action("organization_show", id=organisation())
    assert call["department"] == shown["title"]
