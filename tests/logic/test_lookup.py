"""``leszno_ngo_lookup``: by any number, in any spelling, for anyone."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories, helpers

pytestmark = pytest.mark.usefixtures("clean_catalogue")

KRS = "0000031247"
NIP = "6970020756"
REGON = "260000033"


@pytest.fixture
def record(ngo_factory):
    return ngo_factory(krs=KRS, nip=NIP, regon=REGON, register_number="KS/12")


def lookup(**parameters):
    return helpers.call_action("leszno_ngo_lookup", {"ignore_auth": False}, **parameters)


SPELLINGS = [
    ("krs", KRS),
    ("krs", "31247"),
    ("krs", 31247),
    ("krs", " KRS 0000 031 247 "),
    ("nip", NIP),
    ("nip", "697-00-20-756"),
    ("nip", "PL 697 002 07 56"),
    ("regon", REGON),
    ("regon", f"{REGON}00000"),
    ("regon", "260 000 033"),
    ("register_number", "KS/12"),
    ("register_number", "  KS/12 "),
    ("identifier", "31247"),
    ("identifier", KRS),
    ("identifier", "NIP 697-002-07-56"),
    ("identifier", REGON),
    ("identifier", "KS/12"),
]


def test_any_spelling_finds_the_record(record):
    expected = helpers.call_action("package_show", id=record["id"])
    for name, value in SPELLINGS:
        assert lookup(**{name: value}) == expected, (name, value)


def test_the_type_may_be_named(record):
    assert lookup(krs=KRS, type="ngo")["id"] == record["id"]


WRONG = [
    ({}, "identifier"),
    ({"krs": ""}, "identifier"),
    ({"krs": KRS, "nip": NIP}, "identifier"),
    ({"krs": "12345678901"}, "krs"),
    ({"krs": "abc"}, "krs"),
    ({"nip": "6970020757"}, "nip"),
    ({"regon": "123456789"}, "regon"),
    ({"nip": ["6970020756"]}, "nip"),
    ({"identifier": "<b>"}, "identifier"),
    ({"identifier": "\x00"}, "identifier"),
    ({"register_number": "<br>"}, "register_number"),
    ({"krs": KRS, "type": "dataset"}, "type"),
    ({"krs": KRS, "type": "nonsense"}, "type"),
]


def test_a_wrong_parameter_is_named(record):
    for parameters, named in WRONG:
        with pytest.raises(tk.ValidationError) as error:
            lookup(**parameters)
        assert list(error.value.error_dict) == [named], parameters
        assert error.value.error_dict[named][0]


def test_no_such_record(record):
    for parameters in ({"krs": "999"}, {"identifier": "nie ma takiego"}):
        with pytest.raises(tk.ObjectNotFound, match=next(iter(parameters.values()))):
            lookup(**parameters)


def test_a_record_one_may_not_see_is_not_found(ngo_factory):
    organisation = factories.Organization()
    ngo_factory(krs=KRS, private=True, owner_org=organisation["id"])
    with pytest.raises(tk.ObjectNotFound):
        lookup(krs=KRS)
    sysadmin = factories.Sysadmin()["name"]
    found = helpers.call_action(
        "leszno_ngo_lookup", {"user": sysadmin, "ignore_auth": False}, krs=KRS
    )
    assert found["private"]


def test_a_deleted_record_is_not_found(record):
    context = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("package_delete", context, id=record["id"])
    with pytest.raises(tk.ObjectNotFound):
        lookup(krs=KRS)


def test_over_http_without_an_account(app, record):
    answer = app.get("/api/3/action/leszno_ngo_lookup?krs=31247").json
    assert answer["success"] is True
    assert answer["result"]["id"] == record["id"]
    posted = app.post("/api/3/action/leszno_ngo_lookup", json={"nip": NIP}).json
    assert posted["result"] == answer["result"]
    missing = app.get("/api/3/action/leszno_ngo_lookup?krs=1", status=404).json
    assert missing["error"]["__type"] == "Not Found Error"
    assert "1" in missing["error"]["message"]
    wrong = app.get("/api/3/action/leszno_ngo_lookup?nip=1", status=409).json
    assert wrong["error"]["nip"]


def test_the_cost_of_a_lookup(record, sql_budget, solr_budget):
    # CKAN's own package_show takes the record from the index.
    with sql_budget(6), solr_budget(1):
        lookup(krs=KRS)
