"""Everything works with the keyboard alone, and the search works without scripts."""

import pytest

from tests.browser.conftest import PHONE

BOX = "#record-search-q"


@pytest.fixture
def tab(portal, open_tab):
    tab = open_tab()
    tab.goto("/ngo/")
    return tab


def focused(tab):
    """The id of the element with the focus, or its text."""
    return tab.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


def type_and_wait(tab, text):
    tab.focus(BOX)
    tab.locator(BOX).press_sequentially(text)
    tab.wait_for_selector("[role=option]")


def test_suggestions_are_walked_with_arrows_and_opened_with_enter(tab):
    type_and_wait(tab, "zywn")
    box = tab.locator(BOX)
    assert box.get_attribute("aria-expanded") == "true"
    assert "Podpowiedzi: 1" in tab.locator(".ln-combobox [role=status]").inner_text()
    tab.keyboard.press("ArrowDown")
    option = tab.locator("[role=option]").first
    assert option.get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert focused(tab) == "record-search-q"
    tab.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") is None
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/ngo/leszczynski-bank-zywnosci")


def test_escape_closes_suggestions_and_keeps_the_words(tab):
    type_and_wait(tab, "zywn")
    tab.keyboard.press("Escape")
    assert tab.locator("[role=listbox]").is_hidden()
    assert tab.locator(BOX).input_value() == "zywn"
    assert tab.locator(BOX).get_attribute("aria-expanded") == "false"


def test_enter_without_a_choice_searches(tab):
    type_and_wait(tab, "pływacki")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/ngo/?q=*")
    assert "Klub Pływacki Żabka" in tab.locator(".ln-cards").inner_text()


def test_a_suggestion_can_be_clicked(tab):
    type_and_wait(tab, "cwierk")
    tab.click("[role=option]")
    tab.wait_for_url("**/ngo/fundacja-cwierkanie")


def test_leaving_the_box_closes_suggestions(tab):
    type_and_wait(tab, "zywn")
    tab.keyboard.press("Tab")
    assert tab.locator("[role=listbox]").is_hidden()


def test_facets_are_chosen_with_the_keyboard(tab):
    tab.focus('#ln-facets [name="legal_form"][value="fundacja"]')
    tab.keyboard.press("Space")
    assert tab.url.endswith("/ngo/"), "nothing happens before the person says so"
    tab.keyboard.press("Enter")
    tab.wait_for_url("**legal_form=fundacja**")
    assert tab.locator(".ln-card").count() == 1
    tab.focus(".ln-chosen a")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/ngo/")
    assert tab.locator(".ln-card").count() == 3


def test_the_first_tab_leads_past_the_navigation(tab):
    tab.keyboard.press("Tab")
    assert focused(tab) == "Przejdź do treści"
    tab.keyboard.press("Enter")
    assert tab.url.endswith("#content")


def test_the_focus_is_always_seen(tab):
    for _step in range(25):
        tab.keyboard.press("Tab")
        outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", focused(tab)


def test_filters_and_menu_unfold_on_a_phone(portal, open_tab):
    tab = open_tab(PHONE)
    tab.goto("/ngo/")
    for button, panel in ((".ln-menu-button", "#ln-menu"), (".ln-facets-button", "#ln-facets")):
        assert tab.locator(panel).is_hidden()
        tab.focus(button)
        tab.keyboard.press("Enter")
        tab.wait_for_selector(f"{panel}.show")
        assert tab.locator(button).get_attribute("aria-expanded") == "true"


def test_errors_of_a_form_take_the_focus_and_lead_to_fields(open_tab, log_in):
    tab = open_tab()
    log_in(tab)
    tab.goto("/ngo/new")
    tab.fill("#field-title", "Nowa")
    tab.fill("#field-krs", "abc")
    tab.press("#field-krs", "Enter")
    tab.wait_for_selector(".ln-errors")
    tab.locator(".ln-errors:focus").wait_for(timeout=5000)
    tab.focus('.ln-errors a[href="#field-krs"]')
    tab.keyboard.press("Enter")
    assert focused(tab) == "field-krs"
    tab.fill("#field-krs", "31 247")
    assert tab.locator("#field-title").input_value() == "Nowa"


def test_an_official_adds_an_entry(open_tab, log_in):
    tab = open_tab()
    log_in(tab)
    tab.goto("/")
    tab.click(".ln-account details summary")
    tab.click(".ln-account >> text=Dodaj organizację")
    tab.fill("#field-title", "Stowarzyszenie Nowe")
    tab.fill("#field-krs", "44643")
    tab.check("#field-spheres-17")
    tab.click("text=Zapisz i opublikuj")
    tab.wait_for_url("**/ngo/stowarzyszenie-nowe")
    assert "sport" in tab.locator(".ln-tags").inner_text()


def test_search_and_facets_work_without_scripts(portal, open_tab):
    tab = open_tab(PHONE, javascript=False)
    tab.goto("/ngo/")
    tab.fill(BOX, "bank")
    tab.click("form[role=search] button")
    assert tab.locator(".ln-card").count() == 1
    tab.goto("/ngo/")
    assert tab.locator("#ln-facets").is_visible()
    tab.check('#ln-facets [name="legal_form"][value="fundacja"]')
    tab.click("#ln-facets > button")
    assert "legal_form=fundacja" in tab.url
    assert tab.locator(".ln-card").count() == 1
    assert tab.locator(".ln-copy").count() == 0 or tab.locator(".ln-copy").first.is_hidden()
