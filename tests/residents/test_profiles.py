"""What an organisation's and a call's pages say of what is linked to them."""

import pytest
from bs4 import BeautifulSoup

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.search import backlinks
from tests.cooperation import records
from tests.cooperation.records import ago

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def page(app, address):
    return BeautifulSoup(app.get(address, status=200).body, "html.parser")


def text(element):
    return " ".join(element.get_text(" ").replace("\u00a0", " ").split())


@pytest.fixture
def ngo():
    return records.create("ngo", title="Klub Przykładowy", krs="0000031247")


@pytest.fixture
def grants(ngo):
    """Grants of three years; one of them was given back."""
    for year, amount, fields in (
        (2023, "1 000,50", {}),
        (2023, "2000", {}),
        (2025, "10 000", {"status": "settled"}),
        (2025, "7 000", {"status": "returned"}),
    ):
        records.create(
            "grant",
            title=f"Zadanie {year}",
            recipient=ngo["id"],
            year=str(year),
            granted_date=f"{year}-03-01",
            granted_amount=amount,
            **fields,
        )


def test_a_table_whose_rows_differ_in_what_they_have_is_shown(ngo, app):
    call = records.create(
        "call-for-offers",
        refused_offers=[
            {"organisation": "Klub", "ngo": ngo["id"], "task": "Turniej", "points": 0},
            {"organisation": "Bez wpisu", "task": "Biegi"},
        ],
    )
    soup = page(app, f"/call-for-offers/{call['name']}")
    table = next(t for t in soup.select(".ln-table") if "Turniej" in text(t))
    cells = [[text(cell) for cell in row.select("td")] for row in table.select("tbody tr")]
    assert "Klub Przykładowy" in cells[0]
    assert "Bez wpisu" in cells[1]
    assert "" in cells[1]


def test_the_course_of_a_call_begins_when_it_was_first_announced(app):
    call = records.create(
        "call-for-offers",
        announcements=[
            {"channel": "website", "date": "2026-01-30"},
            {"channel": "bip", "date": "2026-01-29"},
        ],
    )
    steps = page(app, f"/call-for-offers/{call['name']}").select(".ln-timeline li")
    assert text(steps[0]) == "Nabór ogłoszono 29 stycznia 2026"
    assert text(steps[1]).startswith("Nabór otwarty")


def figures(soup):
    """The table of money by year: label → number of grants and what was granted."""
    rows = soup.select_one(".ln-money-profile .ln-money-table").select("tbody tr, tfoot tr")
    cells = [[text(cell) for cell in row.select("th, td")] for row in rows]
    return {row[0]: (row[1], row[3]) for row in cells}


def test_money_by_year_is_a_table_with_every_year_and_a_total(ngo, grants, app):
    assert figures(page(app, f"/ngo/{ngo['name']}")) == {
        "2023": ("2", "3000,50 zł"),
        "2024": ("0", "0 zł"),
        "2025": ("2", "17 000 zł"),
        "Razem": ("4", "20 000,50 zł"),
    }


def test_the_rows_of_a_profile_add_up_to_its_total(ngo, grants, app):
    soup = page(app, f"/ngo/{ngo['name']}")
    table = soup.select_one(".ln-back table")
    headings = [text(one) for one in table.select("thead th")]
    amount, stage = headings.index("Przyznana kwota"), headings.index("Etap")
    rows = [[text(cell) for cell in row.select("th, td")] for row in table.select("tbody tr")]
    amounts = [row[amount].removesuffix(" zł").replace(" ", "").replace(",", ".") for row in rows]
    assert sum(map(float, amounts)) == 20_000.50
    assert sorted(row[stage] for row in rows) == [
        "przyznana", "przyznana", "rozliczona", "zwrócona w całości",
    ]  # fmt: skip
    total = text(soup.select_one(".ln-total"))
    assert total.startswith("Przyznano razem: 20 000,50 zł")
    assert "Zwrócono: 7000 zł z 1 z 2 dotacji" in total


def test_the_chart_shows_the_same_years_to_scale(ngo, grants, app):
    chart = page(app, f"/ngo/{ngo['name']}").select_one(".ln-money-profile svg")
    assert chart["role"] == "img"
    said = " ".join(chart["aria-labelledby"].split())
    assert [chart.find(id=one).name for one in said.split()] == ["title", "desc"]
    assert [text(label) for label in chart.select(".ln-chart-label")] == ["2023", "2024", "2025"]
    heights = [float(bar["height"]) for bar in chart.select(".ln-chart-bar")]
    assert heights == pytest.approx([160 * 3000.5 / 17000, 0, 160], abs=0.1)


def test_an_organisation_without_grants_has_no_chart(ngo, app):
    assert not page(app, f"/ngo/{ngo['name']}").select(".ln-money-profile")


def test_links_are_grouped_with_counts_and_lead_to_searches(ngo, grants, app):
    records.create("event", title="Piknik", organisers=[ngo["id"]], end_date="2026-05-10T20:00")
    records.create("event", title="Turniej", organisers=[ngo["id"]])
    records.create(
        "partnership",
        title="Rada Sportu",
        parties=[{"ngo": ngo["id"], "sector": "ngo", "role": "partner"}],
    )
    soup = page(app, f"/ngo/{ngo['name']}")
    groups = {text(s.h2): s for s in soup.select(".ln-back")}
    assert len(groups) == 3
    events = next(s for title, s in groups.items() if title.endswith("(2)"))
    assert {"Piknik", "Turniej"} <= {text(a) for a in events.select("li a")}
    listed = page(app, events.select("a")[-1]["href"])
    assert len(listed.select(".ln-card")) == 2
    assert any("Rada Sportu" in text(s) for s in groups.values())


def test_a_call_shows_its_course_and_its_results_with_their_sum(ngo, app):
    call = records.create(
        "call-for-offers",
        open_date=ago(days=90),
        offers_deadline_date=ago(days=60),
        resolved_date=ago(days=30),
    )
    for number in range(3):
        records.create(
            "grant",
            title=f"Zadanie {number}",
            call=call["id"],
            recipient=ngo["id"],
            granted_amount="1 500",
        )
    soup = page(app, f"/call-for-offers/{call['name']}")
    steps = [text(step) for step in soup.select(".ln-timeline .ln-step")]
    assert steps == ["Nabór otwarty", "Koniec składania ofert", "Nabór rozstrzygnięty"]
    assert all("ln-past" in li["class"] for li in soup.select(".ln-timeline li"))
    results = soup.select_one(".ln-back")
    assert len(results.select("tbody tr")) == 3
    assert text(results.select_one(".ln-total")).endswith("4500 zł")
    assert "Przykładowy Klub" in text(results)
    assert not soup.select(".ln-money-profile")


def test_the_sum_is_of_all_grants_not_of_those_shown(ngo, app):
    for number in range(25):
        records.create("grant", title=f"Z {number}", recipient=ngo["id"], granted_amount="100")
    soup = page(app, f"/ngo/{ngo['name']}")
    assert len(soup.select(".ln-back tbody tr")) == 20
    assert text(soup.select_one(".ln-total")).endswith("2500 zł")


def test_a_profile_costs_the_same_however_many_links(ngo, app, sql_budget, solr_budget):
    address = f"/ngo/{ngo['name']}"
    records.create("grant", recipient=ngo["id"])
    app.get(address)
    with sql_budget(20) as first, solr_budget(2):
        app.get(address)
    for number in range(15):
        records.create("grant", title=f"Z {number}", recipient=ngo["id"])
        records.create("event", title=f"W {number}", organisers=[ngo["id"]])
    with sql_budget(first.count), solr_budget(2):
        app.get(address)


def test_a_page_opens_while_the_search_is_away(ngo, app, monkeypatch):
    from ckan.lib.search.common import SearchError

    def away(*_args, **_kwargs):
        raise SearchError("away")

    monkeypatch.setattr(backlinks, "find", away)
    assert "Klub Przykładowy" in text(page(app, f"/ngo/{ngo['name']}").h1)


def test_private_grants_are_in_no_sum_for_the_public(ngo, app):
    records.create("grant", recipient=ngo["id"], private=True)
    assert not page(app, f"/ngo/{ngo['name']}").select(".ln-back, .ln-money-profile")
    assert backlinks.find({"user": ""}, record_types.get("ngo"), ngo["id"]) == []
