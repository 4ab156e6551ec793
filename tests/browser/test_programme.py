"""The programme's page and its report in a browser, with the examples of ``make run`` in them."""

import datetime as dt

import pytest

from tests import example_portal
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_accessibility import runs_out, violations

TODAY = dt.date.today()  # noqa: DTZ011


@pytest.fixture
def year(server):
    example_portal.add_editor()
    example_portal.load(TODAY)
    return str(TODAY.year)


def test_the_programme_and_its_report(year, open_tab):
    pages_are_accessible_and_lead_to_the_records(year, open_tab)
    pages_are_short_and_results_near(year, open_tab)
    charts_keep_their_labels_inside(year, open_tab)


def pages_are_accessible_and_lead_to_the_records(year, open_tab):
    for width in (WIDE, PHONE):
        tab = open_tab(width)
        for address in ("/program", f"/program/raport/{year}", "/en/program?rok=2019"):
            tab.goto(address)
            assert violations(tab) == []
            assert runs_out(tab) <= 0
    tab = open_tab(WIDE)
    tab.goto(f"/program?rok={year}")
    number = tab.locator("#G1 .ln-counted a").first
    said = number.inner_text()
    number.click()
    assert tab.locator("#ln-count").inner_text() == said
    tab.goto(f"/program/raport/{year}")
    with tab.expect_download() as download:
        tab.locator(".ln-report-actions a").click()
    assert download.value.suggested_filename == f"sprawozdanie-{year}.docx"


#: Width → the tallest that the programme may be before anything is unfolded.
TALLEST = {WIDE: 3500, PHONE: 7000}
#: Stops of the Tab key from the top of a search to its first result, by the skip link.
MOST_STOPS = 15
_MENU = "details.ln-more"


def stops_to_results(tab):
    """Press Tab until a result has the focus; the link to the results is followed on the way."""
    for stop in range(1, 100):
        tab.keyboard.press("Tab")
        where = tab.evaluate(
            """() => document.activeElement.closest('.ln-card') ? 'result'
                   : document.activeElement.getAttribute('href')"""
        )
        if where == "#ln-results":
            tab.keyboard.press("Enter")
        if where == "result":
            return stop
    return None


def pages_are_short_and_results_near(year, open_tab):
    for width, most in TALLEST.items():
        tab = open_tab(width)
        tab.goto(f"/program?rok={year}")
        assert tab.evaluate("document.documentElement.scrollHeight") <= most
    tab = open_tab(WIDE)
    tab.goto("/grant/?q=przyk%C5%82ad&mode=small_grant&mode=open_call&sort=amount")
    assert stops_to_results(tab) <= MOST_STOPS
    tab.locator(f"{_MENU} summary").click()
    tab.locator(f"{_MENU} a").first.focus()
    tab.keyboard.press("Escape")
    assert tab.evaluate(f"document.querySelector('{_MENU}').open") is False
    assert tab.evaluate(f"document.activeElement === document.querySelector('{_MENU} summary')")


def charts_keep_their_labels_inside(year, open_tab):
    tab = open_tab(WIDE)
    tab.goto(f"/program/raport/{year}")
    out = tab.evaluate(
        """() => [...document.querySelectorAll('.ln-bars text')].filter(text => {
             const box = text.getBBox();
             return box.x < 0 || box.x + box.width > 640;
           }).map(text => text.textContent)"""
    )
    assert out == []
