"""The panel at the top of a record's page: what people want to know first."""

import pytest

from tests.cooperation import records
from tests.cooperation.records import ago, ahead

pytestmark = pytest.mark.usefixtures("clean_catalogue")


@pytest.fixture
def facts(page, said):
    """``facts(address)`` is the panel: question → answers."""

    def read(address, **more):
        panel = page(address, **more).select(".ln-key dl > div")
        return {said(one.dt): [said(dd) for dd in one.select("dd")] for one in panel}

    return read


def test_a_call_says_until_when_how_much_who_and_where(facts, page, said):
    records.create(
        "call-for-offers",
        name="sport",
        open_date=ago(days=3),
        offers_deadline_date=ahead(days=10),
        max_amount="10000",
        budget_amount="500000",
        eligible="Organizacje z Leszna, np. kluby. Także parafie.",
        offer_channels=["email"],
        offer_url="https://example.org/generator",
    )
    shown = facts("/call-for-offers/sport")
    assert shown["Do kiedy"][0].endswith("jeszcze 10 dni")
    assert shown["Ile pieniędzy"] == [
        "Najwięcej na jedną ofertę: 10 000 zł",
        "Środki publiczne na zadanie: 500 000 zł",
    ]
    assert shown["Kto może złożyć ofertę"] == ["Organizacje z Leszna, np. kluby."]
    assert shown["Jak i gdzie"] == ["e-mailem"]
    soup = page("/call-for-offers/sport")
    button = soup.select_one(".ln-key .btn")
    assert button["href"] == "https://example.org/generator"
    assert not soup.select(".ln-badge-left") or len(soup.select(".ln-badge-left")) == 1
    card = said(page("/call-for-offers/").select_one(".ln-card .ln-badge-left"))
    assert card.startswith("Oferty do ")
    assert card.endswith("– jeszcze 10 dni")


def test_what_is_unknown_says_so_and_officials_may_complete_it(facts, page, as_editor):
    records.create(
        "call-for-offers",
        name="pusty",
        open_date=ago(days=40),
        offers_deadline_date=ago(days=10),
        offer_url="https://example.org/generator",
    )
    assert facts("/call-for-offers/pusty")["Kto może złożyć ofertę"] == ["nie wiadomo"]
    soup = page("/call-for-offers/pusty")
    assert not soup.select(".ln-key .btn"), "nothing can be filed any more"
    assert not soup.select(".ln-unknown a")
    links = page("/call-for-offers/pusty", headers=as_editor).select(".ln-unknown a")
    assert any(link["href"].endswith("/edit/pusty#field-eligible") for link in links)


def test_a_profile_says_what_it_does_how_to_reach_it_and_what_it_got(facts, ngo_factory):
    club = ngo_factory(
        name="klub", notes="Uczymy pływać. Co dzień.", town="Leszno", website="https://example.org"
    )
    grant = {"recipient": club["id"], "recipient_name": "", "outside_call": "true"}
    records.create("grant", **grant, granted_amount="30000")
    records.create("grant", **grant, title="Drugi", granted_amount="5000")
    shown = facts("/ngo/klub")
    assert shown["Czym się zajmuje"] == ["Uczymy pływać."]
    assert shown["Kontakt"][0] == "example.org"
    assert "Leszno" in shown["Kontakt"][1]
    assert shown["Co dostała"] == ["2 dotacje : 35 000 zł"]
    assert "Co oferuje" not in shown


def test_a_place_has_its_area_to_the_decimal(facts, said):
    records.create("premises", name="sala", area="62,5", seats_number="40")
    assert facts("/premises/sala")["Jak duży"][0] == "Powierzchnia (m²): 62,5"


def test_an_entry_without_dates_is_in_no_state(page):
    records.create("guide", name="wzor", title="Wzór")
    records.create("guide", name="dawny", title="Dawny", valid_to_date=ago(days=5)[:10])
    assert not page("/guide/wzor").select(".ln-badge")
    assert page("/guide/dawny").select(".ln-badge-closed")


def test_technical_links_are_folded(page, ngo_factory):
    ngo_factory(name="klub", krs="0000034219")
    folded = page("/ngo/klub").select("details.ln-technical")
    assert folded
    assert all(not one.has_attr("open") for one in folded)
    assert any("package_show" in link["href"] for one in folded for link in one.select("a"))
