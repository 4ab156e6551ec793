"""Days, months, years and sums of money in what a person typed, as queries of Solr."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ckanext.leszno_ngo import datetimes, polish, record_types
from ckanext.leszno_ngo.search import filters, periods
from ckanext.leszno_ngo.search.index import YEARS_FIELD

_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?")
_YEAR = re.compile(r"20\d\d|19\d\d")
_NUMBER = re.compile(r"\d{1,12}")
# Beginnings of the names of months in all their cases, Polish, English and Ukrainian.
_MONTHS: tuple[tuple[str, ...], ...] = (
    ("stycz", "january", "січ"),
    ("lut", "february", "лют"),
    ("marzec", "marc", "march", "берез"),
    ("kwie", "april", "квіт"),
    ("maj", "травн", "травен"),
    ("czerwi", "czerwc", "june", "черв"),
    ("lipiec", "lipc", "july", "лип"),
    ("sierp", "august", "серп"),
    ("wrzes", "wrzesn", "september", "верес"),
    ("pazdz", "october", "жовт"),
    ("listopad", "november", "листопад"),
    ("grudz", "grudn", "december", "груд"),
)
# Longer words that only begin like a month.
_LONGEST_MONTH = 12
_NO_MONTHS = frozenset({"lutnia", "lutnik", "marcin", "marcina", "majster", "majatek"})
_RELATIVE = {
    "zesz": -1, "ubieg": -1, "poprzed": -1, "miniony": -1, "last": -1, "минул": -1,
    "biez": 0, "tym": 0, "tego": 0, "obecn": 0, "this": 0, "цього": 0,
    "przysz": 1, "nastepn": 1, "next": 1, "наступн": 1,
}  # fmt: skip
_NEAR_DAYS = {
    "wczoraj": -1, "dzis": 0, "dzisiaj": 0, "jutro": 1, "pojutrze": 2, "yesterday": -1,
    "today": 0, "tomorrow": 1, "вчора": -1, "сьогодні": 0, "завтра": 1,
}  # fmt: skip
_YEAR_WORDS = frozenset({"rok", "roku", "year", "року", "рік"})
_UNITS = {
    "zl": 1, "pln": 1, "zlotych": 1, "zlote": 1, "tys": 1_000, "tysiace": 1_000,
    "tysiecy": 1_000, "tysiac": 1_000, "mln": 1_000_000, "milion": 1_000_000,
    "miliona": 1_000_000, "miliony": 1_000_000, "milionow": 1_000_000, "tysiaki": 1_000,
    "tysiakow": 1_000, "tysiaka": 1_000, "tysiak": 1_000, "kola": 1_000, "kafli": 1_000,
}  # fmt: skip
# How much an entry with just this sum is worth beside words in a title.
_SUM_FOUND = 60


@dataclass(frozen=True)
class Span:
    """Words that are a time or a sum: their places, from and to, and what finds it.

    A sum only ranks: "up to 10 000" is not what a record says of itself.
    """

    places: tuple[int, int]
    clauses: tuple[str, ...]
    only_ranks: bool = False


def find(words: Sequence[str], now: dt.datetime) -> Mapping[int, Span]:
    """Find times and sums in a row of words.

    :param words: as typed
    :param now: the moment
    :returns: place of the first word → the span
    """
    folded = [polish.fold(word) for word in words]
    found: dict[int, Span] = {}
    place = 0
    while place < len(folded):
        span = _sum(folded, place) or _time(folded, place, datetimes.today(now))
        if span:
            found[place] = span
        place = span.places[1] if span else place + 1
    return found


def _sum(words: Sequence[str], place: int) -> Span | None:
    """Read "180000 zł", "10 tysięcy", "180 000 zł", "pół miliona"."""
    end = place
    digits = ""
    while end < len(words) and _NUMBER.fullmatch(words[end]) and len(digits) < 12:
        digits += words[end]
        end += 1
    said = periods.NUMERALS.get(words[place])
    factor = float(digits or 0) if said is None else said
    end = end if said is None else place + 1
    units = 1
    first = end
    while end < len(words) and words[end] in _UNITS:
        units *= _UNITS[words[end]]
        end += 1
    if not factor or end == first:
        return None
    return Span((place, end), _of_sum(factor * units), only_ranks=True)


def _of_sum(amount: float) -> tuple[str, ...]:
    fields = {f.solr_field for t in record_types.all_types() for f in t.fields if f.money}
    return tuple(f"{name}:{amount:.0f}^={_SUM_FOUND}" for name in sorted(fields))


def sum_clauses(text: str) -> tuple[str, ...]:
    """Return what finds a bare number as a sum of money; nothing for a text that is no number."""
    digits = "".join(text.split())
    return _of_sum(float(digits)) if _NUMBER.fullmatch(digits) else ()


def _time(words: Sequence[str], place: int, today: dt.date) -> Span | None:
    readings = (_near_day, _day, _month, _year, _period)
    return next((span for one in readings if (span := one(words, place, today))), None)


def _near_day(words: Sequence[str], place: int, today: dt.date) -> Span | None:
    days = _NEAR_DAYS.get(words[place])
    if days is None:
        return None
    first = today + dt.timedelta(days=days)
    return Span((place, place + 1), _between(first, first))


def _day(words: Sequence[str], place: int, today: dt.date) -> Span | None:
    read = _DAY.fullmatch(words[place])
    if not read:
        return None
    try:
        day = dt.date(int(read[3] or today.year), int(read[2]), int(read[1]))
    except ValueError:
        return None
    if not read[3] and day < today - dt.timedelta(days=60):
        day = day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else day
    end = place + 1
    while end < len(words) and words[end] == words[place]:
        end += 1
    return Span((place, end), _between(day, day))


def _month(words: Sequence[str], place: int, today: dt.date) -> Span | None:
    """Read "w styczniu", "grudzień 2026", "12 grudnia"."""
    day = int(words[place]) if _NUMBER.fullmatch(words[place]) and len(words[place]) < 3 else 0
    at = place + bool(day)
    number = _month_number(words[at]) if at < len(words) else None
    if number is None:
        return None
    has_year = at + 1 < len(words) and _YEAR.fullmatch(words[at + 1])
    year = int(words[at + 1]) if has_year else today.year + (number < today.month - 1)
    first = dt.date(year, number, 1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    if 0 < day <= last.day:
        first = last = first.replace(day=day)
    return Span((place, at + 1 + bool(has_year)), _between(first, last))


def _month_number(word: str) -> int | None:
    if len(word) > _LONGEST_MONTH or word in _NO_MONTHS:
        return None
    for number, beginnings in enumerate(_MONTHS, 1):
        if any(word.startswith(one) and len(word) - len(one) <= 4 for one in beginnings):
            return number
    return None


def _year(words: Sequence[str], place: int, today: dt.date) -> Span | None:
    if place + 1 >= len(words) or words[place + 1] not in _YEAR_WORDS:
        return None
    years = _relative(words[place])
    if years is None:
        return None
    return Span((place, place + 2), (f'{YEARS_FIELD}:"{today.year + years}"',))


def _relative(word: str) -> int | None:
    return next((n for beginning, n in _RELATIVE.items() if word.startswith(beginning)), None)


def _period(words: Sequence[str], place: int, today: dt.date) -> Span | None:
    read = periods.read(words, place, today, _relative(words[place]))
    return Span((place, read.end), _between(read.first, read.last)) if read else None


def _between(first: dt.date, last: dt.date) -> tuple[str, ...]:
    dated = [one for one in record_types.all_types() if one.dates]
    return tuple(dict.fromkeys(filters.in_days(one, first, last) for one in dated))
