"""A resident finds open calls for sport, follows them by calendar, and sees who got what."""

from pathlib import Path

import icalendar
import pytest

from tests.browser import keys
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_accessibility import runs_out, violations
from tests.cooperation import records
from tests.cooperation.records import ago, ahead


@pytest.fixture
def cooperation(portal):
    """Calls, grants and an event around one club; returns this year."""
    club = records.search(fq="dataset_type:ngo title:Klub")["results"][0]
    dates = {"open_date": ago(days=3), "offers_deadline_date": ahead(days=12)}
    call = records.create("call-for-offers", title="Sport dzieci", spheres=["17"], **dates)
    records.create("call-for-offers", title="Kultura", spheres=["16"], **dates)
    records.create(
        "call-for-offers",
        title="Sport dawny",
        open_date=ago(days=90),
        offers_deadline_date=ago(days=60),
        spheres=["17"],
    )
    year = records.today().year
    for number, amount in enumerate(("10 000", "2 500,50")):
        records.create(
            "grant",
            title=f"Treningi {number}",
            recipient=club["id"],
            call=call["id"],
            granted_amount=amount,
            year=str(year - number),
            spheres=["17"],
        )
    records.create("event", title="Turniej", organisers=[club["id"]], start_date=ahead(days=2))
    return year


PAGES = (
    "/call-for-offers/",
    "/event/?from=2026-01-01",
    "/szukaj?q=sport",
    "/kalendarz",
    "/kalendarz?view=lista",
    "/przekaz-1-5-procent",
    "/ngo/klub-plywacki-zabka",
    "/en/kalendarz",
)


def test_the_journey(cooperation, open_tab):
    tab = open_tab()
    tab.goto("/")
    tab.click("#ln-menu >> text=Nabory ofert")
    assert tab.locator(".ln-card").count() == 2
    tab.check('#ln-facets input[name="spheres"][value="17"]')
    tab.click("#ln-facets button[type=submit]")
    assert tab.locator(".ln-card h3").all_inner_texts() == ["Sport dzieci"]

    links = tab.locator(".ln-subscribe a")
    follow = links.nth(0).get_attribute("href")
    assert follow.startswith("webcal://")
    answer = tab.request.get(links.nth(1).get_attribute("href"))
    found = icalendar.Calendar.from_ical(answer.body()).walk("VEVENT")
    assert [str(event["summary"]) for event in found] == ["Termin składania ofert: Sport dzieci"]

    tab.click(".ln-card h3 a")
    tab.click(".ln-back tbody th a >> nth=0")
    tab.click(".ln-rows a[href*='/ngo/']")
    figures = tab.locator(".ln-money-profile").inner_text().replace("\u00a0", " ")
    assert f"{cooperation}" in figures
    assert "2500,50 zł" in figures
    assert "12 500,50 zł" in figures


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_journey_by_keyboard_alone(width, cooperation, open_tab):
    """Tab, Space and Enter from the front page to the money: nothing is clicked or focused."""
    tab = open_tab(width)
    tab.goto("/")
    if width == PHONE:
        open_by_key(tab, ".ln-menu-button", "#ln-menu.show")
    keys.press(tab, '#ln-menu a[href="/call-for-offers/"]')
    if width == PHONE:
        open_by_key(tab, ".ln-facets-button", "#ln-facets.show")
    keys.walk_to(tab, '#ln-facets input[name="spheres"][value="17"]')
    tab.keyboard.press("Space")
    keys.press(tab, "#ln-facets button[type=submit]")
    assert tab.locator(".ln-card h3").all_inner_texts() == ["Sport dzieci"]

    # a subscription opens the calendar's program, a file comes to whoever has none
    keys.walk_to(tab, '.ln-subscribe a[href^="webcal://"]')
    keys.walk_to(tab, '.ln-subscribe a[href*=".ics"]:not([href^="webcal"])')
    with tab.expect_download() as coming:
        tab.keyboard.press("Enter")
    found = icalendar.Calendar.from_ical(Path(coming.value.path()).read_bytes()).walk("VEVENT")
    assert [str(event["summary"]) for event in found] == ["Termin składania ofert: Sport dzieci"]

    keys.press(tab, ".ln-card h3 a", back=True)
    keys.press(tab, ".ln-back tbody th a")
    keys.press(tab, ".ln-rows a[href*='/ngo/']")
    figures = tab.locator(".ln-money-profile").inner_text().replace("\u00a0", " ")
    assert f"{cooperation}" in figures
    assert "12 500,50 zł" in figures


def open_by_key(tab, button, opened):
    keys.walk_to(tab, button)
    tab.keyboard.press("Enter")
    tab.wait_for_selector(opened)


def test_the_calendar_is_leafed_through_by_keyboard(cooperation, open_tab):
    tab = open_tab()
    tab.goto("/kalendarz?view=lista")
    keys.press(tab, ".ln-month-nav a[rel=next]")
    assert "month=" in tab.url


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_axe_finds_nothing_and_nothing_runs_out(width, cooperation, open_tab):
    tab = open_tab(width)
    call = records.search(fq="dataset_type:call-for-offers title:dzieci")["results"][0]
    found = {}
    for address in (*PAGES, f"/call-for-offers/{call['name']}"):
        tab.goto(address)
        found[address] = [*violations(tab), *(["runs out"] if runs_out(tab) > 0 else [])]
    assert {address: said for address, said in found.items() if said} == {}
