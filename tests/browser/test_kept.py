"""Text typed into a form outlives its session, in Chromium."""

from ckan.tests import helpers

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
    tab.wait_for_function("!Object.keys(localStorage).some((key) => key.includes('form:'))")
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
