"""Pages speak the reader's language: no page of the portal in Polish says CKAN's English words."""

import re

import ckan.plugins.toolkit as tk
import pytest
from bs4 import Comment

from devstack import i18n

pytestmark = pytest.mark.usefixtures("clean_catalogue")

#: Words of CKAN's pages that must never be seen in Polish ones.
CHROME = (
    "Search",
    "datasets found",
    "Log in",
    "Log out",
    "Dashboard",
    "Follow",
    "Organizations",
    "Activity Stream",
    "Filter",
    "Submit",
    "Home",
    "About",
    "Next",
    "required",
    "Save",
    "Source type",
    "Manual",
    "Ngos",
    "ngos",
    "Frequency",
    "Type",
    "MANUAL",
    "leszno_ngo_opp",
    "harvest",
    "follow",
)

EVERYONE = [
    "/",
    "/ngo/",
    "/ngo/?q=xyzzy",
    "/ngo/?spheres=1&q=bank",
    "/ngo/leszczynski-bank-zywnosci",
    "/ngo/nie-ma-takiej",
    "/dataset/",
    "/dataset/?q=xyzzy",
    "/dataset/zbior",
    "/dataset/zbior/resource/FILE",
    "/organization/",
    "/organization/biuro",
    "/organization/about/biuro",
    "/group/",
    "/about",
    "/pieniadze",
    "/grant/",
    "/deklaracja-dostepnosci",
    "/user/login",
    "/user/reset",
    "/harvest",
    "/harvest?q=xyzzy",
    "/harvest/wykaz",
    "/harvest/about/wykaz",
]
EDITOR = [
    "/ngo/new",
    "/ngo/edit/leszczynski-bank-zywnosci",
    "/ngo/delete/leszczynski-bank-zywnosci",
    "/ngo/versions/leszczynski-bank-zywnosci",
    "/ngo/versions/leszczynski-bank-zywnosci/VERSION",
    "/panel",
    "/panel/kosz",
    "/panel/osoby",
    "/dataset/new",
    "/dataset/edit/zbior",
    "/dataset/activity/leszczynski-bank-zywnosci",
    "/dashboard/",
    "/dashboard/datasets",
    "/dashboard/organizations",
    "/user/redaktor",
    "/user/edit/redaktor",
]
SYSADMIN = [
    "/ckan-admin/",
    "/ckan-admin/config",
    "/ckan-admin/trash",
    "/organization/new",
    "/organization/edit/biuro",
    "/organization/members/biuro",
    "/organization/member_new/biuro",
    "/organization/activity/biuro",
    "/harvest/new",
    "/harvest/admin/wykaz",
    "/harvest/wykaz/job",
    "/harvest/clear/wykaz",
    "/harvest/refresh/wykaz",
    "/harvest/delete/wykaz",
    "/panel/usuwanie",
    "/leszno_ngo/components",
    "/user/",
]
#: Names and values of a file's technical fields, which CKAN shows as they are in the database.
RAW = {"Id", "State", "active"}
_ATTRIBUTES = ("aria-label", "title", "placeholder", "alt", "data-bs-title", "data-module-content")


@pytest.fixture
def portal():
    """A portal with one of everything; returns the headers of each kind of reader."""
    from ckan.tests import factories
    from ckan.tests.helpers import call_action

    from ckanext.leszno_ngo.catalogue import versions
    from tests.pages import FULL, SOURCES

    # The factories' own texts are invented English: any word of them may be one that is looked for.
    editor = factories.UserWithToken(name="redaktor", fullname="Redaktor", about="O mnie")
    sysadmin = factories.SysadminWithToken(name="szef", fullname="Szef", about="O mnie")
    unit = factories.Organization(
        name="biuro",
        title="Biuro Pełnomocnika",
        description="Opis",
        users=[{"name": editor["name"], "capacity": "admin"}],
    )
    record = call_action(
        "package_create",
        {"user": sysadmin["name"], "leszno_ngo_harvest": True},
        **FULL,
        sources=SOURCES,
        owner_org=unit["id"],
    )
    dataset = factories.Dataset(
        name="zbior",
        title="Zbiór",
        notes="Opis",
        owner_org=unit["id"],
        license_id="cc-by",
        resources=[{"name": "Plik", "url": "https://example.org/a.csv", "format": "CSV"}],
    )
    call_action(
        "harvest_source_create",
        {"user": sysadmin["name"]},
        name="wykaz",
        title="Wykaz",
        url="https://example.org/wykaz.csv",
        source_type="leszno_ngo_opp",
        frequency="MANUAL",
        owner_org=unit["id"],
    )
    return {
        "FILE": dataset["resources"][0]["id"],
        "VERSION": versions.history(record["id"], 1)[0].id,
        "everyone": {},
        "editor": {"Authorization": editor["token"]},
        "sysadmin": {"Authorization": sysadmin["token"]},
    }


def texts(soup):
    """Everything of a page that is read or heard, piece by piece."""
    for dropped in soup.select("script, style, [lang=en], code"):
        dropped.decompose()
    for string in soup.find_all(string=True):
        if not isinstance(string, Comment):
            yield " ".join(string.split())
    for element in soup.find_all(True):
        for name in _ATTRIBUTES:
            if element.get(name):
                yield " ".join(element[name].split())


def english_of_ckan():
    """CKAN's and harvest's messages that Polish says otherwise."""
    catalogue = i18n.merged()
    for message in catalogue:
        if message.id and isinstance(message.id, str) and message.id != message.string:
            yield " ".join(message.id.split())


def english(soup):
    known = set(english_of_ckan()) - RAW
    found = []
    for text in texts(soup):
        words = re.search(rf"\b({'|'.join(CHROME)})\b", text)
        if text in known or words:
            found.append(text)
    return found


@pytest.mark.parametrize(
    ("reader", "addresses"),
    [("everyone", EVERYONE), ("editor", EDITOR), ("sysadmin", SYSADMIN)],
)
def test_polish_pages_have_no_english_of_ckan(reader, addresses, portal, page):
    seen = {}
    for address in addresses:
        expected = 404 if "nie-ma" in address else 200
        here = address.replace("FILE", portal["FILE"]).replace("VERSION", portal["VERSION"])
        soup = page(here, status=expected, headers=portal[reader])
        assert soup.html["lang"] == "pl"
        seen[address] = english(soup)
    assert {address: found for address, found in seen.items() if found} == {}


def test_a_time_is_written_in_the_order_of_its_language(app):
    with app.flask_app.test_request_context("/", environ_overrides={"CKAN_LANG": "pl"}):
        assert tk.h.render_datetime("2026-11-24T23:44:30", with_hours=True).startswith(
            "25\xa0listopada 2026, 00:44 ("
        )
        assert tk.h.render_datetime("2026-11-24T23:44:30", "%Y-%m-%d") == "2026-11-25"
        assert tk.h.render_datetime("rubbish", with_hours=True) == ""
    with app.flask_app.test_request_context("/en/", environ_overrides={"CKAN_LANG": "en"}):
        assert tk.h.render_datetime("2026-11-24T23:44:30", with_hours=True).startswith(
            "November 25, 2026, 00:44"
        )


def test_english_pages_are_english(portal, page, said):
    soup = page("/en/ngo/leszczynski-bank-zywnosci")
    assert soup.html["lang"] == "en"
    text = said(soup.select_one("[role=main]"))
    assert "What it does" in text
    assert "9 August 2001" in text
    assert "association" in text
    assert "Give 1.5% of your tax" in text
    assert said(soup.select_one('.ln-languages a[aria-current="true"]')) == "English"


def test_the_other_language_is_one_click_away(portal, page):
    link = page("/ngo/?spheres=1&q=bank").select_one('.ln-languages a[lang="en"]')["href"]
    assert link == "/en/ngo/?spheres=1&q=bank"
