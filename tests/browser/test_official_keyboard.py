"""The official's year with the keyboard alone: no mouse, no address typed but the portal's."""

import datetime as dt

import pytest

from tests.browser import keys
from tests.browser.conftest import until
from tests.browser.test_official import ROWS, TODAY, last_years, pl, weeks_go_by

__all__ = ["last_years"]


@pytest.fixture
def admin(portal):
    """Publishing may be asked of admins only: the editor becomes one of the department."""
    from ckan.tests.helpers import call_action

    call_action(
        "organization_member_create",
        {"ignore_auth": True, "user": ""},
        id="biuro",
        username=portal,
        role="admin",
    )
    return portal


def sign_in(tab, name):
    tab.goto("/")
    keys.press(tab, 'a[href*="/user/login"]')
    keys.write(tab, "#field-login", name)
    keys.write(tab, "#field-password", "haslo12345")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    tab.wait_for_selector(".ln-account")


def open_last_years_call(tab):
    """By the menu and the suggestions of the search box."""
    keys.press(tab, '#ln-menu a[href="/call-for-offers/"]')
    keys.write(tab, "#record-search-q", "sport w")
    tab.wait_for_selector("[role=option]")
    tab.keyboard.press("ArrowDown")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")


def wait_for_focus(tab, selector):
    until(tab, "selector => document.activeElement.matches(selector)", selector)


def test_an_officials_year_without_a_mouse(tmp_path, open_tab, admin, last_years):
    from tests.cooperation import records

    tab = open_tab()
    sign_in(tab, admin)
    open_last_years_call(tab)
    keys.press(tab, f'a[href="/call-for-offers/new?copy={last_years["name"]}"]')

    # last year's call, offers in ten days: the law wants 21
    for field, text in {
        "#field-open_date": f"{pl(TODAY)} 08:00",
        "#field-offers_deadline_date": pl(TODAY + dt.timedelta(days=10)),
        "#field-decision_due_date": pl(TODAY + dt.timedelta(days=40)),
        "#field-task_start_date": pl(TODAY + dt.timedelta(days=60)),
        "#field-task_end_date": pl(TODAY + dt.timedelta(days=200)),
        '[name="announcements-0-date"]': pl(TODAY),
    }.items():
        keys.write(tab, field, text)
    keys.choose(tab, '[name="announcements-0-channel"]', "bip")
    keys.press(tab, '.ln-form-actions button[value="active"]')
    wait_for_focus(tab, ".ln-errors")
    keys.walk_to(tab, '.ln-errors a[href="#field-offers_deadline_date"]')
    tab.keyboard.press("Enter")
    wait_for_focus(tab, "#field-offers_deadline_date")
    assert "art. 13 ust. 1" in tab.inner_text("#error-offers_deadline_date")
    keys.write(tab, "#field-offers_deadline_date", pl(TODAY + dt.timedelta(days=22)))
    keys.press(tab, '.ln-form-actions button[value="active"]', "Space")
    tab.wait_for_selector(".ln-record")
    address = tab.url.partition("#")[0]

    weeks_go_by(address)

    # the results: an organisation nobody knows, an amount in words
    file = tmp_path / "wyniki.csv"
    file.write_bytes(ROWS.encode("cp1250"))
    keys.press(tab, 'a[href*="/call-for-offers/results/"]')
    keys.attach(tab, "#file", file)
    keys.press(tab, 'form[enctype] button[value="check"]')
    wait_for_focus(tab, ".ln-errors")
    keys.walk_to(tab, '[name="choice-3"]')
    tab.keyboard.press("Space")
    keys.write(tab, "#granted_amount-3", "6000")
    keys.press(tab, '.ln-form-actions button[value="check"]')
    keys.press(tab, 'button[value="publish"]')
    tab.wait_for_url(address)

    made = records.search(fq="dataset_type:grant")["results"]
    assert sorted(float(grant["granted_amount"]) for grant in made) == [6000, 12500.5]

    # the report of the year has their sum
    year = made[0]["computed"]["year"]
    keys.press(tab, '#ln-menu a[href="/program"]')
    keys.press(tab, f'.ln-years a[href$="rok={year}"]')
    keys.press(tab, f'a[href$="/program/raport/{year}"]')
    said = tab.inner_text("[role=main]").replace("\u00a0", " ")
    assert "18 500,50 zł" in said
