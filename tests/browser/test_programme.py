"""The programme's page and its report in a browser, with the examples of ``make run`` in them."""

import datetime as dt

import pytest
from ckan.tests import factories

from devstack import contents, examples
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_accessibility import runs_out, violations

TODAY = dt.date.today()  # noqa: DTZ011


@pytest.fixture
def year(server):
    user = factories.User(name=contents.EDITOR)
    factories.Organization(
        name=contents.ORGANISATION["name"],
        users=[{"name": user["name"], "capacity": "admin"}],
    )
    examples.load(examples.read(TODAY), contents.EDITOR)
    return str(TODAY.year)


def test_pages_are_accessible_and_lead_to_the_records(year, open_tab):
    for width in (WIDE, PHONE):
        tab = open_tab(width)
        for address in ("/program", f"/program/raport/{year}", "/en/program?rok=2019"):
            tab.goto(address)
            assert violations(tab) == []
            assert runs_out(tab) <= 0
    tab = open_tab(WIDE)
    tab.goto(f"/program?rok={year}")
    number = tab.locator("#G1 table a").first
    said = number.inner_text()
    number.click()
    assert tab.locator("#ln-count").inner_text() == said
    tab.goto(f"/program/raport/{year}")
    with tab.expect_download() as download:
        tab.locator(".ln-report-actions a").click()
    assert download.value.suggested_filename == f"sprawozdanie-{year}.docx"


def test_charts_keep_their_labels_inside(year, open_tab):
    tab = open_tab(WIDE)
    tab.goto(f"/program/raport/{year}")
    out = tab.evaluate(
        """() => [...document.querySelectorAll('.ln-bars text')].filter(text => {
             const box = text.getBBox();
             return box.x < 0 || box.x + box.width > 640;
           }).map(text => text.textContent)"""
    )
    assert out == []
