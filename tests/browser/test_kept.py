"""Text typed into a form outlives its session, in Chromium."""

import re

from ckan.tests import helpers

from tests.browser.conftest import until
from tests.browser.test_accessibility import runs_out, violations
from tests.browser.test_forms import catalogue, official, picture  # noqa: F401  (fixtures)


def test_a_session_that_ends_under_a_form_loses_nothing(official):  # noqa: F811
    tab = official()
    tab.goto("/partnership/new")
    tab.fill("#field-title", "Rada Sportu")
    tab.select_option("#field-kind", "advisory_body")
    tab.locator("#field-parties-0-ngo").press_sequentially("zabka")
    tab.wait_for_selector("[role=option]")
    tab.click("[role=option]")
    tab.click("#field-parties .ln-row-add")
    tab.fill("#field-parties-1-organisation", "Szkoła nr 3")
    tab.check("#field-spheres-17")
    tab.wait_for_selector("#kept-state:has-text('Zachowano o')", state="attached")
    picture(tab, "kept-state")
    # leaving asks first; what was typed is offered when the form opens again
    asked = []
    tab.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    tab.goto("/partnership/new")
    assert asked == ["beforeunload"]
    offered = tab.locator("#unsaved-forms li")
    assert "Rada Sportu" in offered.inner_text()
    assert violations(tab) == []
    picture(tab, "kept-offer")
    tab.set_viewport_size({"width": 360, "height": 900})
    assert runs_out(tab) <= 0
    picture(tab, "kept-offer-360")
    tab.set_viewport_size({"width": 1280, "height": 900})
    offered.get_by_role("link", name="Przywróć").click()
    tab.wait_for_selector(".ln-unsaved:has-text('wypełniono')")
    # the scripts have taken the form over
    tab.wait_for_selector('[name="parties-0-ngo"][type=hidden]', state="attached")
    rows = tab.locator("#field-parties .ln-form-row")
    assert rows.count() == 2
    assert tab.locator("#field-parties-0-ngo").input_value() == "Klub Pływacki Żabka"
    assert tab.locator("#field-parties-1-organisation").input_value() == "Szkoła nr 3"
    assert tab.is_checked("#field-spheres-17")
    # one more row, and the session ends before anything of it is kept by the server
    tab.click("#field-parties .ln-row-add")
    tab.fill("#field-parties-2-organisation", "Dom Kultury")
    tab.context.clear_cookies()
    tab.click("#record-form button[value=active]")
    tab.wait_for_selector("#field-login")
    assert "nic nie przepadło" in tab.inner_text("main, [role=main], body")
    picture(tab, "kept-login")
    tab.fill("#field-login", "redaktor")
    tab.fill("#field-password", "haslo12345")
    tab.press("#field-password", "Enter")
    tab.wait_for_selector("#record-form [name='parties-0-ngo'][type=hidden]", state="attached")
    assert tab.locator("#field-parties-2-organisation").input_value() == "Dom Kultury"
    picture(tab, "kept-filled")
    tab.click("#record-form button[value=active]")
    tab.wait_for_url("**/partnership/rada-sportu")
    saved = helpers.call_action("package_show", id="rada-sportu")
    assert [row["organisation"] for row in saved["parties"]] == [
        "Klub Pływacki Żabka",
        "Szkoła nr 3",
        "Dom Kultury",
    ]
    # saved: nothing is left in the browser, and leaving an untouched form asks nothing
    until(tab, "() => !Object.keys(localStorage).some((key) => key.includes('form:'))")
    tab.goto("/partnership/new")
    assert tab.locator("#unsaved-forms li").count() == 0
    # what only the browser has: typed when the server did not answer
    tab.route("**/panel/szkic", lambda route: route.abort())
    tab.fill("#field-title", "Rada Seniorów")
    tab.wait_for_selector("#kept-state:has-text('tylko w tej przeglądarce')", state="attached")
    tab.once("dialog", lambda dialog: dialog.accept())
    tab.goto("/partnership/new")
    tab.unroute("**/panel/szkic")
    offered.get_by_role("link", name="Przywróć").click()
    tab.wait_for_selector(".ln-unsaved:has-text('wypełniono')")
    assert tab.input_value("#field-title") == "Rada Seniorów"
    tab.get_by_role("button", name="Odrzuć").click()
    tab.wait_for_selector(".ln-kept[data-typed=false]", state="attached")
    assert tab.input_value("#field-title") == ""
    assert tab.locator("#unsaved-forms li").count() == 0
    # too large for the server: the page that says so leads back, and the browser fills it in
    text = "Łąka. " * 100_000
    tab.fill("#field-title", "Rada Seniorów")
    tab.evaluate("text => (document.getElementById('field-notes').value = text)", text)
    tab.click("#field-parties .ln-row-add")
    tab.fill("#field-parties-1-organisation", "Szkoła nr 3")
    tab.click("#record-form button[value=active]")
    tab.wait_for_selector("h1:has-text('Wysłano za dużo naraz')")
    picture(tab, "kept-413")
    tab.get_by_role("link", name="Wróć do formularza").click()
    tab.wait_for_selector("#unsaved-forms h2:has-text('zachowała ta przeglądarka')")
    picture(tab, "kept-413-filled")
    assert tab.input_value("#field-title") == "Rada Seniorów"
    assert tab.input_value("#field-notes") == text
    assert tab.input_value("#field-parties-1-organisation") == "Szkoła nr 3"
    tab.fill("#field-notes", "Łąka.")
    tab.wait_for_selector("#kept-state:has-text('Zachowano o')", state="attached")


def keeps(tab, text="Zachowano o"):
    tab.wait_for_selector(f"#kept-state:has-text('{text}')", state="attached")


def leave(tab, address):
    """Go elsewhere; returns whether the page asked first."""
    asked = []

    def accept(dialog):
        asked.append(dialog.type)
        dialog.accept()

    tab.on("dialog", accept)
    tab.goto(address)
    tab.remove_listener("dialog", accept)
    return asked == ["beforeunload"]


def test_what_is_typed_early_in_many_lines_or_after_saving_is_kept(official):  # noqa: F811
    tab = official()
    # typed before the scripts are there
    held, slow, scripts = [], ["now"], re.compile(r"\.js(\?|$)")
    tab.route(scripts, lambda route: held.append(route) if slow else route.continue_())
    with tab.expect_request(re.compile(r"leszno_ngo/.*script\.js")):
        tab.goto("/partnership/new", wait_until="commit")
    tab.locator("#field-title").press_sequentially("Rada wczesna")
    slow.clear()
    for route in held:
        route.continue_()
    keeps(tab)
    assert leave(tab, "/partnership/new")
    assert "Rada wczesna" in tab.locator("#unsaved-forms li").inner_text()
    tab.get_by_role("button", name="Odrzuć").click()
    tab.wait_for_selector("#unsaved-forms", state="hidden")
    # lines of one field, which only the browser has
    tab.goto("/dataset/new")
    tab.route("**/panel/szkic", lambda route: route.abort())
    tab.fill("#field-title", "Zbiór")
    lines = tab.locator("input[name=theme]")
    tab.click("[data-multiple-add=theme]")
    lines.nth(0).fill("https://a.pl/1")
    lines.nth(1).fill("https://a.pl/2")
    keeps(tab, "tylko w tej przeglądarce")
    assert leave(tab, "/dataset/new")
    tab.locator("#unsaved-forms li").get_by_role("link", name="Przywróć").click()
    tab.wait_for_selector("#unsaved-forms h2:has-text('zachowała ta przeglądarka')")
    assert [lines.nth(i).input_value() for i in range(lines.count())] == [
        "https://a.pl/1",
        "https://a.pl/2",
    ]
    tab.unroute("**/panel/szkic")
    tab.fill("#field-title", "")
    # saved, gone back to, changed: not thrown away as saved
    assert leave(tab, "/partnership/new")
    tab.fill("#field-title", "Rada Sportu")
    tab.select_option("#field-kind", "advisory_body")
    tab.fill("#field-parties-0-organisation", "Szkoła nr 3")
    tab.click("#field-parties .ln-row-add")
    tab.fill("#field-parties-1-organisation", "Szkoła nr 4")
    tab.click("#record-form button[value=active]")
    tab.wait_for_url("**/partnership/rada-sportu")
    tab.go_back()
    tab.wait_for_selector(".ln-kept", state="attached")
    assert tab.input_value("#field-title") == "Rada Sportu"
    tab.wait_for_selector("#field-parties-1-organisation")
    assert tab.input_value("#field-parties-1-organisation") == "Szkoła nr 4"
    assert not leave(tab, "/partnership/rada-sportu")
    tab.go_back()
    tab.wait_for_selector(".ln-kept", state="attached")
    tab.fill("#field-title", "Rada Kultury")
    keeps(tab)
    assert leave(tab, "/partnership/new")
    assert "Rada Kultury" in tab.locator("#unsaved-forms li").inner_text()
    # and sent again it makes no second record
    tab.locator("#unsaved-forms li").get_by_role("link", name="Przywróć").click()
    tab.wait_for_selector(".ln-unsaved:has-text('wypełniono')")
    assert tab.input_value("#field-title") == "Rada Kultury"
    tab.click("#record-form button[value=active]")
    tab.wait_for_selector("h1:has-text('Ten formularz jest już zapisany')")
    found = helpers.call_action("package_search", fq="dataset_type:partnership")["results"]
    assert "rada-sportu" in {one["name"] for one in found}
    assert len(found) == 2  # with that of the fixture
