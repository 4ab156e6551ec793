"""One form for each kind of value: what is taken, what is refused, and that it comes back as is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.leszno_ngo.values import KINDS, ValueRefusedError

#: Kind → spellings and the one form that they come to; a code in brackets is a refusal.
SPELLINGS = {
    "phone": {
        "65 529 81 00": "+48 65 529 81 00",
        "65-529-81-00": "+48 65 529 81 00",
        "(65) 529 81 00": "+48 65 529 81 00",
        "0 65 529 81 00": "+48 65 529 81 00",
        "(0-65) 529 81 00": "+48 65 529 81 00",
        "+48655298100": "+48 65 529 81 00",
        "0048 65 529 81 00": "+48 65 529 81 00",
        "48655298100": "+48 65 529 81 00",
        "tel. 65/529 81 00": "+48 65 529 81 00",
        "65 529 81 00, wew. 12": "+48 65 529 81 00 wew. 12",
        "65 529 81 00 w. 5": "+48 65 529 81 00 wew. 5",
        "65 529 81 00; 655298131 lub 65 529 81 00": "+48 65 529 81 00, +48 65 529 81 31",
        "512345678": "+48 512 345 678",
        "800 123 456": "+48 800 123 456",
        "+49 30 1234567": "+49 30 1234567",
        "529 81 00": "[phone]",
        "٦٥ ٥٢٩ ٨١ ٠٠": "[phone]",
        "655298100 sekretariat": "[phone]",
        "65 529 81 00/01": "[phone]",
        "brak": "[phone]",
    },
    "email": {
        "UM@Leszno.PL": "um@leszno.pl",
        "mailto:biuro@klub.org.pl": "biuro@klub.org.pl",
        "biuro@klub.org.pl;": "biuro@klub.org.pl",
        "biuro(at)klub.pl": "[email]",
        "biuro@klub": "[email]",
    },
    "web_address": {
        "WWW.LESZNO.PL": "https://www.leszno.pl",
        "www.Leszno.pl/NGO": "https://www.leszno.pl/NGO",
        "HTTP://Leszno.pl/Ngo?A=1": "http://leszno.pl/Ngo?A=1",
        "leszno.pl:8080/a": "https://leszno.pl:8080/a",
        "https://ząbki.pl": "https://ząbki.pl",
        "https://bip.leszno.pl/?id=5&section=3&copy=1": "https://bip.leszno.pl/?id=5&section=3&copy=1",
        "HTTPS://LESZNO.PL/ABC": "https://leszno.pl/ABC",
        "https://pl.wikipedia.org/wiki/Sp._z_o.o.": "https://pl.wikipedia.org/wiki/Sp._z_o.o.",
        "leszno.pl.": "https://leszno.pl",
        "https://user:pw@leszno.pl": "[website]",
        "https://@leszno.pl": "[website]",
        "javascript:alert(1)": "[website]",
        "ftp://leszno.pl": "[website]",
        "https://leszno": "[website]",
        "https://leszno.pl/a b": "[website]",
    },
    "edelivery_address": {
        "pl-12345-67890-abcde-12": "AE:PL-12345-67890-ABCDE-12",
        "AE:PL-12345-67890-ABCDE-12": "AE:PL-12345-67890-ABCDE-12",
        "AE:PL-12345": "[edelivery_address]",
    },
    "postal_code": {
        "64100": "64-100",
        "64 - 100": "64-100",
        "64–100": "64-100",
        "٦٤١٠٠": "[postal_code]",
        "6410": "[postal_code]",
    },
    "building_number": {"15 A": "15A", '"15"': "15", "1" * 21: "[building_number]"},
    "street": {"UL. KAZIMIERZA KARASIA": "ul. Kazimierza Karasia", "Ul. Długa": "ul. Długa"},
    "place_name": {
        "LESZNO": "Leszno",
        "Miastowice": "Miastowice",
        "MIASTO LESZNO": "Leszno",
        "M. LESZNO": "Leszno",
        "Święciechowa": "Święciechowa",
    },
    "district": {"ZATORZE": "Zatorze", "Miasto Ogród": "Miasto Ogród"},
    "county": {"powiat Leszczyński": "leszczyński", "LESZNO": "Leszno"},
    "voivodeship": {"woj. WIELKOPOLSKIE": "wielkopolskie", "Bawaria": "[voivodeship]"},
    "latitude": {"51,8403": "51.8403", "51.84030000": "51.8403", "16.5": "[outside]"},
    "longitude": {"16.5749": "16.5749", "x": "[degrees]", "nan": "[degrees]", "inf": "[outside]"},
    "flag": {"Tak": True, "x": True, "posiada": True, "NIE": False, "fałsz": False, "?": "[flag]"},
    "pkd": {
        "9499Z": ["94.99.Z"],
        "94.99.Z Działalność pozostałych organizacji": ["94.99.Z"],
        "86": ["86"],
        "dział 86": ["86"],
        "94 99 z; 88.10.Z": ["94.99.Z", "88.10.Z"],
        "94.99.Z Działalność organizacji członkowskich, gdzie indziej niesklasyfikowana": [
            "94.99.Z"
        ],
        "usługi": "[pkd]",
        "94.99.Z\nusługi": "[pkd]",
    },
    "years": {"2024 2023, 2024": ["2023", "2024"], "24": "[years]", "٢٠٢٤": "[years]"},
    "day": {
        "1.02.2019 r.": "2019-02-01",
        "17 grudnia 2018 roku": "2018-12-17",
        "31.02.2019": "[date_impossible]",
        "kiedyś": "[date_format]",
    },
    "moment": {
        "15.12.2026 15:30": "2026-12-15T15:30:00+01:00",
        "15 lipca 2026 r., godz. 15.30": "2026-07-15T15:30:00+02:00",
        "29.03.2026 2:30": "[date_gap]",
    },
    "moment_of_end": {"15.12.2026": "2026-12-15T23:59:00+01:00"},
    "amount": {
        "45.000 zł": "45000",
        "1 234,50": "1234.50",
        "280 tys. zł": "280000",
        "-5": "[amount]",
        "sześć": "[amount]",
        "10 000 000 000 000": "[amount_range]",
    },
    "whole_number": {"1 200": "1200", "1,5": "[whole_number]"},
    "percent": {"12,5 %": "12.50", "101": "[percent]"},
    "year": {" 2026 ": "2026", "26": "[year]", "1989": "[year]"},
    "krs": {"31247": "0000031247", "KRS 0000031247": "0000031247", "x": "[characters]"},
    "regon": {"000660995": "000660995", "000660996": "[checksum]"},
    "nip": {"697-002-07-56": "6970020756", "PL 6970020756": "6970020756"},
    "teryt": {"3063011": "3063011", "9999999": "[structure]"},
    "line": {"  Klub\u200b  <b>Żabka</b> ": "Klub Żabka", "x" * 1001: "[too_long]"},
    "long_text": {"a\r\n\r\n\r\n\r\nb": "a\n\nb", "x" * 20_001: "[too_long]"},
}
CASES = [(kind, *case) for kind, cases in SPELLINGS.items() for case in cases.items()]


def come_to(kind, value):
    try:
        return KINDS[kind](value)
    except ValueRefusedError as error:
        return f"[{error.code}]"


def written(canonical):
    """A canonical value as a source or a form writes it again."""
    if isinstance(canonical, list):
        return "\n".join(canonical)
    return str(canonical)


def test_every_kind_has_its_spellings():
    assert SPELLINGS.keys() == KINDS.keys()


@pytest.mark.parametrize(("kind", "value", "expected"), CASES)
def test_spellings_come_to_one_form_which_stays(kind, value, expected):
    assert come_to(kind, value) == expected
    if isinstance(expected, list) or not str(expected).startswith("["):
        assert come_to(kind, written(expected)) == expected


#: Texts of the signs that mean something to some kind, beside any text at all.
SIGNS = st.text("0123456789 +-()./,;:@%wzł.plPLAxae", max_size=40)
SAMPLES = st.sampled_from([value for _, value, _ in CASES if len(value) < 200])


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(value=st.one_of(SIGNS, st.text(max_size=40), SAMPLES))
def test_whatever_is_taken_comes_back_as_it_is(kind, value):
    try:
        canonical = KINDS[kind](value)
    except ValueRefusedError:
        return
    if canonical not in ("", []):
        assert KINDS[kind](written(canonical)) == canonical
