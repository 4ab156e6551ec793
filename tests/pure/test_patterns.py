"""A text is found however a store writes it."""

import json

import pytest

from ckanext.leszno_ngo.privacy.patterns import TooShortError, pattern

NAME = "Józef Wąż-Żółkiewski"


@pytest.mark.parametrize(
    "said",
    [NAME, NAME.upper(), NAME.lower(), json.dumps(NAME), json.dumps(json.dumps(NAME)),
     "jozef-waz-zolkiewski", "Józef  Wąż - Żółkiewski", "(Józef\nWąż–Żółkiewski)".replace("–", "-"),
     "Jozef_Waz_Zolkiewski", "Józef\u00a0Wąż-Żółkiewski"],
)  # fmt: skip
def test_a_name_is_found(said):
    assert pattern([NAME]).python.search(said)


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
