"""Dumps of the DataStore: no cell is a formula, and nothing else changes."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import text
from ckanext.leszno_ngo.out import safe_csv

CELLS = st.text(st.sampled_from("=+-@\"',;\t\r\n 1aż"), max_size=6)


def written(rows, delimiter=","):
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return file.getvalue()


def read(file, delimiter=","):
    return list(csv.reader(io.StringIO(file, newline=""), delimiter=delimiter))


@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=4),
    size=st.integers(1, 9),
    delimiter=st.sampled_from(",\t"),
)
def test_only_formulas_get_an_apostrophe(rows, size, delimiter):
    file = written(rows, delimiter).encode()
    pieces = [file[at : at + size] for at in range(0, len(file), size)]
    safe = b"".join(safe_csv.stream(pieces, delimiter)).decode()
    for before, after in zip(rows, read(safe, delimiter), strict=True):
        for cell, shown in zip(before, after, strict=True):
            assert shown in (cell, f"'{cell}")
            assert text.safe_cell(shown).lstrip("'") == text.safe_cell(cell).lstrip("'")
            assert (shown != cell) == (text.safe_cell(cell)[:1] == "'" and cell[:1] != "'")


def test_the_mark_of_utf_8_stays_in_front():
    safe = b"".join(safe_csv.stream(["\ufeff=1,-5\r\n".encode()]))
    assert safe.decode() == '\ufeff"\'=1",-5\r\n'
