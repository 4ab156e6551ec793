"""What the programme page counts."""

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import helpers

from ckanext.leszno_ngo import vocabularies
from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def figures(year="2026"):
    return helpers.call_action("leszno_ngo_programme", year=year)


def by_code(lines):
    return {line["code"]: line for line in lines}


def test_all_goals_and_forms_are_there_without_records():
    answer = figures()
    assert [line["code"] for line in answer["goals"]] == list(
        vocabularies.get("programme_goals").codes
    )
    assert [line["code"] for line in answer["forms"]] == list(
        vocabularies.get("programme_forms").codes
    )
    assert {line["count"] for line in answer["goals"] + answer["forms"]} == {0}
    assert answer["total"] == {"count": 0, "parts": []}
    assert answer["programme"] is None


def test_counts_and_sums_of_a_year():
    records.create("grant", granted_amount="1000", asked_amount="1500", granted_date="2026-01-05")
    records.create("grant", granted_amount="0,10", granted_date="2026-02-05")
    records.create("grant", granted_amount="7000", granted_date="2025-02-05")
    records.create("event")
    answer = figures()
    form = by_code(answer["forms"])["F01"]
    (part,) = form["parts"]
    assert (form["count"], part["type"], part["count"]) == (2, "grant", 2)
    assert part["money"]["amount"]["amount"] == 1000.10
    assert part["money"]["asked"]["amount"] == 1500
    assert part["search"] == "/grant/?programme_forms=F01&year=2026"
    goals = by_code(answer["goals"])
    assert goals["G1"]["count"] == 3  # two grants and the training (F05 serves G1, G7 and G9)
    assert goals["G7"]["count"] == 1
    assert answer["total"]["count"] == 3
    assert answer["years"] == ["2026", "2025"]


def test_a_record_of_two_forms_counts_in_each_and_once_in_all():
    records.create("event", programme_forms=["F05", "F14"])
    answer = figures()
    forms = by_code(answer["forms"])
    assert (forms["F05"]["count"], forms["F14"]["count"]) == (1, 1)
    assert answer["total"]["count"] == 1
    assert by_code(answer["goals"])["G9"]["count"] == 1


def test_the_register_counts_in_the_forms_that_it_is(ngo_factory):
    ngo_factory(opp="true")
    ngo_factory()
    forms = by_code(figures()["forms"])
    assert [forms[code]["count"] for code in ("F17", "F18", "F19")] == [2, 2, 1]
    assert forms["F19"]["parts"][0]["search"] == "/ngo/?opp=true"
    goals = by_code(figures()["goals"])
    assert goals["G6"]["count"] == 2
    assert goals["G6"]["parts"][0]["search"] == "/ngo/"


def test_what_stands_counts_in_every_year():
    records.create("premises")
    records.create("guide", kind="contact_point")
    for year in ("2024", "2026"):
        forms = by_code(figures(year)["forms"])
        assert (forms["F22"]["count"], forms["F11"]["count"]) == (1, 1)


def test_drafts_and_private_records_do_not_count():
    records.create("grant", private=True)
    records.create("grant", state="draft")
    assert figures()["total"]["count"] == 0


def test_the_programme_of_the_year():
    records.create("programme", year="2026", priorities="Sport")
    programme = figures()["programme"]
    assert (programme["planned_amount"], programme["priorities"]) == (100000, "Sport")
    assert figures("2025")["programme"] is None


def test_the_newest_year_that_has_begun_is_the_usual_one():
    records.create("event", year="2024", start_date="2024-05-10T17:00")
    records.create("event", year="2090")
    answer = helpers.call_action("leszno_ngo_programme")
    assert answer["year"] == "2024"


def test_a_wrong_year_is_refused():
    with pytest.raises(tk.ValidationError) as error:
        figures("rok")
    assert "year" in error.value.error_dict


def test_budget(solr_budget, sql_budget):
    for type_name in records.SMALL:
        records.create(type_name)
    figures()
    with solr_budget(2), sql_budget(4):
        figures()


def test_each_search_finds_what_was_counted(app):
    records.create("grant", granted_date="2026-01-05")
    records.create("grant", granted_date="2025-01-05")
    records.create("partnership", start_date="2026-02-01")
    records.create("guide", kind="advice")
    records.create("call-for-offers", resolved_date="2026-03-01")
    for line in figures()["forms"] + figures()["goals"]:
        for part in line["parts"]:
            page = app.get(part["search"]).get_data(as_text=True)
            assert f'<h2 id="ln-count">{part["count"]} ' in page.replace("\xa0", " "), part
