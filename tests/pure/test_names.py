"""Readable names. The golden table is real names, each reading checked by eye."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo.polish import readable_name

GOLDEN = Path(__file__).with_name("golden_names.txt")
UPPER = "AĄBCĆDEĘFGHIJKLŁMNŃOÓPQRSŚTUVWXYZŹŻ"
NAME_TEXT = st.text(alphabet=UPPER + "0123456789 \"„”'.,-–()/&!", max_size=80)
WORDS = st.sampled_from(
    ["FUNDACJA", "I", "II", "W", "Z", "O.O.", "SP.", '"', '"ODZEW"', "-", "IM.", "ŚW.", "KS.",
     "LESZNO", "NR", "4", "ZHP", "UKS", "ROLNICZO - BUDOWLANEJ", "W LIKWIDACJI", "A.", "PL"]
)  # fmt: skip


def golden():
    lines = [line for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith("#")]
    return list(zip(lines[::2], (line.strip() for line in lines[1::2]), strict=True))


def letters(text):
    return [char for char in text.casefold() if char.isalnum()]


def test_the_table_is_whole():
    assert len(golden()) >= 30 + 29 + 40
    assert not any(char.islower() for legal, _ in golden() for char in legal)


@pytest.mark.parametrize(("legal", "readable"), golden())
def test_golden(legal, readable):
    assert readable_name(legal) == readable
    assert readable_name(readable) == readable


@pytest.mark.parametrize(
    ("legal", "readable"),
    [
        ('FUNDACJA ,,ODZEW"', "Fundacja „Odzew”"),
        ("FUNDACJA „ODZEW”", "Fundacja „Odzew”"),
        ("FUNDACJA ''ODZEW''", "Fundacja „Odzew”"),
        ('FUNDACJA "ODZEW', "Fundacja „Odzew”"),
        ('FUNDACJA ODZEW"', "Fundacja Odzew"),
        ('"FUNDACJA ODZEW"', "Fundacja Odzew"),
        ('FUNDACJA "" ODZEW', "Fundacja Odzew"),
        ("UKS TRÓJKA LESZNO", "UKS Trójka Leszno"),
        ("MKS TĘCZA", "MKS Tęcza"),
        ("OSP LESZNO", "OSP Leszno"),
        ("KS POLONIA 1912 LESZNO", "KS Polonia 1912 Leszno"),
        ("KLUB IM. KS. JANA KOWALSKIEGO", "Klub im. ks. Jana Kowalskiego"),
        ("LGD DOLINA", "LGD Dolina"),
        ("PCK ODDZIAŁ W LESZNIE", "PCK Oddział w Lesznie"),
        ("ODDZIAŁ PTTK W LESZNIE", "Oddział PTTK w Lesznie"),
        ("TOWARZYSTWO DO SPRAW DZIECI", "Towarzystwo do spraw Dzieci"),
        ("KLUB SPORTOWY SP. Z O.O.", "Klub Sportowy sp. z o.o."),
        ("FUNDACJA W LIKWIDACJI", "Fundacja w likwidacji"),
        ("TOWARZYSTWO SZKOŁA I LICEUM", "Towarzystwo Szkoła i Liceum"),
        ("W RODZINIE", "W Rodzinie"),
        ("FUNDACJA A. I W. NOWAK", "Fundacja A. i W. Nowak"),
        ("", ""),
        ("   ", ""),
        ('"', ""),
        ("2000", "2000"),
    ],
)
def test_cases(legal, readable):
    assert readable_name(legal) == readable


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Stowarzyszenie Centrum PISOP", "Stowarzyszenie Centrum PISOP"),
        ('Fundacja  "odzew"', "Fundacja „odzew”"),
        ("stowarzyszenie W LESZNIE", "stowarzyszenie W LESZNIE"),
        ("Klub – Leszno", "Klub – Leszno"),
    ],
)
def test_a_name_with_small_letters_keeps_its_letters(given_name, kept):
    assert readable_name(given_name) == kept


@given(NAME_TEXT | st.lists(WORDS, max_size=8).map(" ".join))
def test_nothing_is_lost_and_a_second_reading_changes_nothing(legal):
    readable = readable_name(legal)
    assert letters(readable) == letters(legal)
    assert readable_name(readable) == readable
    assert readable == readable.strip()
    assert '"' not in readable


@given(st.text())
def test_any_text_may_be_a_name(text):
    readable_name(text)
