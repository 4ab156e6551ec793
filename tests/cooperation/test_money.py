"""Money is counted in one way everywhere; every figure is worked out again from ``grant.csv``."""

import csv
import io
from collections import defaultdict
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.catalogue import money
from ckanext.leszno_ngo.cooperation import spending
from ckanext.leszno_ngo.search import solr
from tests.cooperation import loaded, records

# --------------------------------------------------------------------- the definition, without CKAN
STAGES = vocabularies.get("grant_status").codes
AMOUNTS = st.none() | st.decimals(min_value=0, max_value=10**7, places=2)
GRANTS = st.fixed_dictionaries(
    {
        "status": st.sampled_from(STAGES),
        **{f"{name}_amount": AMOUNTS for name in ("asked", "granted", "settled", "returned")},
    }
)


def measures(**record):
    return money.measures(loaded.record_type("grant"), record)


@pytest.mark.parametrize(
    ("stage", "concerned"),
    [
        ("granted", {"asked", "granted"}),
        ("contract", {"asked", "granted"}),
        ("in_progress", {"asked", "granted", "paid"}),
        ("report_due", {"asked", "granted", "paid"}),
        ("settled", {"asked", "granted", "paid", "settled", "returned"}),
        ("returned", {"asked", "granted", "paid", "returned"}),
        ("resigned", {"asked", "granted", "resigned"}),
    ],
)
def test_a_stage_says_which_measures_concern_a_grant(stage, concerned):
    found = measures(status=stage, granted_amount=100)
    assert set(found) == concerned
    assert found["asked"] is None
    assert {found.get(name, 100) for name in ("granted", "paid", "resigned")} == {100}


def test_what_is_returned_in_whole_is_what_was_granted_unless_an_amount_is_given():
    assert measures(status="returned", granted_amount=100)["returned"] == 100
    assert measures(status="returned", granted_amount=100, returned_amount=90)["returned"] == 90
    assert measures(status="settled", granted_amount=100)["returned"] is None
    assert measures(status="settled", granted_amount=100, returned_amount=0)["returned"] == 0


@given(st.lists(GRANTS, max_size=12))
def test_what_is_not_known_is_in_no_sum_and_never_zero(grants):
    found = money.add_up(loaded.record_type("grant"), grants)
    for measure in money.MEASURES:
        values = [measures(**grant)[measure] for grant in grants if measure in measures(**grant)]
        known = [value for value in values if value is not None]
        one = found[measure]
        assert (one.known, one.of) == (len(known), len(values))
        assert one.amount == (sum(known) if known or not grants else None)
    asked, granted = (found[name] for name in ("asked", "granted"))
    assert asked.of == granted.of == found.count == len(grants)


@given(st.lists(GRANTS, max_size=8), st.lists(GRANTS, max_size=8))
def test_sums_of_parts_add_up_to_the_sum_of_all(some, others):
    kind = loaded.record_type("grant")
    whole = money.add_up(kind, some + others)
    parts = money.add_up(kind, some), money.add_up(kind, others)
    for measure in money.MEASURES:
        added = parts[0][measure] + parts[1][measure]
        assert (added.known, added.of) == (whole[measure].known, whole[measure].of)
        assert (added.amount or 0) == (whole[measure].amount or 0)


# ------------------------------------------------------------------------------------- the pages
#: Year, recipient, mode, spheres, stage; asked, granted, settled, returned; in a call; funder.
MADE = (
    ("2026", "Klub A", "open_call", ["17"], "in_progress", 900, 800.5, None, None, True, ""),
    ("2026", "Klub A", "open_call", ["17", "1"], "settled", None, 700, 650, 50, True, ""),
    ("2026", "Klub B", "small_grant", ["1"], "settled", 500, 400, None, None, False, ""),
    ("2026", "Klub C", "small_grant", [], "resigned", 300, 300, None, None, False, ""),
    ("2026", "Klub B", "other_act", ["17"], "returned", None, 120, None, None, False, ""),
    ("2026", "Klub D", "outside_funder", ["17"], "granted", None, 9000, None, None, False, ""),
    ("2026", "Klub D", "open_call", ["1"], "granted", 10, 10, None, None, False, "Fundacja X"),
    ("2025", "Klub A", "open_call", ["17"], "contract", 100, 90, None, 5, False, ""),
    ("2025", "=Klub E", "open_call", ["17"], "granted", None, 60, None, None, False, ""),
)


@pytest.fixture
def grants(clean_catalogue):
    club = records.create("ngo", title="Klub A", name="klub-a", krs="0000031247")
    call = records.create("call-for-offers", title="Sport 2026", resolved_date="2026-03-01")
    for number, row in enumerate(MADE):
        year, name, mode, spheres, status, asked, granted, settled, returned, in_call, funder = row
        amounts = {"asked": asked, "granted": granted, "settled": settled, "returned": returned}
        given = {f"{key}_amount": value for key, value in amounts.items() if value is not None}
        more = {"recipient": club["id"]} if name == "Klub A" else {}
        more |= {"call": call["id"]} if in_call else {"outside_call": "true"}
        records.create(
            "grant",
            title=f"Zadanie {number}",
            recipient_name=name,
            mode=mode,
            spheres=spheres,
            status=status,
            funder=funder,
            year=year,
            granted_date=f"{year}-03-01",
            **{**given, **more},
        )
    records.create("grant", private=True, recipient_name="Ukryty", year="2026")


def table(app, address):
    raw = app.get(address, status=200).get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(raw)))


def soup(app, address):
    return BeautifulSoup(app.get(address, status=200).get_data(as_text=True), "html.parser")


def text(node):
    return " ".join(node.get_text(" ").replace("\xa0", " ").split())


# The file's headings, and the measures worked out anew of its cells: nothing of the code is used.
COLUMNS = {
    "Kto dostał": "Nazwa oferenta",
    "Na co": "Sfery zadań publicznych",
    "W jakim trybie": "Tryb",
    "W jakiej formie": "Forma zlecenia",
    "W których naborach": "Nabór",
    "Który wydział prowadzi": "Wydział lub biuro",
    "Na jakim etapie": "Etap",
    "Według lat": "Rok programu",
    "Czyje pieniądze": "Czyje pieniądze",
}
GIVEN = {"zadanie w realizacji", "czeka na sprawozdanie", "rozliczona", "zwrócona w całości"}
WHOSE = {
    "city": {"pieniądze Miasta"},
    "outside": {"pieniądze innych grantodawców"},
    "all": {"pieniądze Miasta", "pieniądze innych grantodawców"},
}


def recounted(rows):
    """Measure → (sum, known, concerned) of rows of ``grant.csv``."""
    found = defaultdict(list)
    for row in rows:
        said = {
            name: Decimal(row[f"{name} kwota"]) if row[f"{name} kwota"] else None
            for name in ("Wnioskowana", "Przyznana", "Rozliczona", "Zwrócona")
        }
        stage, granted, back = row["Etap"], said["Przyznana"], said["Zwrócona"]
        found["Wnioskowano"].append(said["Wnioskowana"])
        found["Przyznano"].append(granted)
        if stage in GIVEN:
            found["Wypłacono"].append(granted)
        if stage == "rozliczona" or said["Rozliczona"] is not None:
            found["Rozliczono"].append(said["Rozliczona"])
        if stage in ("rozliczona", "zwrócona w całości") or back is not None:
            found["Zwrócono"].append(
                granted if back is None and stage == "zwrócona w całości" else back
            )
        if stage == "rezygnacja z dotacji":
            found["Rezygnacje"].append(granted)
    return {
        name: (
            sum(filter(None, found[name]), Decimal(0)),
            sum(one is not None for one in found[name]),
            len(found[name]),
        )
        for name in (
            "Wnioskowano",
            "Przyznano",
            "Wypłacono",
            "Rozliczono",
            "Zwrócono",
            "Rezygnacje",
        )
    }


def said(row):
    return {
        name: (
            Decimal(row[name] or 0),
            int(row[f"{name}: wpisy z kwotą"]),
            int(row[f"{name}: wpisy, których to dotyczy"]),
        )
        for name in (
            "Wnioskowano",
            "Przyznano",
            "Wypłacono",
            "Rozliczono",
            "Zwrócono",
            "Rezygnacje",
        )
    }


def of_row(grants, row):
    """The rows of ``grant.csv`` that a row of the figures is of."""
    column = COLUMNS.get(row["Zestawienie"])
    if column is None:
        return grants
    name = row["Czego dotyczy suma"]
    if name == "nie podano":
        return [one for one in grants if not one[column]]
    return [one for one in grants if name in (one[column], *one[column].split("; "))]


def test_every_figure_is_what_the_grants_say(grants, app):
    every = table(app, "/grant.csv")
    assert len(every) == len(MADE)
    checked = 0
    for year in ("2026", "2025", "all"):
        for whose, words in WHOSE.items():
            for row in table(app, f"/pieniadze.csv?rok={year}&pieniadze={whose}"):
                kept = [
                    one
                    for one in every
                    if (
                        year == "all"
                        or row["Zestawienie"] == "Według lat"
                        or one["Rok programu"] == year
                    )
                    and (row["Zestawienie"] == "Czyje pieniądze" or one["Czyje pieniądze"] in words)
                ]
                mine = of_row(kept, row)
                assert int(row["Wpisy"]) == len(mine), row
                assert said(row) == recounted(mine), row
                checked += 1
    assert checked > 100


def test_the_page_says_what_its_files_say_and_leads_to_the_entries(grants, app):
    page = soup(app, "/pieniadze?rok=2026")
    assert text(page.select_one(".ln-money-sum")) == "2320,50 zł"
    assert text(page.select_one(".ln-money-counts")) == "5 dotacji 3 organizacje"
    rows = {
        (row["Zestawienie"], row["Czego dotyczy suma"]): row
        for row in table(app, "/pieniadze.csv?rok=2026")
    }
    seen = 0
    for caption, shown in (
        (text(one.caption).partition(":")[0], one) for one in page.select(".ln-money-table")
    ):
        caption = {"Według tego, czyje to pieniądze": "Czyje pieniądze"}.get(caption, caption)
        headings = [text(one) for one in shown.select("thead th")]
        for line in shown.select("tbody tr"):
            cells = dict(zip(headings, line.select("th, td"), strict=True))
            row = rows[caption, text(line.th)]
            for name, (amount, known, of) in said(row).items():
                digits = text(cells[name]).split(" zł")[0].replace(" ", "").replace(",", ".")
                assert (digits == "–") if not known else Decimal(digits) == amount
                assert (f"z {known} z {of}" in text(cells[name])) == (0 < known < of)
            link = cells["Liczba"].a
            if link:
                assert link["href"].endswith(row["Wyszukiwanie w katalogu"].partition("/grant/")[2])
                found = soup(app, link["href"]).find(id="ln-count")
                assert text(found).split(" ")[0] == row["Wpisy"] == text(link)
            seen += 1
    assert seen > 18
    assert rows["Kto dostał", "Klub A"]["Przyznano"] == "1500.50"


def test_charts_are_pictures_with_words_and_no_styles(grants, app):
    page = soup(app, "/pieniadze?rok=all&pieniadze=all")
    charts = page.select("svg.ln-chart")
    assert len(charts) == 9
    for chart in charts:
        assert chart["role"] == "img"
        assert all(text(chart.find(id=one)) for one in chart["aria-labelledby"].split())
        assert all(0 <= float(one["width"].rstrip("%")) <= 100 for one in chart.select("rect"))
    assert not page.select(".ln-money [style], .ln-money script")
    assert {"/ngo/klub-a"} <= {a["href"] for a in page.select(".ln-money-table th a")}
    names = {one.lower() for one in text(page.select_one(".ln-money-how")).split()}
    assert {"wnioskowano", "przyznano", "wypłacono", "rozliczono", "zwrócono"} <= names


def test_the_front_page_shows_the_newest_year_as_the_page_of_money_does(grants, app):
    front, page = soup(app, "/"), soup(app, "/pieniadze")
    both = (".ln-money-sum", ".ln-money-became", ".ln-money-years desc", "#years-table-caption")
    for part in both:
        assert text(front.select_one(part)) == text(page.select_one(part))
    assert [text(row) for row in front.select(".ln-money-table tbody tr")] == [
        text(row) for row in page.select_one("#years-table-caption").parent.select("tbody tr")
    ]


def test_the_front_page_says_a_dash_for_what_is_not_known(clean_catalogue, app):
    assert soup(app, "/").select_one(".ln-money") is None
    records.create("grant", year="2026", status="settled", granted_amount="700")
    became = [text(one) for one in soup(app, "/").select(".ln-money-became dd")]
    assert became == ["700 zł", "–", "–"]


def test_the_results_of_a_search_and_the_report_say_the_same(grants, app):
    strip = soup(app, "/grant/?year=2026&sort=amount").select_one(".ln-money-strip")
    assert [text(one) for one in strip.select("dl dd")] == ["2320,50 zł", "9010 zł"]
    strip = soup(app, "/grant/?year=2026&recipient_name=Klub+B").select_one(".ln-money-strip")
    assert [text(one) for one in strip.select("dl dd")] == ["520 zł"]
    assert soup(app, "/ngo/").select_one(".ln-money-strip") is None
    report = soup(app, "/program/raport/2026")
    (row,) = (
        [text(one) for one in row.select("td")]
        for row in report.select("table tbody tr")
        if text(row.th) == "pieniądze Miasta" and len(row.select("td")) == 8
    )
    assert row == [
        "5", "4", "1700 zł (z 3 z 5 dotacji)", "2320,50 zł", "2020,50 zł",
        "650 zł (z 1 z 2 dotacji)", "170 zł (z 2 z 3 dotacji)", "300 zł",
    ]  # fmt: skip
    assert "Etap" in [text(one) for one in report.select("table thead th")]


def test_a_long_ranking_sums_up_the_others_and_its_file_has_all(clean_catalogue, app, monkeypatch):
    monkeypatch.setattr(spending, "SHOWN", 2)
    monkeypatch.setattr(spending.compute_spending, "__defaults__", (2,))
    for number in range(1, 6):
        records.create("grant", recipient_name=f"Klub {number}", granted_amount=str(100 * number))
    kind = spending.summed_type()
    division = spending.compute_spending(kind, "2026", "city", "pl").division("recipient_name")
    assert [row.label for row in division.rows] == ["Klub 5", "Klub 4"]
    assert (division.count, division.others.money.count) == (5, 3)
    assert division.others.money["granted"].amount == 600
    assert len(table(app, "/pieniadze.csv?rok=2026&wedlug=recipient_name")) == 5


def test_the_json_file_says_what_the_csv_file_does(grants, app):
    found = app.get("/pieniadze.json?rok=2026").json
    sums = [(row["Zestawienie"], row) for row in table(app, "/pieniadze.csv?rok=2026")]
    measures = ("asked", "granted", "paid", "settled", "returned", "resigned")
    written = [
        (
            table["label"],
            row["label"],
            [
                (Decimal(str(one["amount"] or 0)), one["known"], one["of"])
                for one in (row["amounts"][name] for name in measures)
            ],
        )
        for table in found["tables"]
        for row in table["rows"]
    ]
    assert written == [
        (name, row["Czego dotyczy suma"], list(said(row).values())) for name, row in sums
    ]
    assert found["query"] == {"rok": "2026", "pieniadze": "city"}
    (alone,) = app.get("/pieniadze.json?rok=2026&wedlug=years").json["tables"]
    assert alone["name"] == "years"


@pytest.mark.parametrize("query", ["rok=latem", "pieniadze=moje", "wedlug=x", "separator=kropka"])
def test_a_wrong_value_is_told(clean_catalogue, app, query):
    app.get(f"/pieniadze.csv?{query}", status=400)
    if query.startswith(("rok", "pieniadze")):
        app.get(f"/pieniadze?{query}", status=400)


def test_without_solr_the_page_says_so(clean_catalogue, app, monkeypatch):
    def away(*args, **parameters):
        raise solr.SearchError("away")

    monkeypatch.setattr(solr, "ask", away)
    app.get("/pieniadze", status=503)
    app.get("/pieniadze.csv", status=503)
    app.get("/pieniadze.json", status=503)


def test_budget(grants, app, solr_budget, sql_budget):
    for address in ("/pieniadze", "/pieniadze?rok=all&pieniadze=all", "/pieniadze.csv"):
        app.get(address)
        with solr_budget(3), sql_budget(4):
            app.get(address)
    app.get("/grant/?year=2026")
    with solr_budget(1):
        app.get("/grant/?year=2026")
