"""Two officials at one entry, a deletion undone, a version brought back, seen in a browser."""

import pytest

from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_accessibility import runs_out, violations


@pytest.fixture
def entry(portal):
    from tests.cooperation import records

    made = records.create(
        "event",
        owner_org="biuro",
        title="Festyn organizacji",
        kind="festival",
        start_date="2027-05-02 10:00",
        notes="Zapraszamy.",
    )
    club = records.search(fq="krs:0000031247")["results"][0]
    records.create("grant", owner_org="biuro", title="Nauka pływania", recipient=club["id"])
    return {"event": made["name"], "club": club["name"]}


def look(tab, name):
    found = {}
    for width in (WIDE, PHONE):
        tab.set_viewport_size({"width": width, "height": 900})
        said = violations(tab) + ([f"{runs_out(tab)} px"] if runs_out(tab) > 0 else [])
        if said:
            found[width] = said
    tab.set_viewport_size({"width": WIDE, "height": 900})
    assert found == {}, name


def test_nothing_typed_is_lost_and_deleted_is_not_gone(open_tab, log_in, entry):
    mine, theirs = open_tab(), open_tab()
    for tab in (mine, theirs):
        log_in(tab)
        tab.goto(f"/event/edit/{entry['event']}")
    theirs.fill("#field-title", "Festyn rodzinny")
    theirs.fill("#field-notes", "Zapraszamy na błonia.")
    theirs.click('.ln-form-actions button[value="active"]')
    theirs.wait_for_selector(".ln-record")

    # the second save shows both, takes what one changed, asks about the rest
    mine.fill("#field-notes", "Zapraszamy do parku.")
    mine.click('.ln-form-actions button[value="active"]')
    mine.wait_for_selector(".ln-compared")
    assert mine.is_checked("#choice-title-theirs")
    assert not mine.is_checked("#choice-notes-mine")
    look(mine, "differing")
    mine.check("#choice-notes-mine")
    mine.click('.ln-form-actions button:has-text("Zapisz połączony wpis")')
    mine.wait_for_selector(".ln-record")
    text = mine.inner_text(".ln-record")
    assert "Festyn rodzinny" in text
    assert "Zapraszamy do parku." in text

    # a version of before is brought back
    mine.click('.ln-actions a:has-text("Wersje")')
    look(mine, "versions")
    mine.click(".ln-bin a >> nth=-1")
    look(mine, "version")
    mine.click('button:has-text("Przywróć tę wersję")')
    mine.wait_for_selector(".ln-record")
    assert "Festyn organizacji" in mine.inner_text("h1")

    # deleted, and back by one button
    mine.goto(f"/ngo/edit/{entry['club']}")
    mine.click(".ln-delete")
    mine.wait_for_selector(".ln-confirm")
    mine.locator(":focus", has_text="Anuluj").wait_for()
    assert "Nauka pływania" in mine.inner_text(".ln-warnings")
    look(mine, "delete")
    mine.click('.btn-danger:has-text("Usuń wpis „Klub Pływacki Żabka”")')
    mine.wait_for_selector(".flash-messages form")
    look(mine, "deleted")
    mine.goto("/panel/kosz")
    look(mine, "bin")
    mine.goto(f"/ngo/edit/{entry['club']}")
    look(mine, "form-in-bin")
    mine.goto("/panel/kosz")
    mine.click('.ln-bin button:has-text("Przywróć") >> nth=0')
    mine.wait_for_selector(".ln-record")
    assert "Klub Pływacki Żabka" in mine.inner_text("h1")

    # CKAN's own question: ours
    mine.goto("/organization/manage_members/biuro", wait_until="networkidle")  # CKAN's modules
    mine.click('tr:has-text("Redaktor") a.btn-danger')
    mine.wait_for_selector("dialog[open]")
    mine.locator(":focus", has_text="Anuluj").wait_for()
    assert "Redaktor" in mine.inner_text("dialog .btn-danger")
    mine.click('dialog [value="cancel"]')
    assert mine.locator("dialog").count() == 0
