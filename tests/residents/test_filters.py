"""The state that dates put a record in, and ranges of days, as filters of a search."""

import pytest
from bs4 import BeautifulSoup

from tests.cooperation import records
from tests.cooperation.records import ago, ahead

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def page(app, address, status=200):
    return BeautifulSoup(app.get(address, status=status).body, "html.parser")


def titles(soup):
    return [link.get_text() for link in soup.select(".ln-card h3 a")]


def states(soup):
    """State → (number, ticked)."""
    found = {}
    for box in soup.select("#ln-facets input[name=state][type=checkbox]"):
        label = soup.find("label", {"for": box["id"]})
        number = label.select_one(".ln-number").get_text().strip("()")
        found[box["value"]] = (int(number), box.has_attr("checked"))
    return found


@pytest.fixture
def calls():
    """A call in each state, and another that is open."""
    opened = {"open_date": ago(days=3), "offers_deadline_date": ahead(days=5)}
    closed = {"open_date": ago(days=40), "offers_deadline_date": ago(days=10)}
    records.create("call-for-offers", title="Otwarty", **opened)
    records.create("call-for-offers", title="Otwarty drugi", spheres=["16"], **opened)
    records.create("call-for-offers", title="Oceniany", **closed)
    records.create("call-for-offers", title="Rozstrzygnięty", **closed, resolved_date=ago(days=2))
    records.create(
        "call-for-offers",
        title="Planowany",
        open_date=ahead(days=2),
        offers_deadline_date=ahead(days=30),
    )


def test_calls_that_are_open_now_are_shown_first_and_the_others_counted(calls, app):
    soup = page(app, "/call-for-offers/")
    assert titles(soup) == ["Otwarty", "Otwarty drugi"]
    assert states(soup) == {
        "planned": (1, False),
        "open": (2, True),
        "evaluated": (1, False),
        "resolved": (1, False),
        "archived": (0, False),
        "annulled": (0, False),
    }


def test_counts_of_states_follow_words_and_facets(calls, app):
    assert states(page(app, "/call-for-offers/?spheres=16"))["open"] == (1, True)
    assert states(page(app, "/call-for-offers/?q=otwarty"))["open"] == (2, True)
    assert states(page(app, "/call-for-offers/?q=planowany"))["planned"] == (1, False)


def test_a_choice_of_states_takes_the_place_of_the_usual_one(calls, app):
    soup = page(app, "/call-for-offers/?state=planned&state=resolved")
    assert set(titles(soup)) == {"Planowany", "Rozstrzygnięty"}
    assert len(titles(page(app, "/call-for-offers/?state=all"))) == 5


def test_taking_the_usual_filter_back_gives_everything(calls, app):
    soup = page(app, "/call-for-offers/")
    for link in soup.select(".ln-chosen li a"):
        assert len(titles(page(app, link["href"]))) == 5


def test_a_form_without_a_tick_means_every_state(calls, app):
    soup = page(app, "/call-for-offers/")
    hidden = soup.select_one("#ln-facets input[type=hidden][name=state]")
    assert hidden["value"] == "all"


def test_the_usual_search_is_for_search_engines_and_a_narrowed_one_is_not(calls, app):
    assert not page(app, "/call-for-offers/").select("meta[name=robots]")
    assert page(app, "/call-for-offers/?state=planned").select("meta[name=robots]")


def test_words_found_only_among_ended_ones_offer_them(calls, app):
    soup = page(app, "/call-for-offers/?q=rozstrzygnięty")
    assert titles(soup) == []
    offer = next(a for a in soup.select(".ln-nothing a") if "state=all" in a["href"])
    assert titles(page(app, offer["href"])) == ["Rozstrzygnięty"]


def test_no_other_spelling_is_looked_for_where_the_words_find_something(calls, app, solr_budget):
    with solr_budget(2):
        page(app, "/call-for-offers/?q=rozstrzygnięty")


def test_downloads_are_of_what_the_page_shows(calls, app):
    soup = page(app, "/call-for-offers/")
    address = soup.select_one('.ln-downloads a[href*=".csv"]')["href"]
    text = app.get(address).get_data(as_text=True)
    assert "Otwarty drugi" in text
    assert "Planowany" not in text


@pytest.mark.parametrize(
    ("days", "said"), [(1, "1 day left"), (2, "2 days left"), (5, "5 days left")]
)
def test_days_left_are_said_on_the_card(days, said, app):
    records.create("call-for-offers", open_date=ago(days=1), offers_deadline_date=ahead(days=days))
    assert said in page(app, "/en/call-for-offers/").select_one(".ln-card .ln-badges").get_text()


def test_a_guide_is_out_of_date_or_nothing_is_said_of_it(app):
    for title, end in (("Dawny", ago(days=2)), ("Obecny", ahead(days=2)), ("Bez dat", "")):
        records.create("guide", title=title, valid_to_date=end[:10])
    soup = page(app, "/guide/?state=all")
    said = {
        card.h3.get_text(strip=True): [one.get_text() for one in card.select(".ln-badge")]
        for card in soup.select(".ln-card")
    }
    assert said["Dawny"] == ["nieaktualne"]
    assert [text for text in said["Obecny"] if "jeszcze" not in text] == said["Bez dat"] == []
    states = [label.get_text().split()[0] for label in soup.select("label[for^=facet-state]")]
    assert states == ["aktualne", "nieaktualne"]


@pytest.fixture
def events():
    for title, start, end in (
        ("Marzec", "2026-03-10 10:00", "2026-03-10 12:00"),
        ("Cała wiosna", "2026-03-01 08:00", "2026-05-31 20:00"),
        ("Koniec kwietnia", "2026-04-30 23:30", "2026-04-30 23:50"),
    ):
        records.create("event", title=title, start_date=start, end_date=end)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from=2026-04-01&to=2026-04-30", {"Cała wiosna", "Koniec kwietnia"}),
        ("from=2026-03-10&to=2026-03-10", {"Marzec", "Cała wiosna"}),
        ("to=2026-03-01", {"Cała wiosna"}),
        ("from=2026-05-01", {"Cała wiosna"}),
        ("from=1.05.2026&to=1.06.2026", {"Cała wiosna"}),
        ("from=2026-06-01", set()),
        ("from=2026-05-01&to=2026-04-30&q=marzec", set()),
    ],
)
def test_a_range_of_days_finds_what_falls_into_it(events, app, query, found):
    assert set(titles(page(app, f"/event/?state=all&{query}"))) == found


def test_a_day_that_is_none_is_said_beside_the_field(events, app):
    soup = page(app, "/event/?state=all&from=kiedyś")
    field = soup.select_one("#filter-from")
    assert field["aria-invalid"] == "true"
    assert "kiedyś" in soup.find(id=field["aria-describedby"]).get_text()
    assert len(titles(soup)) == 3


def test_records_can_be_found_by_what_they_link_to(app):
    ngo = records.create("ngo", title="Klub Przykładowy", krs="0000031247")
    records.create("grant", title="Jego", recipient=ngo["id"])
    records.create("grant", title="Cudza")
    soup = page(app, f"/grant/?recipient={ngo['id']}")
    assert titles(soup) == ["Jego"]
    assert "Klub Przykładowy" in soup.select_one(".ln-chosen").get_text()


def test_the_page_of_a_type_with_states_asks_little(calls, app, sql_budget, solr_budget):
    app.get("/call-for-offers/")
    # one statement is for the page's tag (views/shared/page_caching.py)
    with sql_budget(3), solr_budget(2):
        app.get("/call-for-offers/")
    with sql_budget(4), solr_budget(3):
        app.get("/call-for-offers/?spheres=17&from=2026-01-01&state=all")


@pytest.mark.parametrize("query", ["state=%22)", "from=2026-99-99", "to={!x}", "from=1&from=2"])
def test_hostile_filters_do_no_harm(query, events, app):
    app.get(f"/event/?{query}", status=200)
