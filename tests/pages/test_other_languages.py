"""A portal that offers a third language, as its own: texts that it does not have are English."""

import pytest
from ckan.plugins import toolkit as tk

from ckanext.leszno_ngo import languages
from tests.pages.test_language import EDITOR, EVERYONE, SYSADMIN, portal  # noqa: F401  (fixture)

FILES = [
    "/ngo.csv",
    "/ngo.xlsx",
    "/ngo.json",
    "/program.csv",
    "/sitemap.xml",
    "/api/leszno-ngo/openapi.json",
]


@pytest.mark.parametrize(
    ("locale", "offered", "expected"),
    [
        ("pl", ["pl", "en"], "pl"),
        ("en_GB", [], "en"),
        ("de", ["pl", "en", "de"], "en"),
        ("de", [], "en"),
        ("de", ["de", "pl"], "pl"),
        (None, [], "en"),
    ],
)
def test_the_language_of_texts(locale, offered, expected):
    assert languages.spoken(locale, offered) == expected


@pytest.mark.ckan_config("ckan.locale_default", "de")
@pytest.mark.ckan_config("ckan.locales_offered", "pl en de")
@pytest.mark.usefixtures("clean_catalogue")
def test_every_page_works_in_a_third_language(portal, app):  # noqa: F811
    answers = {}
    for reader, addresses in (("everyone", EVERYONE), ("editor", EDITOR), ("sysadmin", SYSADMIN)):
        for address in addresses + (FILES if reader == "everyone" else []):
            here = address.replace("FILE", portal["FILE"]).replace("VERSION", portal["VERSION"])
            answers[address] = app.get(here, headers=portal[reader])
    wrong = {a: answer.status for a, answer in answers.items() if answer.status_code >= 400}
    assert set(wrong) == {"/ngo/nie-ma-takiej"}
    record = answers["/ngo/leszczynski-bank-zywnosci"].text.replace("\xa0", " ")
    assert 'lang="de"' in record
    assert "What it does" in record
    assert "9 August 2001" in record
    assert "Legal name" in answers["/ngo.csv"].text
    # and Polish is there in its own place
    assert "Czym się zajmuje" in app.get("/pl/ngo/leszczynski-bank-zywnosci").text
    assert tk.config["ckan.locale_default"] == "de"
