"""The forms and record pages of every type in Chromium: axe, narrow windows, links and rows.

One tab a width goes through all types, so that the browser and the catalogue start once.
"""

import os
from pathlib import Path

import pytest

from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_accessibility import runs_out, violations
from tests.cooperation import loaded, records

UNFOLD = "document.querySelectorAll('main details, form details').forEach((d) => { d.open = true })"
FULL = {
    "call-for-offers": {
        "announcements": [{"channel": "bip", "date": "2026-02-01", "url": "https://bip.leszno.pl"}],
        "previous_tasks": [{"year": "2025", "task": "Sport", "grant_amount": 30_000}],
        "commission": [{"role": "chair", "people": 1}],
    },
    "partnership": {"acts": [{"title": "Uchwała", "date": "2026-02-01"}]},
}


@pytest.fixture
def catalogue(server):
    """An official, one organisation, one record of each type; returns type → name of the record."""
    from ckan.tests import factories

    editor = factories.User(name="redaktor", password="haslo12345", fullname="Redaktor")
    unit = factories.Organization(
        title="Biuro",
        image_url="",
        users=[{"name": editor["name"], "capacity": "admin"}],
    )
    ngo = records.create("ngo", title="Klub Pływacki Żabka", krs="0000031247", owner_org=unit["id"])
    links = {
        "grant": {"recipient": ngo["id"]},
        "event": {"organisers": [ngo["id"]]},
        "volunteering": {"organisers": [ngo["id"]]},
    }
    return {
        name: records.create(
            name, owner_org=unit["id"], **FULL.get(name, {}), **links.get(name, {})
        )["name"]
        for name in loaded.TYPES
    }


@pytest.fixture
def official(catalogue, open_tab):
    """``official(width)`` opens a tab in which the official is signed in."""

    def make(width=WIDE):
        tab = open_tab(width)
        tab.goto("/user/login")
        tab.fill("#field-login", "redaktor")
        tab.fill("#field-password", "haslo12345")
        tab.press("#field-password", "Enter")
        tab.wait_for_selector(".ln-account")
        return tab

    return make


def picture(tab, name):
    """Keep a picture of the page where the variable ``PICTURES`` names a folder."""
    folder = os.environ.get("PICTURES")
    if folder:
        clip = {"x": 0, "y": 0, "width": tab.viewport_size["width"], "height": 2000}
        tab.screenshot(path=Path(folder) / f"{name}.png", full_page=True, clip=clip)


def test_axe_finds_nothing_and_nothing_runs_out(catalogue, official):
    tab = official()
    found = {}
    for name, record in catalogue.items():
        for kind, address in (
            ("new", f"/{name}/new"),
            ("edit", f"/{name}/edit/{record}"),
            ("page", f"/{name}/{record}"),
        ):
            tab.goto(address)
            tab.evaluate(UNFOLD)
            for width in (WIDE, PHONE):
                tab.set_viewport_size({"width": width, "height": 900})
                picture(tab, f"{name}-{kind}-{width}")
                said = violations(tab) if kind != "edit" else []
                wider = runs_out(tab)
                found[address, width] = said + ([f"{wider} px too wide"] if wider > 0 else [])
    assert {where: said for where, said in found.items() if said} == {}


def test_rows_and_links_by_keyboard_alone(catalogue, official):
    tab = official()
    tab.goto("/partnership/new")
    tab.fill("#field-title", "Rada Sportu")
    tab.select_option("#field-kind", "advisory_body")
    # a link in the first row, chosen from suggestions
    tab.locator("#field-parties-0-ngo").press_sequentially("zabka")
    tab.wait_for_selector("[role=option]")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    assert tab.locator("#field-parties-0-ngo").input_value() == "Klub Pływacki Żabka"
    assert tab.locator('[name="parties-0-ngo"]').input_value() == "klub-plywacki-zabka"
    # two more rows; the middle one goes
    for number in (1, 2):
        tab.focus("#field-parties .ln-row-add")
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.activeElement.id") == f"field-parties-{number}-ngo"
        tab.fill(f"#field-parties-{number}-organisation", f"Partner {number}")
    tab.locator("#field-parties .ln-row-remove").nth(1).focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "field-parties-2-ngo"
    numbers = tab.locator("#field-parties .ln-form-row > legend .ln-row-number")
    assert numbers.all_inner_texts() == ["1", "2"]
    # a link in a row made by a script works too
    tab.locator("#field-parties-2-ngo").press_sequentially("pływacki")
    tab.wait_for_selector("#field-parties-2-ngo-list [role=option]")
    tab.keyboard.press("Escape")
    tab.fill("#field-parties-2-ngo", "")
    assert violations(tab) == []
    tab.locator("#record-form button[value=active]").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/partnership/rada-sportu")
    saved = records.helpers.call_action("package_show", id="rada-sportu")
    assert [row["organisation"] for row in saved["parties"]] == ["Klub Pływacki Żabka", "Partner 2"]
    assert len(saved["parties"][0]["ngo"]) == 36


def test_links_of_a_list_are_added_and_removed(catalogue, official):
    tab = official(PHONE)
    tab.goto(f"/event/edit/{catalogue['event']}")
    chosen = tab.locator(".ln-links-chosen li > span")
    chosen.first.wait_for()
    assert chosen.all_inner_texts() == ["Klub Pływacki Żabka"]
    tab.locator(".ln-links-chosen button").click()
    assert chosen.count() == 0
    assert tab.evaluate("document.activeElement.id") == "field-organisers"
    tab.locator("#field-organisers").press_sequentially("klub")
    tab.wait_for_selector("[role=option]")
    tab.click("[role=option]")
    chosen.first.wait_for()
    assert chosen.all_inner_texts() == ["Klub Pływacki Żabka"]
    tab.click("#record-form button[value=active]")
    tab.wait_for_url(f"**/event/{catalogue['event']}")
    assert tab.locator(".ln-row-references a").inner_text() == "Klub Pływacki Żabka"


def test_without_scripts_an_address_and_the_empty_rows_do(catalogue, open_tab):
    tab = open_tab(PHONE, javascript=False)
    tab.goto("/user/login")
    tab.fill("#field-login", "redaktor")
    tab.fill("#field-password", "haslo12345")
    tab.press("#field-password", "Enter")
    tab.goto("/partnership/new")
    tab.fill("#field-title", "Rada bez skryptów")
    tab.select_option("#field-kind", "advisory_body")
    tab.fill("#field-parties-0-ngo", "klub-plywacki-zabka")
    tab.fill("#field-parties-2-organisation", "Szkoła")
    assert tab.locator(".ln-row-add").first.is_hidden()
    tab.click("#record-form button[value=active]")
    saved = records.helpers.call_action("package_show", id="rada-bez-skryptow")
    assert [row["organisation"] for row in saved["parties"]] == ["Klub Pływacki Żabka", "Szkoła"]
