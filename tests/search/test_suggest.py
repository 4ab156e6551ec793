"""Suggestions while typing, and another spelling for what finds nothing."""

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.search import leszno

pytestmark = pytest.mark.usefixtures("register")


def suggested(q: str, **parameters) -> list[str]:
    found = call_action("leszno_ngo_suggest", q=q, **parameters)
    return [record["identifiers"]["krs"] for record in found]


SUGGESTIONS = {
    "ama": "0000055194",
    "AMA": "0000055194",
    "klub pl": "0000055622",
    "pł": "0000055622",
    "zywn": "0000034219",
    "żywn": "0000034219",
    "uśmiech jes": "0000399979",
    "nasz św": "0000578402",
    "0000031247": "0000031247",
    "0000031": "0000031247",
    "3124": "0000031247",
    "697-205-12": "0000031247",
    "PL697205124": "0000031247",
    "697 205 12 4": "0000031247",
}


def test_suggestions():
    wrong = {q: suggested(q) for q, krs in SUGGESTIONS.items() if krs not in suggested(q)}
    assert wrong == {}


def test_a_suggestion_has_what_a_list_shows():
    [found] = call_action("leszno_ngo_suggest", q="lions")
    assert found == {
        "name": "krs-0000031247",
        "title": "Lions Club Leszno 2000",
        "type": "ngo",
        "identifiers": {"krs": "0000031247", "nip": "6972051241"},
    }


def test_nothing_to_suggest():
    hostile = ["", " ", "???", "-", "xyzzy", "kolory xyzzy", "{!lucene}a", '"', "\x00", "*:*"]
    assert {q: suggested(q) for q in hostile if suggested(q)} == {}


def test_limits():
    assert len(suggested("s", limit=20)) > 10
    assert len(suggested("s", limit=3)) == 3
    assert len(suggested("s")) == tk.config["ckanext.leszno_ngo.search.suggestions"]
    for limit in (0, 21, "many"):
        with pytest.raises(tk.ValidationError):
            suggested("s", limit=limit)
    with pytest.raises(tk.ValidationError):
        suggested("s", type="nonsense")


def test_one_request_to_solr_and_none_to_the_database(solr_budget):
    suggested("ama")
    with solr_budget(1):
        suggested("ama")


def test_anonymous_over_http(app):
    answer = app.get("/api/3/action/leszno_ngo_suggest?q=amazon")
    assert [r["title"] for r in answer.json["result"]]


def test_private_and_deleted_records_are_never_suggested():
    user = factories.Sysadmin()["name"]
    organization = factories.Organization()
    hidden = leszno.record(leszno.rows()[0]) | {
        "name": "tajemna",
        "title": "Tajemnicza organizacja",
        "krs": "0000999991",
        "nip": "",
        "private": True,
        "owner_org": organization["id"],
    }
    record = call_action("package_create", {"user": user}, **hidden)
    try:
        assert suggested("tajemnicz") == []
        assert offered("tajemniczz") is None
        shown = call_action("package_patch", {"user": user}, id=record["id"], private=False)
        assert suggested("tajemnicz") == ["0000999991"]
        assert offered("tajemniczz") == "tajemnicza"
        call_action("package_delete", {"user": user}, id=shown["id"])
        assert suggested("tajemnicz") == []
    finally:
        call_action("dataset_purge", {"user": user}, id=record["id"])


def test_on_a_stock_solr_parts_of_titles_are_suggested(stock_solr):
    assert "0000055194" in suggested("amazon")


# ---------------------------------------------------------------- another spelling
def offered(q: str) -> str | None:
    from ckanext.leszno_ngo.search import did_you_mean

    return did_you_mean.offer(q, ["ngo"])


def test_offers_of_the_table():
    """What is offered is as in the table, and finds the right record."""
    wrong = {}
    for entry in leszno.queries():
        if "instead" not in entry:
            continue
        offer = offered(entry["q"])
        found = call_action("package_search", q=offer or "", fq="dataset_type:ngo", rows=3)
        first = {record["krs"] for record in found["results"]}
        if offer != entry["instead"] or not first & set(entry["right"]):
            wrong[entry["q"]] = (offer, first)
    assert wrong == {}


def test_words_that_are_right_stay_as_typed():
    assert offered("klub ljons") == "klub lions"
    assert offered("fundacja urolofii") == "fundacja urologii"
    assert offered("Fundacja uroligii") == "Fundacja urologii"


def test_nothing_to_offer():
    for q in (
        "",
        None,
        "xyzzyxyzzy",
        "title:kolry",
        '"kolry"',
        "9999999999",
        "kolory " * 20,
        "\x00",
    ):
        assert offered(q) is None, q


def test_no_offer_on_a_stock_solr(stock_solr):
    assert offered("ljons") is None


def test_while_solr_is_away_there_is_no_offer_and_suggestions_say_so(ckan_config, monkeypatch):
    from ckan.lib.search.common import SearchError

    from ckanext.leszno_ngo.search import capability, suggest

    away = "http://127.0.0.1:9/solr/none"
    monkeypatch.setitem(ckan_config, "solr_url", away)
    monkeypatch.setitem(capability._known, away, True)
    assert offered("ljons") is None
    with pytest.raises(SearchError):
        suggest.suggest("lions", ["ngo"], 5)
