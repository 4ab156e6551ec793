"""The front page and the pages beside it."""

import re

import pytest

from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")

#: Ids that the technical conditions of the accessibility statement demand.
IDS = (
    "a11y-wstep",
    "a11y-podmiot",
    "a11y-url",
    "a11y-data-publikacja",
    "a11y-data-aktualizacja",
    "a11y-status",
    "a11y-data-sporzadzenie",
    "a11y-kontakt",
    "a11y-osoba",
    "a11y-email",
    "a11y-telefon",
    "a11y-procedura",
    "a11y-architektura",
    "a11y-aplikacje",
)


def test_the_front_page_counts_and_leads_in(ngo_factory, page, said):
    ngo_factory(spheres=["17"])
    ngo_factory(spheres=["17", "16"])
    soup = page("/")
    assert "2 organizacje" in said(soup.select_one(".ln-hero"))
    sport = next(a for a in soup.select(".ln-spheres a") if "sport" in a.get_text())
    assert said(sport).endswith("2")
    assert len(page(sport["href"]).select(".ln-card")) == 2
    boxes = soup.select("form[role=search]")
    assert [box["action"] for box in boxes] == ["/szukaj"]
    assert boxes[0].select_one('input[name="q"]')


def test_the_front_page_of_an_empty_catalogue_opens(page, said):
    assert "0 organizacji" in said(page("/").select_one(".ln-hero"))


def test_the_front_page_asks_solr_little(ngo_factory, app, solr_budget):
    ngo_factory()
    app.get("/")
    # CKAN's own search of the newest datasets, the first record type, calls, dates, money
    with solr_budget(5):
        app.get("/")


def test_the_front_page_says_what_one_can_do(app, page, said):
    tasks = {said(link): link["href"] for link in page("/").select(".ln-tasks a")}
    assert list(tasks) == [
        "Znajdź pomoc",
        "Zdobądź pieniądze dla organizacji",
        "Zobacz, kto dostał pieniądze",
        "Pomóż innym",
        "Przekaż 1,5% podatku",
    ]
    for address in tasks.values():
        app.get(address, status=200)


def test_calls_open_now_say_until_when_the_soonest_first(page, said):
    assert "Teraz nic nie jest otwarte." in said(page("/").select_one(".ln-now"))
    for title, days in (("Drugi", 20), ("Pierwszy", 4)):
        records.create(
            "call-for-offers",
            title=title,
            open_date=records.ago(days=3),
            offers_deadline_date=records.ahead(days=days),
        )
    shown = [said(one) for one in page("/").select(".ln-now section:first-child li")]
    assert [text.split()[0] for text in shown] == ["Pierwszy", "Drugi"]
    assert "Oferty do" in shown[0]
    assert shown[0].endswith("jeszcze 4 dni")


def test_navigation_says_where_one_is(page, said):
    soup = page("/ngo/")
    here = soup.select('.ln-menu a[aria-current="page"]')
    assert [said(a) for a in here] == ["Organizacje pozarządowe"]
    assert [said(a) for a in soup.select(".ln-menu a")][-3:] == [
        "Otwarte dane",
        "O katalogu",
        "Zaloguj się",
    ]


def test_nothing_is_loaded_from_other_hosts(page):
    for address in ("/", "/ngo/", "/about", "/dataset/"):
        soup = page(address)
        loaded = [e.get("src") or e.get("href") for e in soup.select("script[src], link, img")]
        own = re.compile(r"/(?!/)|http://test\.ckan\.net/")
        assert [url for url in loaded if url and not own.match(url)] == []


def test_the_accessibility_statement_has_each_id_once(page):
    soup = page("/deklaracja-dostepnosci")
    assert {name: len(soup.select(f"#{name}")) for name in IDS} == dict.fromkeys(IDS, 1)
    assert len(soup.select("[role=main] h1")) == 1
    for name in ("a11y-data-publikacja", "a11y-data-aktualizacja", "a11y-data-sporzadzenie"):
        day = soup.find(id=name)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", day["datetime"])
        assert day.get_text() == day["datetime"]
    assert "częściowo zgodna" in soup.find(id="a11y-status").get_text()
    assert soup.select('a[href^="https://www.rpo.gov.pl"]')


@pytest.mark.ckan_config("ckanext.leszno_ngo.statement.status", "full")
@pytest.mark.ckan_config("ckanext.leszno_ngo.statement.email", "dostepnosc@example.org")
def test_the_statement_says_what_the_configuration_says(page):
    soup = page("/deklaracja-dostepnosci")
    assert "jest zgodna z wymaganiami" in soup.find(id="a11y-status").get_text()
    assert soup.find(id="a11y-email")["href"] == "mailto:dostepnosc@example.org"


@pytest.mark.parametrize("code", [400, 403, 404, 405, 418, 500, [500]])
def test_errors_are_said_in_polish_with_a_way_on(code, app):
    import ckan.plugins.toolkit as tk

    where = {"CKAN_CURRENT_URL": "/x", "CKAN_LANG": "pl"}
    with app.flask_app.test_request_context("/x", environ_overrides=where):
        body = tk.render(
            "error_document_template.html",
            {"code": code, "name": "Teapot", "content": "English words of the server"},
        )
    assert '<html lang="pl"' in body
    assert "Przejdź do strony głównej" in body
    assert "Teapot" not in body


def test_a_missing_record_offers_the_search(page, said):
    soup = page("/ngo/nie-ma-takiej", status=404)
    assert said(soup.h1) == "Nie ma takiej strony"
    assert soup.select_one("form[role=search]")
