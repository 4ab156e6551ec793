"""Personal data in unusual spellings, and numbers that are none. All numbers are made up."""

import pytest

from ckanext.leszno_ngo import personal_data
from tests.pure.test_personal_data import GOOD

PHONES = (
    "60 12 34 567",
    "601-23-45-67",
    "601.234.567",
    "601 23 45 67",
    "60-12-34-567",
    "6 0 1 2 3 4 5 6 7",
    "601\u00a0234\u00a0567",
    "601\u202f234\u202f567",
    "601–234–567",
    "601·234·567",
    "601 - 234 - 567",
    "601-234.567",
    "601/234-567",
    "601 23 4567",
    "601 2345 67",
    "601 234567",
    "601234 567",
    "6O1 234 567",
    "6o1-234-567",
    "+48 60 12 34 567",
    "0048 60 12 34 567",
    "48 60-12-34-567",
    "６０１ ２３４ ５６７",
    "60 12 345 67",
    "601.23.45.67",
    "(60 12 34 567)",
    "tel.:60 12 34 567.",
)
PESELS = (
    f"{GOOD[:2]} {GOOD[2:4]} {GOOD[4:6]} {GOOD[6:]}",
    f"{GOOD[:2]}-{GOOD[2:4]}-{GOOD[4:6]}-{GOOD[6:]}",
    f"{GOOD[:4]} {GOOD[4:8]} {GOOD[8:]}",
    f"{GOOD[:6]}.{GOOD[6:]}",
    f"{GOOD[:6]} - {GOOD[6:]}",
    " ".join(GOOD),
    f"{GOOD[:3]} {GOOD[3:6]} {GOOD[6:9]} {GOOD[9:]}",
    GOOD.replace("0", "O"),
    f"{GOOD[:6]}\u2009{GOOD[6:]}",
)
EMAILS = (
    "jan.k(at)gmail.com",
    "jan.k [at] gmail.com",
    "jan.k (at) gmail (dot) com",
    "jan.k at gmail.com",
    "jan małpa wp.pl",
    "jan małpa wp kropka pl",
    "jan(małpa)wp(kropka)pl",
    "jan[at]o2[.]pl",
    "jan @ wp.pl",
    "jan＠wp.pl",
    "jan.maria kropka k małpa onet kropka pl",
    "JAN MAŁPA WP KROPKA PL",
    "jan {at} interia.pl",
)
NONE = (
    # amounts, ranges, tables of amounts
    "601 234 567 zł",
    "kwota 601 234 567",
    "601 234 567,00",
    "600 000 000",
    "60 000 1200",
    "500-1000 zł",
    "4500-50000 zł",
    "60 000 15 000",
    "5300 - 12500 osób",
    "od 45 000 do 60 000",
    "45 123 456 789",
    # numbers of registers, accounts and cases
    "KRS 0000601234",
    "REGON 601234567",
    "REGON: 60 12 34 567",
    "NIP 601-234-56-78",
    "601-23-45-678",
    "61 1090 1014 0000 0712 1981 2874",
    "nr konta 60 12 34 567",
    "OPS.501.05.2024",
    "OPS.501/2024/12",
    "Dz.U. 2024.601.123",
    "Dz. U. z 2024 r. poz. 1491",
    "ISBN 978-60-123-4567-8",
    "60-123 4567",
    # days, hours, places, other telephones
    "12.05.2024 15:30",
    "2024-05-12 60",
    "od 10.00 do 12.30 i 14.00",
    "64-100 Leszno, ul. Karasia 15",
    "65 529 81 00",
    "65-529-81-00",
    "+48 65 529 81 00",
    "51.8403 16.5749",
    "801 100 100",
    "22 601 23 45",
    "192.168.60.12",
    "wersja 60.12.34",
    "lata 2019-2024",
    "a60 12 34 567b",
    "60 12 34 567b",
    # addresses of bodies and words
    "biuro(at)leszno.pl",
    "biuro małpa fundacja kropka pl",
    "małpa w zoo",
    "spotkanie at wp",
    "cena @ 5 zł",
    "zoo: małpa. Wp.pl",
    "gmail.com",
    "kropka nad i",
)


def kinds(text):
    return {finding.kind for finding in personal_data.find(text)}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("mobile_phone", text) for text in PHONES),
        *(("pesel", text) for text in PESELS),
        *(("private_email", text) for text in EMAILS),
    ],
)
def test_what_is_a_persons_is_found(kind, text):
    for around in ("{}", "Zapisy: {}", "{}, proszę pisać", "Pan\n{}\nKlub"):
        whole = around.format(text)
        assert kind in kinds(whole), whole
        left = personal_data.redact(whole)
        assert sum(map(str.isdigit, left)) <= (5 if text.startswith(("+", "0048", "48")) else 0)
        assert "wp" not in left.lower()
        assert "gmail" not in left


@pytest.mark.parametrize("text", NONE)
def test_what_is_nobodys_is_let_be(text):
    for around in ("{}", "Zapisy: {}", "{} i więcej"):
        assert kinds(around.format(text)) == set(), around.format(text)


def test_two_numbers_in_a_row_are_two():
    found = personal_data.find("60 12 34 567 60 12 34 568")
    assert [one.kind for one in found] == ["mobile_phone", "mobile_phone"]
