"""Dates in the ways sources write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import dates

DAYS = st.dates(dates.FIRST_DAY, dates.LAST_DAY)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2019-01-31", (2019, 1, 31)),
        ("2019-01-31T23:59:59.123+02:00", (2019, 1, 31)),
        ("2019-01-31 00:00:00", (2019, 1, 31)),
        ("2019-01-31T10:00:00Z", (2019, 1, 31)),
        ("2019.01.31", (2019, 1, 31)),
        ("31.01.2019", (2019, 1, 31)),
        ("1.2.2019", (2019, 2, 1)),
        ("01-02-2019", (2019, 2, 1)),
        ("01/02/2019", (2019, 2, 1)),
        ("01. 02. 2019", (2019, 2, 1)),
        ("01.01.2019r.", (2019, 1, 1)),
        ("01.01.2019 r.", (2019, 1, 1)),
        ("01.01.2019 R", (2019, 1, 1)),
        ("17 grudnia 2018 roku", (2018, 12, 17)),
        ("17 GRUDNIA 2018 R.", (2018, 12, 17)),
        ("17 grudnia 2018 roku godz. 14.00", (2018, 12, 17)),
        ("3 V 1999", (1999, 5, 3)),
        ("1 września 2020", (2020, 9, 1)),
        ("1 maj 2020", (2020, 5, 1)),
        ("24.09.2026 02:32:27", (2026, 9, 24)),
        ("  24.09.2026\u00a0", (2026, 9, 24)),
        (dt.datetime(2020, 2, 29, 12, 0), (2020, 2, 29)),
        (dt.date(2020, 2, 29), (2020, 2, 29)),
        (43466, (2019, 1, 1)),
        (43466.75, (2019, 1, 1)),
        ("43466", (2019, 1, 1)),
        ("29.02.2020", (2020, 2, 29)),
    ],
)
def test_parse(value, day):
    assert dates.parse_date(value) == dt.date(*day)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "empty"), (None, "empty"), ("  ", "empty"),
        ("wkrótce", "format"), ("2019", "format"), ("01.2019", "format"), ("01.02.19", "format"),
        ("17 grudzeń 2018", "format"), ("2019-01.31", "format"), ("31.01.2019 i dalej", "format"),
        (True, "format"), ("20190131", "format"),
        ("31.02.2019", "impossible"), ("29.02.2019", "impossible"), ("13/31/2019", "impossible"),
        ("00.01.2019", "impossible"), ("0000-00-00", "impossible"),
        ("01.01.1899", "range"), ("01.01.2101", "range"), (0, "range"), (60, "range"),
        (99999999, "range"), (float("nan"), "range"), (float("inf"), "range"),
        (dt.date(1, 1, 1), "range"),
    ],
)  # fmt: skip
def test_refusals(value, code):
    with pytest.raises(dates.DateError) as caught:
        dates.parse_date(value)
    assert caught.value.code == code
    assert caught.value.code in dates.ERROR_CODES


@given(DAYS)
def test_every_way_of_writing_gives_the_day_back(day):
    month = dates.MONTHS_PL[day.month - 1]
    written = [
        day.isoformat(),
        f"{day:%d.%m.%Y}",
        f"{day.day}.{day.month}.{day.year} r.",
        f"{day.day} {month} {day.year}",
        f"{day.day} {month.upper()} {day.year} ROKU",
        f"{day:%d.%m.%Y} 23:59:59",
    ]
    assert {dates.parse_date(way) for way in written} == {day}


@given(st.text())
def test_any_text_is_a_date_or_refused(value):
    try:
        day = dates.parse_date(value)
    except dates.DateError:
        return
    assert dates.FIRST_DAY <= day <= dates.LAST_DAY
