"""The search across types, the calendar, and the page of 1.5% of tax."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from ckanext.leszno_ngo import datetimes
from tests.cooperation import loaded, records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

TODAY = datetimes.today(dt.datetime.now(dt.timezone.utc))


def page(app, address, status=200):
    return BeautifulSoup(app.get(address, status=status).body, "html.parser")


def text(element):
    return " ".join(element.get_text(" ").replace("\u00a0", " ").split())


def titles(soup):
    return [link.get_text() for link in soup.select(".ln-card h3 a")]


# ------------------------------------------------------------------------------- /szukaj
@pytest.fixture
def one_of_each():
    for name in loaded.TYPES:
        records.create(name, title=f"Przykład {name}")
    records.create("ngo", title="Przykład: klub", krs="0000031247")


def test_everything_is_found_and_counted_by_type(one_of_each, app):
    soup = page(app, "/szukaj?q=przykład")
    boxes = soup.select("#ln-facets input[name=dataset_type]")
    assert {box["value"] for box in boxes} == {*loaded.TYPES, "ngo"}
    labels = [text(soup.find("label", {"for": box["id"]})) for box in boxes]
    assert "Dotacje (1)" in labels
    assert text(soup.select_one("#ln-count")).startswith("11 wpisów")


def test_types_can_be_chosen_and_cards_say_what_they_are(one_of_each, app):
    soup = page(app, "/szukaj?dataset_type=grant&dataset_type=event")
    assert set(titles(soup)) == {"Przykład grant", "Przykład event"}
    assert {text(kind) for kind in soup.select(".ln-card .ln-kind")} == {"Dotacja", "Wydarzenie"}


def test_datasets_are_not_among_entries(app):
    from ckan.tests import factories

    factories.Dataset(title="Zbiór")
    assert titles(page(app, "/szukaj")) == []
    assert titles(page(app, "/szukaj?dataset_type=dataset")) == []


@pytest.fixture
def spring():
    """Entries in April, around it, and one without dates."""
    records.create("event", title="W kwietniu", start_date="2026-04-10T10:00")
    records.create("event", title="W maju", start_date="2026-05-10T10:00")
    records.create("partnership", title="Cały rok", start_date="2026-01-01", end_date="2026-12-31")
    records.create("recognition", title="Nagroda", granted_date="2026-04-30")
    records.create("ngo", title="Bez dat", krs="0000031247")


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("from=2026-04-01&to=2026-04-30", {"W kwietniu", "Cały rok", "Nagroda"}),
        ("from=2026-05-01", {"W maju", "Cały rok"}),
        ("to=2026-04-09", {"Cały rok"}),
        ("from=2026-04-10&to=2026-04-10", {"W kwietniu", "Cały rok"}),
        ("from=2027-01-01", set()),
        ("from=2026-04-01&to=2026-04-30&dataset_type=event", {"W kwietniu"}),
    ],
)
def test_days_narrow_the_search_across_types(days, expected, spring, app):
    soup = page(app, f"/szukaj?{days}")
    assert set(titles(soup)) == expected
    assert soup.select_one("#filter-from")
    given = dict(pair.split("=") for pair in days.split("&"))
    typed = ".".join(reversed(given.get("to", "").split("-")))
    assert (soup.select_one("#filter-to").get("value") or "") == typed


def test_feeds_across_types_take_days_too(spring, app):
    feed = app.get("/szukaj.atom?from=2026-04-01&to=2026-04-30").body
    assert "W kwietniu" in feed
    assert "W maju" not in feed


def test_a_day_that_is_none_is_said_beside_its_field(spring, app):
    soup = page(app, "/szukaj?from=kiedyś")
    assert soup.select_one("#filter-from")["aria-invalid"] == "true"
    assert len(titles(soup)) == 5


def test_the_search_across_types_asks_little(one_of_each, app, sql_budget, solr_budget):
    app.get("/szukaj")
    with sql_budget(2), solr_budget(1):
        app.get("/szukaj?q=przykład")


@pytest.mark.parametrize("query", ["q=title:[* TO", "dataset_type=%22)+OR+(*:*", "page=-1"])
def test_hostile_addresses_do_no_harm(query, one_of_each, app):
    assert app.get(f"/szukaj?{query}").status_code in (200, 400)


# ------------------------------------------------------------------------------- /kalendarz
@pytest.fixture
def march():
    records.create(
        "event", title="Piknik", start_date="2026-03-14 10:00", end_date="2026-03-15 18:00"
    )
    records.create(
        "call-for-offers",
        title="Nabór na sport",
        open_date="2026-02-20 08:00",
        offers_deadline_date="2026-03-31 23:59",
    )
    records.create(
        "event", title="Długa wystawa", start_date="2026-02-01 10:00", end_date="2026-03-20 18:00"
    )
    records.create("event", title="Kwiecień", start_date="2026-04-20 10:00")
    records.create("event", title="Tajne", start_date="2026-03-10 10:00", private=True)


def by_day(soup):
    """Day of the month → titles of its entries."""
    found = {}
    for cell in soup.select(".ln-month td"):
        shown = [text(a) for a in cell.select("a")]
        if shown:
            found[cell.time["datetime"]] = shown
    return found


def test_a_month_shows_each_entry_on_its_days(march, app):
    assert by_day(page(app, "/kalendarz?month=2026-03")) == {
        "2026-03-14": ["Piknik"],
        "2026-03-15": ["Piknik"],
        "2026-03-20": ["Długa wystawa"],
        "2026-03-31": ["Nabór na sport"],
    }


def test_the_list_has_the_same_entries_as_the_grid(march, app):
    soup = page(app, "/kalendarz?month=2026-03&view=lista")
    days = {
        li.time["datetime"]: [text(a) for a in li.select("a")]
        for li in soup.select(".ln-agenda > li")
    }
    assert days == by_day(page(app, "/kalendarz?month=2026-03"))


@pytest.mark.parametrize(
    "address", ["/kalendarz?month=2026-03", "/kalendarz?month=2026-03&view=lista"]
)
def test_what_was_cancelled_is_marked(address, app):
    times = {"start_date": "2026-03-10 17:00", "cancelled_date": "2026-03-01"}
    records.create("event", title="Piknik", **times, cancelled_reason="Pogoda")
    link = page(app, address).find("a", string="Piknik")
    assert "odwołane" in link.parent.get_text()


def test_neighbouring_months_are_links_and_kinds_can_be_chosen(march, app):
    soup = page(app, "/kalendarz?month=2026-12&type=event")
    before, after = soup.select(".ln-month-nav a")
    assert "month=2026-11" in before["href"]
    assert "month=2027-01" in after["href"]
    assert "type=event" in after["href"]
    only = by_day(page(app, "/kalendarz?month=2026-03&type=call-for-offers"))
    assert only == {"2026-03-31": ["Nabór na sport"]}


def test_the_present_month_is_shown_first_and_today_is_marked(app):
    soup = page(app, "/kalendarz")
    (today,) = soup.select(".ln-today")
    assert today.time["datetime"] == TODAY.isoformat()
    assert not by_day(soup)


@pytest.mark.parametrize(
    "query",
    ["month=2026-13", "month=0001-01", "month=9999-12", "month=%22%3E", "view=x", "type=dataset"],
)
def test_a_hostile_month_is_the_present_one(query, app):
    assert page(app, f"/kalendarz?{query}").select(".ln-today")


def test_a_month_is_one_request(march, app, sql_budget, solr_budget):
    app.get("/kalendarz?month=2026-03")
    with sql_budget(2), solr_budget(1):
        app.get("/kalendarz?month=2026-03")


def test_solr_away_is_said_politely(app, monkeypatch):
    from ckan.lib.search.common import SearchError

    from ckanext.leszno_ngo.search import solr

    def away(*_args, **_kwargs):
        raise SearchError("away")

    monkeypatch.setattr(solr, "ask", away)
    assert page(app, "/kalendarz", status=503).select("[role=alert]")


# ------------------------------------------------------------------------------- 1.5 %
def test_only_organisations_on_a_current_list_are_shown(app, sql_budget, solr_budget):
    years = {"Bieżąca": TODAY.year, "Z zeszłego roku": TODAY.year - 1, "Dawna": TODAY.year - 2}
    for number, (title, year) in enumerate(years.items()):
        krs = ("0000031247", "0000034219", "0000030897")[number]
        records.create(
            "ngo", title=title, krs=krs, opp=True, opp_tax_years=[str(year)], spheres=["17"]
        )
    address = "/przekaz-1-5-procent"
    soup = page(app, address)
    assert titles(soup) == ["Bieżąca", "Z zeszłego roku"]
    assert "0000031247" in text(soup.select(".ln-card")[0])
    assert titles(page(app, f"{address}?spheres=17")) == ["Bieżąca", "Z zeszłego roku"]
    assert titles(page(app, f"{address}?spheres=16")) == []
    with sql_budget(3), solr_budget(4):
        app.get(address)


# ------------------------------------------------------------------------------- menu
def test_every_type_and_page_is_in_the_menu_once(app):
    links = [a["href"].rstrip("/") for a in page(app, "/").select("#ln-menu a")]
    for name in (*loaded.TYPES, "ngo", "kalendarz", "szukaj", "przekaz-1-5-procent"):
        assert links.count(f"/{name}") == 1
