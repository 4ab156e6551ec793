"""The first sentence of a text."""

import pytest

from ckanext.leszno_ngo import polish


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Uczymy pływać. Co dzień.", "Uczymy pływać."),
        ("Jest przy ul. Karasia 15. Pomaga.", "Jest przy ul. Karasia 15. Pomaga."),
        ("1. Pozyskiwanie żywności.\n2. Pomoc.", "Pozyskiwanie żywności."),
        ("Szkoła im. Św. Jana nr 4. Uczy.", "Szkoła im. Św. Jana nr 4. Uczy."),
        ("Kto może? Każdy.", "Kto może?"),
        ("\n\n  \nPierwsza linia\ndruga", "Pierwsza linia"),
        ("", ""),
        ("a) sport; b) kultura", "sport; b) kultura"),
    ],
)  # fmt: skip
def test_the_first_sentence(text, first):
    assert polish.first_sentence(text) == first


def test_a_long_sentence_is_cut_between_words():
    cut = polish.first_sentence("pomoc dzieciom, " * 40, most=30)
    assert cut == "pomoc dzieciom, pomoc…"
    assert len(polish.first_sentence("a" * 500)) <= 201
