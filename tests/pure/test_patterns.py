"""A text is found however a store writes it."""

import json

import pytest

from ckanext.leszno_ngo.privacy import in_markup
from ckanext.leszno_ngo.privacy.patterns import MASK, TooShortError, pattern

NAME = "Józef Wąż-Żółkiewski"


#: Spellings of one name that look alike on a page, or are read as it.
SAME_TO_A_READER = [
    "Kunegunda Przed\u00adrzymirska",
    "Kune\u200bgunda Przedrzymirska",
    "Kunegunda\u200b Przedrzymirska",
    "**Kunegunda** Przedrzymirska",
    "*Kunegunda* _Przedrzymirska_",
    "_Kunegunda_Przedrzymirska_",
    "Kunegunda&#32;Przedrzymirska",
    "Kunegunda&#xA0;Przedrzymirska",
    r"Kunegunda\_Przedrzymirska",
    "Kunegunda/Przedrzymirska",
    "\uff2bunegunda Przedrzymirska",
    "Kunegu\u0301nda Przedrzymirska",
    "Przedrzymirska Kunegunda",
    "Przedrzymirska, Kunegunda",
    "[Kunegunda](https://a.pl/b) Przedrzymirska",
    "[Kunegunda Przedrzymirska](https://a.pl)",
    "Kunegunda &#80;rzedrzymirska",
    "Kunegunda &#x050;rzedrzymirska",
    "?q=%4Bunegunda%20Przedrzymirska",
    json.dumps("Kunegunda Przed\u00adrzymirska"),
    r"Kunegunda\ Przedrzymirska",
    "Kunegunda\t|\tPrzedrzymirska",
    "Kune~~~~gunda Przedrzymirska",
    "Kunegunda \u2068Przedrzymirska\u2069",
]
#: And those for which a text is read sign by sign as it looks.
LOOKING_THE_SAME = [
    "Kune\ufe0fgunda Przedrzymirska",
    "Kune\U000e0061gunda Przedrzymirska",
    "Kune\u3164gunda Przedrzymirska",
    "\U0001d40aunegunda Przedrzymirska",
    "Kunegunda%2520Przedrzymirska",
    "Kunegunda&amp;#32;Przedrzymirska",
    "&Kappa;unegunda Przedrzymirska".replace("&Kappa;", "&#x4b;"),
    "Kune<!-- -->gunda Przedrzymirska",
]


@pytest.mark.parametrize(
    "said",
    [NAME, NAME.upper(), NAME.lower(), json.dumps(NAME), json.dumps(json.dumps(NAME)),
     "jozef-waz-zolkiewski", "Józef  Wąż - Żółkiewski", "(Józef\nWąż–Żółkiewski)".replace("–", "-"),
     "Jozef_Waz_Zolkiewski", "Józef\u00a0Wąż-Żółkiewski"],
)  # fmt: skip
def test_a_name_is_found(said):
    assert pattern([NAME]).python.search(said)


@pytest.mark.parametrize("said", SAME_TO_A_READER)
def test_a_name_is_found_that_looks_the_same(said):
    assert pattern(["Kunegunda Przedrzymirska"]).python.search(said)


@pytest.mark.parametrize("said", LOOKING_THE_SAME)
def test_a_name_is_masked_that_looks_the_same(said):
    sought = pattern(["Kunegunda Przedrzymirska"]).python
    masked = in_markup.masked(sought, f"Prezes: {said}, tel.")
    assert MASK in masked
    assert "rzymirska" not in masked
    assert masked.endswith(", tel.")


def test_a_name_of_polish_letters_is_found_in_an_address():
    found = pattern(["Żaneta Śląska"]).python
    assert found.search("/%C5%BBaneta%20%c5%9al%C4%85ska")
    assert found.search("Z\u0307aneta S\u0301la\u0328ska")


@pytest.mark.parametrize(
    "said", ["Józefa Wąż-Żółkiewskiego", "Józef, syn: Wąż", "XJózef Wąż-Żółkiewski"]
)
def test_another_name_is_not(said):
    assert not pattern([NAME]).python.search(said)


def test_a_number_is_found_in_every_grouping():
    found = pattern(["601 234 567"]).python
    assert all(
        found.search(said)
        for said in ("601234567", "601-234-567", "+48 601 234 567", "60 123 45 67")
    )
    assert not found.search("16012345678")


@pytest.mark.parametrize("texts", [[], ["Jan"], ["ab", "Józef Wąż"], ["()"]])
def test_what_would_be_found_everywhere_is_refused(texts):
    with pytest.raises(TooShortError):
        pattern(texts)
