"""Goals and forms of cooperation stand in the words of the City's own programme."""

import re

import pytest

from ckanext.leszno_ngo import vocabularies
from tests.shared_data import shared

#: One point of the source names four modes at once; each form has the words of its own.
_OPENING = "zlecenie realizacji zadań publicznych organizacjom pozarządowym poprzez"
SPLIT = {
    "F02": (_OPENING, "tryb pozakonkursowy"),
    "F03": (_OPENING, "regranting"),
    "F04": (
        _OPENING,
        "zakup usług",
        "a także zlecenie zadań na podstawie przepisów innych niż ustawa o działalności pożytku "
        "publicznego i o wolontariacie",
    ),
}
#: The share of tax has grown since the source was written.
SINCE = {"F19": ("1,5%", "1%")}


@pytest.fixture(scope="module")
def source():
    text = shared("../programme-source.txt").read_text(encoding="utf-8")
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.mark.parametrize(("name", "number"), [("programme_goals", 9), ("programme_forms", 31)])
def test_labels_are_the_words_of_the_source(source, name, number):
    terms = vocabularies.get(name).terms
    assert len(terms) == number
    for term in terms:
        label = term.label("pl")
        parts = SPLIT.get(term.code, (label.replace(*SINCE.get(term.code, ("", ""))),))
        assert all(part in source for part in parts), term.code
        assert all(part in label for part in SPLIT.get(term.code, ())), term.code
