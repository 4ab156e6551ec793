"""Two people at one department, group, account or file: nothing is overwritten silently."""

import io

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories, helpers

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def boss():
    return factories.SysadminWithToken()


@pytest.fixture
def web(app, boss):
    """``web(address, fields)`` opens a form or sends it; the answer's status and page."""

    def ask(address, fields=None):
        headers = {"Authorization": boss["token"]}
        if fields is None:
            answer = app.get(f"/en{address}", headers=headers)
        else:
            answer = app.post(f"/en{address}", data=fields, headers=headers, follow_redirects=False)
        return answer.status_code, BeautifulSoup(answer.body, "html.parser")

    return ask


def controls(page, form):
    """What a browser sends of a form: texts, hidden ones, chosen radios."""
    sent = {}
    for one in page.select(f"{form} [name]"):
        if one["name"] == "_csrf_token" or one.name == "button" or one.get("type") == "file":
            continue
        if one.get("type") in ("radio", "checkbox") and not one.has_attr("checked"):
            continue
        if one.name == "select":
            chosen = one.select_one("option[selected]")
            value = chosen["value"] if chosen else ""
        else:
            text = one.get_text().removeprefix("\n") if one.name == "textarea" else None
            value = one.get("value", "") if text is None else text.removeprefix("\n")
        sent.setdefault(one["name"], []).append(value)
    return sent


def compared(page):
    return [one["value"] for one in page.select('[name="compared"]')]


def cases(boss):
    """Address, form, what one person changes, what the other, how it is read."""
    unit, group = factories.Organization(), factories.Group()
    made = factories.Dataset(owner_org=unit["id"])
    file = factories.Resource(package_id=made["id"], description="Opis", name="Plik")
    return {
        "department": (
            f"/organization/edit/{unit['name']}",
            "#organization-edit-form",
            ("title", "description"),
            lambda: helpers.call_action("organization_show", id=unit["id"]),
        ),
        "group": (
            f"/group/edit/{group['name']}",
            "#group-edit",
            ("title", "description"),
            lambda: helpers.call_action("group_show", id=group["id"]),
        ),
        "account": (
            f"/user/edit/{boss['name']}",
            "#user-edit-form",
            ("fullname", "about"),
            lambda: helpers.call_action("user_show", id=boss["id"]),
        ),
        "file": (
            f"/dataset/{made['id']}/resource/{file['id']}/edit",
            "#resource-edit",
            ("name", "description"),
            lambda: helpers.call_action("resource_show", id=file["id"]),
        ),
    }


def test_what_two_people_change_is_merged_and_asked_about(web, boss):
    for name, (address, form, (one, other), read) in cases(boss).items():
        mine = {**controls(web(address)[1], form), "save": "go", "old_password": ""}
        status, page = web(address, {**mine, other: "Ich tekst"})
        assert status == 302, (name, page.select_one(".error-explanation, .ln-errors"))
        # another field: each keeps what it was given
        sent = {**mine, one: "Mój tekst"}
        status, page = web(address, sent)
        assert (status, sorted(compared(page))) == (200, sorted([one, other])), name
        assert read()[one] != "Mój tekst", name
        assert page.select_one(f"#choice-{one}-mine").has_attr("checked")
        assert page.select_one(f"#choice-{other}-theirs").has_attr("checked")
        assert not page.select('[name*="password"]')
        merged = {**controls(page, "form.ln-form"), "save": "go"}
        if name == "account":  # the password is given in the form
            assert not page.select("form.ln-form button:not([name])")
            page = web(address, {**merged, "to_form": "1"})[1]
            merged = {**controls(page, form), "save": "go"}
        status, page = web(address, merged)
        assert status == 302, (name, compared(page), page.select_one(".error-explanation"))
        assert (read()[one], read()[other]) == ("Mój tekst", "Ich tekst"), name


def test_what_both_change_is_chosen_and_a_third_change_is_seen(web, boss):
    address, form, _, read = cases(boss)["department"]
    mine = {**controls(web(address)[1], form), "save": "go"}
    web(address, {**mine, "description": "Ich opis"})
    status, page = web(address, {**mine, "description": "Mój opis"})
    assert "Ich opis" in page.get_text()
    assert not page.select_one("[name=choice-description][checked]")
    unchosen = {**controls(page, "form.ln-form"), "save": "go"}
    assert "Choose a value here" in web(address, unchosen)[1].get_text()
    assert read()["description"] == "Ich opis"
    web(address, {**controls(web(address)[1], form), "save": "go", "description": "Trzeci"})
    status, page = web(address, {**unchosen, "choice-description": "mine"})
    assert (status, compared(page)) == (200, ["description"])
    last = {**controls(page, "form.ln-form"), "choice-description": "mine", "save": "go"}
    assert web(address, last)[0] == 302
    assert read()["description"] == "Mój opis"


def test_a_picture_is_chosen_again_and_free_fields_are_merged(app, web, boss):
    address, form, _, read = cases(boss)["department"]
    mine = {**controls(web(address)[1], form), "save": "go"}
    extras = {"extras__0__key": "telefon", "extras__0__value": "65 529 81 00"}
    assert web(address, {**mine, **extras})[0] == 302
    png = (io.BytesIO(b"\x89PNG\r\n\x1a\n"), "a.png")
    _, page = web(address, {**mine, "title": "Nowa nazwa", "image_upload": png})
    assert "given again in the form" in page.get_text()
    fields = {**controls(page, "form.ln-form"), "to_form": "1"}
    again = {**controls(web(address, fields)[1], form), "save": "go"}
    assert again["title"] == ["Nowa nazwa"]
    assert web(address, again)[0] == 302
    assert read()["extras"][0]["value"] == "65 529 81 00"
    assert read()["title"] == "Nowa nazwa"


def test_a_form_that_nobody_has_come_before_is_saved_as_ever(web, boss):
    for address, form, (one, _), read in cases(boss).values():
        mine = {**controls(web(address)[1], form), "save": "go", one: "Nowe"}
        assert web(address, mine)[0] == 302
        assert read()[one] == "Nowe"


def test_a_stranger_is_shown_nothing_of_what_is_stored(app, boss):
    stranger = factories.UserWithToken()
    for address, *_ in cases(boss).values():
        sent = {"shown_values": "{}", "title": "x", "save": "go"}
        headers = {"Authorization": stranger["token"]}
        answer = app.post(f"/en{address}", data=sent, headers=headers, follow_redirects=False)
        assert answer.status_code in (401, 403), address
        assert "compared" not in answer.body


_LANGUAGE = "http://publications.europa.eu/resource/authority/language/"
LANGUAGES = [f"{_LANGUAGE}POL", f"{_LANGUAGE}ENG"]


def test_lists_and_rows_of_a_file_are_compared_and_taken(web, boss):
    address, form, _, read = cases(boss)["file"]
    service = {"access_services-0-title": "Usługa", "access_services-0-uri": "https://a.pl/u"}
    filled = {**controls(web(address)[1], form), "save": "go", "language": LANGUAGES[:1], **service}
    assert web(address, filled)[0] == 302
    mine = {**controls(web(address)[1], form), "save": "go"}
    theirs = {**mine, "language": LANGUAGES, "access_services-0-title": "Ich usługa"}
    assert web(address, theirs)[0] == 302
    _, page = web(address, {**mine, "name": "Mój plik"})
    assert sorted(compared(page)) == ["access_services", "language", "name"]
    for name in ("access_services", "language"):
        assert page.select_one(f"#choice-{name}-theirs").has_attr("checked")
    status, page = web(address, {**controls(page, "form.ln-form"), "save": "go"})
    assert status == 302, compared(page)
    now = read()
    assert (now["name"], now["language"]) == ("Mój plik", LANGUAGES)
    assert now["access_services"][0]["title"] == "Ich usługa"


def test_an_uploaded_file_that_is_taken_stays_reachable(app, web, boss):
    address, form, _, read = cases(boss)["file"]
    mine = {**controls(web(address)[1], form), "save": "go"}
    upload = (io.BytesIO(b"nazwa;rok\nKlub;2026\n"), "lista.csv")
    theirs = {**mine, "upload": upload, "url": "lista.csv", "url_type": "upload"}
    assert web(address, theirs)[0] == 302
    _, page = web(address, {**mine, "url": "https://przyklad.pl/inny.csv", "clear_upload": "true"})
    assert "url" in compared(page)
    fields = {**controls(page, "form.ln-form"), "choice-url": "theirs", "save": "go"}
    status, page = web(address, fields)
    assert status == 302, compared(page)
    now = read()
    assert now["url_type"] == "upload"
    downloaded = app.get(now["url"], headers={"Authorization": boss["token"]})
    assert "Klub;2026" in downloaded.body
    # that the address is the portal's own is no change of anybody
    mine = {**controls(web(address)[1], form), "save": "go"}
    web(address, {**mine, "name": "Ich nazwa"})
    _, page = web(address, {**mine, "description": "Mój opis"})
    assert sorted(compared(page)) == ["description", "name"]
