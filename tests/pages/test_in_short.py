"""Plain sentences about a record, and how its page is passed on."""

import pytest

from tests.cooperation import records

pytestmark = pytest.mark.usefixtures("clean_catalogue")


def test_a_call_says_in_plain_words_what_is_known_and_nothing_else(page):
    known = {"budget_amount": 70000, "max_amount": 1000.5, "task_start_date": "2099-01-01"}
    call = records.create(
        "call-for-offers", open_date="2020-01-01", offers_deadline_date="2099-03-01T15:00", **known
    )
    text = page(f"/call-for-offers/{call['name']}").select_one(".ln-in-short p").get_text()
    assert " ".join(text.split()) == (
        "Nabór jest otwarty. Do podziału jest 70 000 zł. Jedna oferta może dostać najwyżej "
        "1000,50 zł. Oferty składa się do 1 marca 2099, godz. 15:00."
    )
    english = page(f"/en/call-for-offers/{call['name']}").select_one(".ln-in-short p").get_text()
    assert "The call is open." in english
    assert "{" not in english


def test_a_type_without_sentences_has_no_place_for_them(page, ngo_factory):
    assert not page(f"/ngo/{ngo_factory()['name']}").select(".ln-in-short")


def test_a_page_is_passed_on_without_another_host(page, ngo_factory):
    record = ngo_factory(title="Alfa & Beta")
    share = page(f"/ngo/{record['name']}").select_one(".ln-share")
    link = share.select_one("a")["href"]
    assert link.startswith("mailto:?subject=Alfa%20%26%20Beta&body=http")
    assert link.endswith(record["name"])
