"""Dates as Polish registers, spreadsheets and people write them."""

from __future__ import annotations

import datetime as dt
import re

from . import bounds

MONTHS_PL = (
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "września",
    "października",
    "listopada",
    "grudnia",
)
ERROR_CODES = ("empty", "format", "impossible", "range")
FIRST_DAY = dt.date(1900, 1, 1)
LAST_DAY = dt.date(2100, 12, 31)

MONTHS_NOMINATIVE_PL = (
    "styczeń",
    "luty",
    "marzec",
    "kwiecień",
    "maj",
    "czerwiec",
    "lipiec",
    "sierpień",
    "wrzesień",
    "październik",
    "listopad",
    "grudzień",
)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_MONTH_OF = {
    name: number
    for names in (MONTHS_PL, MONTHS_NOMINATIVE_PL, _ROMAN)
    for number, name in enumerate(names, start=1)
}

_CLOCK = (
    r"(?:[T\s,]+(?:godz\.?\s*)?\d{1,2}[:.]\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_MARK = r"\s*(?:r\.?|roku)?"
_ISO = re.compile(rf"(?P<y>\d{{4}})([-./])(?P<m>\d{{1,2}})\2(?P<d>\d{{1,2}}){_CLOCK}")
_DAY_FIRST = re.compile(
    rf"(?P<d>\d{{1,2}})\s*([-./])\s*(?P<m>\d{{1,2}})\s*\2\s*(?P<y>\d{{4}}){_YEAR_MARK}{_CLOCK}",
    re.IGNORECASE,
)
_WITH_NAME = re.compile(
    rf"(?P<d>\d{{1,2}})\.?[\s.]+(?P<name>[^\W\d_]+)\.?[\s.]+(?P<y>\d{{4}}){_YEAR_MARK}{_CLOCK}",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
# A spreadsheet counts days; its 60 is the 29 February 1900 that never was: right from 61 on.
_SERIAL_ORIGIN = dt.date(1899, 12, 30)
_SERIAL_RANGE = (61, (LAST_DAY - _SERIAL_ORIGIN).days)


class DateError(ValueError):
    """A value is not a date.

    `code`: `empty`, `format` (no known way of writing), `impossible` (31 February) or `range`
    (before 1900 or after 2100: a slip or a filler). `value` is what was given.
    """

    def __init__(self, code: str, value: object) -> None:
        super().__init__(f"{code}: {value!r}")
        self.code = code
        self.value = value


def parse_date(value: object, *, month_first: bool = False) -> dt.date:
    """A date from any of the ways a source may give it.

    :param value: a date or datetime (from a spreadsheet), the number of a spreadsheet's day, or
        a text: ISO 8601 with or without a time, `1.02.2019`, `01-02-2019`, `01.01.2019r.`, `17
        grudnia 2018 roku`, `3 V 1999`, `24.09.2026 02:32:27` (KRS), `45292`. The day comes first.
    :param month_first: of two numbers before a year, the month comes first (`12/31/2024`)
    :returns: the day; a time of day is dropped.
    :raises DateError: see the class.
    """
    if isinstance(value, dt.datetime):
        return _within(value.date(), value)
    if isinstance(value, dt.date):
        return _within(value, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_serial(float(value), value)
    text = str(value) if value is not None else ""
    if len(text) > bounds.NUMBER:
        raise DateError("format", text[: bounds.NUMBER])
    text = " ".join(text.split())
    if not text:
        raise DateError("empty", value)
    return _from_text(text, value, month_first)


def _from_text(text: str, value: object, month_first: bool) -> dt.date:
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text.replace(",", ".")), value)
    for pattern in (_ISO, _DAY_FIRST, _WITH_NAME):
        match = pattern.fullmatch(text)
        if match:
            parts = match.groupdict()
            if month_first and pattern is _DAY_FIRST:
                parts["d"], parts["m"] = parts["m"], parts["d"]
            return _from_parts(parts, value)
    raise DateError("format", value)


def _from_parts(parts: dict[str, str], value: object) -> dt.date:
    month = _MONTH_OF.get(parts["name"].lower()) if "name" in parts else int(parts["m"])
    if month is None:
        raise DateError("format", value)
    try:
        day = dt.date(int(parts["y"]), month, int(parts["d"]))
    except ValueError as error:
        raise DateError("impossible", value) from error
    return _within(day, value)


def _from_serial(serial: float, value: object) -> dt.date:
    first, last = _SERIAL_RANGE
    if not first <= serial < last + 1:
        raise DateError("range", value)
    return _SERIAL_ORIGIN + dt.timedelta(days=int(serial))


def _within(day: dt.date, value: object) -> dt.date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise DateError("range", value)
    return day
