"""Orders of results that residents ask for."""

import pytest
from bs4 import BeautifulSoup

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.search import capability
from tests.cooperation import records
from tests.cooperation.records import ago, ahead

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def page(app, address):
    return BeautifulSoup(app.get(address, status=200).body, "html.parser")


def titles(app, address):
    return [link.get_text() for link in page(app, address).select(".ln-card h3 a")]


def offered(app, address):
    return [link.get_text(strip=True) for link in page(app, address).select(".ln-sorts a")]


def test_calls_are_ordered_by_deadline_and_by_relevance_where_words_are_looked_for(app):
    opened = ago(days=3)
    records.create(
        "call-for-offers",
        title="Kultura",
        open_date=opened,
        offers_deadline_date=ahead(days=2),
        notes="Także obozy żeglarskie.",
    )
    records.create(
        "call-for-offers",
        title="Obozy żeglarskie",
        open_date=opened,
        offers_deadline_date=ahead(days=20),
    )
    assert titles(app, "/call-for-offers/") == ["Kultura", "Obozy żeglarskie"]
    assert titles(app, "/call-for-offers/?q=obozy") == ["Obozy żeglarskie", "Kultura"]
    by_deadline = "/call-for-offers/?q=obozy&sort=deadline"
    assert titles(app, by_deadline) == ["Kultura", "Obozy żeglarskie"]


def test_every_type_is_ordered_by_relevance_where_words_are_looked_for():
    for record_type in record_types.all_types():
        assert record_type.sort_for(None, "słowa").name == "relevance"
        assert record_type.sort_for(None, "").name == record_type.default_sort


@pytest.fixture
def grants():
    given = (
        ("Duża", "100 000", "2024", "Żagiel"),
        ("Mała", "9 000", "2026", "Ćwierkanie"),
        ("Średnia", "20 000,50", "2025", "Cisza"),
    )
    for title, amount, year, name in given:
        records.create("grant", title=title, granted_amount=amount, year=year, recipient_name=name)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("amount", ["Duża", "Średnia", "Mała"]),
        ("amount-asc", ["Mała", "Średnia", "Duża"]),
        ("year", ["Mała", "Średnia", "Duża"]),
        ("year-asc", ["Duża", "Średnia", "Mała"]),
        ("recipient", ["Średnia", "Mała", "Duża"]),
    ],
)
def test_grants_by_amount_year_and_recipient(sort, expected, grants, app):
    assert titles(app, f"/grant/?sort={sort}") == expected


def test_premises_by_size_and_what_has_none_comes_last(app):
    for title, area, seats in (("Duży", "800", 5), ("Mały", "9,5", 40), ("Nieznany", "", "")):
        records.create("premises", title=title, area=area, seats_number=seats)
    assert titles(app, "/premises/?sort=area") == ["Duży", "Mały", "Nieznany"]
    assert titles(app, "/premises/?sort=area-asc") == ["Mały", "Duży", "Nieznany"]
    assert titles(app, "/premises/?sort=seats") == ["Mały", "Duży", "Nieznany"]
    assert titles(app, "/premises/?sort=seats-asc") == ["Duży", "Mały", "Nieznany"]


@pytest.mark.parametrize("name", ["event", "volunteering"])
def test_events_and_volunteering_by_date(name, app):
    records.create(name, title="Później", start_date=ahead(days=20))
    records.create(name, title="Wcześniej", start_date=ahead(days=2))
    assert titles(app, f"/{name}/?sort=start") == ["Wcześniej", "Później"]
    assert titles(app, f"/{name}/?sort=start-desc") == ["Później", "Wcześniej"]


def test_what_has_no_deadline_comes_after_what_has(app):
    records.create("volunteering", title="Bez terminu")
    records.create("volunteering", title="Z terminem", sign_up_deadline_date=ahead(days=9))
    assert titles(app, "/volunteering/?sort=deadline") == ["Z terminem", "Bez terminu"]


def test_a_solr_without_numbers_is_not_asked_to_order_by_them(grants, app, monkeypatch):
    assert "największa kwota" in offered(app, "/grant/")
    monkeypatch.setattr(capability, "has_polish", lambda: False)
    left = offered(app, "/grant/")
    assert "rok od najnowszego" in left
    assert not [label for label in left if "kwota" in label]
    assert len(titles(app, "/grant/?sort=amount")) == 3
