"""Plurals, order, dates, numbers, folding and slugs in Polish."""

import datetime as dt
import random
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import polish


@pytest.mark.parametrize(
    ("numbers", "category"),
    [
        ([1, -1], "one"),
        ([2, 3, 4, 22, 24, 102, 1003, -2], "few"),
        ([0, 5, 10, 11, 12, 13, 14, 20, 21, 25, 31, 111, 112, 114, 1012, 9181], "many"),
        ([1.5, 2.0, Decimal("0.5")], "other"),
    ],
)
def test_polish_plurals(numbers, category):
    assert {polish.plural_category(n) for n in numbers} == {category}


def test_english_plurals():
    assert polish.plural_category(1, "en") == "one"
    assert {polish.plural_category(n, "en_GB") for n in (0, 2, 5, 21)} == {"other"}


ORDERED = [
    "", "A", "a b", "ab", "Ach", "Adam", "ą", "Ąb", "b", "Cis", "Ćma", "Dąb", "Ewa", "Ęp",
    "Fundacja „Ala”", "Fundacja Balon", "L", "Lis", "Łan", "Łódź", "Nr 4", "Nr 13", "Ń", "Oko",
    "Ósmy", "Sad", "Śledź", "Zebra", "Źdźbło", "Żaba", "Żółw",
]  # fmt: skip


def test_polish_order():
    shuffled = ORDERED.copy()
    random.Random(7).shuffle(shuffled)
    assert sorted(shuffled, key=polish.sort_key) == ORDERED


def test_case_quotation_and_foreign_marks_do_not_part_neighbours():
    names = ["Fundacja „Odzew”", "FUNDACJA ODZEW", 'Fundacja "Odzew" 2', "Fundacja Odzéw"]
    ordered = sorted([*names, "Fundacja Oda", "Fundacja Ogień"], key=polish.sort_key)
    assert ordered[0] == "Fundacja Oda"
    assert ordered[-1] == "Fundacja Ogień"


@given(st.lists(st.text()))
def test_any_texts_can_be_sorted(texts):
    ordered = sorted(texts, key=polish.sort_key)
    backwards = ordered[::-1]
    assert sorted(backwards, key=polish.sort_key) == ordered


def test_digits_without_end_do_no_harm():
    assert polish.sort_key("9" * 100_000) > polish.sort_key("1")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Żółw", "zolw"),
        ("ZAŻÓŁĆ GĘŚLĄ JAŹŃ", "zazolc gesla jazn"),
        ("Z\u0307o\u0301\u0142w", "zolw"),
        ("Café Groß", "cafe gross"),
        ("„ODZEW”", "„odzew”"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert polish.fold(text) == folded


@given(st.text(alphabet="aąbcćłóśźżAĄŁÓŚŹŻ -„”é1"))
def test_folding_twice_changes_nothing(text):
    assert polish.fold(polish.fold(text)) == polish.fold(text)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Fundacja „Odzew”", "fundacja-odzew"),
        ("Towarzystwo Przyjaciół Zespołu Szkół nr 4 w Lesznie",
         "towarzystwo-przyjaciol-zespolu-szkol-nr-4-w-lesznie"),
        ("  -- ", ""),
        ("Ω", ""),
    ],
)  # fmt: skip
def test_slug(text, slug):
    assert polish.slug(text) == slug


@given(st.text(max_size=300), st.integers(1, 100))
def test_slugs_keep_their_form(text, limit):
    slug = polish.slug(text, limit)
    assert len(slug) <= limit
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug)


def test_a_long_slug_is_cut_between_words():
    assert polish.slug("stowarzyszenie " * 10) == "-".join(["stowarzyszenie"] * 6)
    assert polish.slug("a" * 150) == "a" * 100


@pytest.mark.parametrize(
    ("number", "decimals"),
    [
        (62.5, 1),
        (62.0, 0),
        (1000, 0),
        (62.504, 1),
        (62.54, 2),
        (0.1 + 0.2, 1),
        (9181, 0),
        (1e-9, 0),
    ],
)
def test_how_many_decimals_a_number_needs(number, decimals):
    assert polish.decimals_of(number) == decimals


def test_dates_in_words():
    day = dt.date(2026, 11, 24)
    assert polish.format_date(day) == "24\xa0listopada 2026"
    assert polish.format_date(day, "en") == "24\xa0November 2026"
    assert polish.format_date(dt.date(2026, 9, 1), "pl") == "1\xa0września 2026"
    assert polish.format_month(day) == "listopad 2026"
    assert polish.format_month(day, "en") == "November 2026"


@pytest.mark.parametrize(
    ("number", "decimals", "pl", "en"),
    [
        (0, 0, "0", "0"),
        (9181, 0, "9181", "9,181"),
        (10000, 0, "10 000", "10,000"),
        (1100000, 0, "1 100 000", "1,100,000"),
        (1234.5, 2, "1234,50", "1,234.50"),
        (Decimal("12345.675"), 2, "12 345,68", "12,345.68"),
        (-10000, 0, "-10 000", "-10,000"),
        (9999.6, 0, "10 000", "10,000"),
    ],
)
def test_numbers(number, decimals, pl, en):
    assert polish.format_number(number, "pl", decimals) == pl.replace(" ", "\u00a0")
    assert polish.format_number(number, "en", decimals) == en


def test_money():
    assert polish.format_money(1100000) == "1\u00a0100\u00a0000\u00a0zł"
    assert polish.format_money(Decimal("1234.5")) == "1234,50\u00a0zł"
    assert polish.format_money(14500, "en") == "PLN\xa014,500"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("45.000 PLN", "45000"),
        ("14.500 zł", "14500"),
        ("10 000 zł", "10000"),
        ("10\u00a0000\u00a0zł", "10000"),
        ("1 234,56", "1234.56"),
        ("1.234.567,89 zł", "1234567.89"),
        ("1234.56", "1234.56"),
        ("1300000", "1300000"),
        ("500,-", "500"),
        ("500 złotych", "500"),
        ("280 tys. zł", "280000"),
        ("1,1 mln zł", "1100000"),
        ("0", "0"),
    ],
)
def test_amounts(text, amount):
    assert polish.parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"), ("  ", "empty"), ("zł", "format"), ("dużo", "format"), ("-5", "format"),
        ("10,000", "format"), ("1.23.456", "format"), ("10 00", "format"), ("1e5", "format"),
        ("5 EUR", "format"), ("1,234.56", "format"), ("9" * 60, "format"), ("NaN", "format"),
        ("\u0663", "format"), ("0.001", "format"), ("0 500", "format"), ("00.125", "format"),
    ],
)  # fmt: skip
def test_what_is_no_amount(text, code):
    with pytest.raises(polish.AmountError) as caught:
        polish.parse_amount(text)
    assert caught.value.code == code
    assert caught.value.value == text


@given(st.decimals(0, 10**9, places=2, allow_nan=False))
def test_what_is_written_can_be_read(amount):
    assert polish.parse_amount(polish.format_money(amount)) == amount
