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


# -------------------------------------------------------------------- what runs for several years
RUNNING = {
    "partnership": {"start_date": "2024-11-01", "end_date": "2026-02-01"},
    "event": {"start_date": "2024-11-01T17:00", "end_date": "2026-02-01T17:00"},
    "consultation": {"start_date": "2024-11-01", "comments_deadline_date": "2026-02-01"},
    "volunteering": {"start_date": "2024-11-01 09:00", "end_date": "2026-02-01 09:00"},
}


def counted(app, type_name, year):
    """How many a year's figures have of a type; the search behind them must find as many."""
    parts = [p for p in figures(year)["total"]["parts"] if p["type"] == type_name]
    if not parts:
        return 0
    page = app.get(parts[0]["search"]).get_data(as_text=True).replace("\xa0", " ")
    assert f'<h2 id="ln-count">{parts[0]["count"]} ' in page
    return parts[0]["count"]


@pytest.mark.parametrize("type_name", RUNNING)
def test_what_runs_counts_in_every_year_that_it_runs(app, type_name):
    records.create(type_name, **RUNNING[type_name])
    years = ("2023", "2024", "2025", "2026", "2027")
    assert [counted(app, type_name, year) for year in years] == [0, 1, 1, 1, 0]
    assert figures()["years"] == ["2026", "2025", "2024"]


def test_every_type_with_a_start_and_an_end_says_how_its_years_are_counted():
    """Money is of the year it was granted for; the rest counts in each year it runs."""
    from ckanext.leszno_ngo import record_types
    from ckanext.leszno_ngo.cooperation.figures import is_yearly

    for record_type in record_types.all_types():
        ends = {"start", "end"} <= set(record_type.dates)
        by_budget = record_type.money_source is not None
        assert bool(record_type.runs) == (ends and is_yearly(record_type) and not by_budget), (
            record_type.name
        )


def test_a_partnership_without_an_end_runs_on(app):
    today = records.today()
    records.create("partnership", start_date=f"{today.year - 1}-05-01")
    for year, number in ((-2, 0), (-1, 1), (0, 1), (1, 1)):
        assert counted(app, "partnership", str(today.year + year)) == number
    assert figures()["years"] == [str(today.year + n) for n in (1, 0, -1)]
    page = app.get("/partnership/").get_data(as_text=True)
    assert f'value="{today.year + 1}"' in page
    assert f'value="{today.year + 2}"' not in page


def test_the_year_that_an_official_gives_counts_beside_those_of_the_dates(app):
    records.create("partnership", year="2022", **RUNNING["partnership"])
    assert [counted(app, "partnership", y) for y in ("2022", "2023", "2024")] == [1, 0, 1]


# --------------------------------------------------------------------------------- whose money
@pytest.fixture
def sources():
    """The City's grant, another funder's, and what an operator passed on from the City's."""
    operators = records.create("grant", mode="regranting", granted_amount="20000")
    records.create("grant", mode="regranting", granted_amount="3000", regrant_of=operators["id"])
    records.create("grant", mode="other_act", granted_amount="7000", funder="Powiat Leszczyński")
    records.create("grant", mode="outside_funder", granted_amount="90000")
    records.create("call-for-offers", mode="outside_funder", budget_amount="500000")


def test_money_of_the_city_stands_apart_from_others(app, sources):
    parts = {part["type"]: part for part in figures()["total"]["parts"]}
    shown = {
        one["code"]: (one["count"], one["money"]["amount"]["amount"])
        for one in parts["grant"]["sources"]
    }
    assert shown == {"city": (1, 20000), "outside": (2, 97000), "passed_on": (1, 3000)}
    (call,) = parts["call-for-offers"]["sources"]
    assert (call["code"], call["money"]["planned"]["amount"]) == ("outside", 500000)
    for one in [*parts["grant"]["sources"], call]:
        page = app.get(one["search"]).get_data(as_text=True).replace("\xa0", " ")
        assert f'<h2 id="ln-count">{one["count"]} ' in page
    page = app.get("/en/program?rok=2026").get_data(as_text=True)
    assert "other funders&#39; money</a>: <strong>PLN 97,000" in page.replace("\xa0", " ")


def test_statistics_tell_whose_money_it_is(sources):
    answer = helpers.call_action("leszno_ngo_statistics", type="grant")
    (field,) = [one for one in answer["fields"] if one["name"] == "money_source"]
    counts = {one["value"]: one["count"] for one in field["counts"]}
    assert counts == {"city": 1, "outside": 2, "passed_on": 1}


def test_whose_money_it_is_is_never_typed(sources):
    found = records.search(fq="dataset_type:grant money_source:outside")["results"]
    assert len(found) == 2
    assert all("money_source" not in one for one in found)
    assert {one["computed"]["money_source"] for one in found} == {"outside"}
    made = records.create("grant", money_source="outside")
    assert made["computed"]["money_source"] == "city"
