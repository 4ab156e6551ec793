"""Times told from today: "za dwa tygodnie", "w przyszłym miesiącu", "w sobotę", "na wiosnę"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

#: Numbers as words, folded.
NUMERALS: Mapping[str, float] = {
    "pol": 0.5, "polowa": 0.5, "jeden": 1, "jedna": 1, "one": 1, "a": 1, "poltora": 1.5,
    "dwa": 2, "dwie": 2, "two": 2, "два": 2, "дві": 2, "две": 2, "pare": 3, "kilka": 3,
    "trzy": 3, "three": 3, "три": 3, "cztery": 4, "four": 4, "чотири": 4, "piec": 5, "five": 5,
    "szesc": 6, "siedem": 7, "osiem": 8, "dziewiec": 9, "dziesiec": 10, "ten": 10, "dycha": 10,
    "dyche": 10, "pietnascie": 15, "dwadziescia": 20, "trzydziesci": 30, "piecdziesiat": 50,
    "sto": 100, "stowa": 100, "dwiescie": 200,
}  # fmt: skip
_AHEAD = frozenset({"za", "in", "через"})
# Days of a unit, and how many days before and after count as well.
_DAYS, _WEEKS, _MONTHS, _YEARS = (1, 1), (7, 3), (30, 10), (365, 60)
_UNITS = {
    "dzien": _DAYS, "dni": _DAYS, "day": _DAYS, "days": _DAYS, "день": _DAYS, "дні": _DAYS,
    "tydzien": _WEEKS, "tygodnie": _WEEKS, "tygodni": _WEEKS, "tygodnia": _WEEKS,
    "tygodniu": _WEEKS, "week": _WEEKS, "weeks": _WEEKS, "тиждень": _WEEKS, "тижні": _WEEKS,
    "тижня": _WEEKS, "неделю": _WEEKS, "недели": _WEEKS, "неделе": _WEEKS,
    "miesiac": _MONTHS, "miesiace": _MONTHS, "miesiecy": _MONTHS, "miesiaca": _MONTHS,
    "miesiacu": _MONTHS, "month": _MONTHS, "months": _MONTHS, "місяць": _MONTHS,
    "місяці": _MONTHS, "місяця": _MONTHS, "месяц": _MONTHS, "месяце": _MONTHS,
    "rok": _YEARS, "year": _YEARS, "рік": _YEARS,
}  # fmt: skip
_NAMED_DAYS = (
    ("poniedzialek", "poniedzialku", "monday", "понеділок"),
    ("wtorek", "wtorku", "tuesday", "вівторок"),
    ("sroda", "srode", "wednesday", "середу"),
    ("czwartek", "czwartku", "thursday", "четвер"),
    ("piatek", "piatku", "friday", "п'ятницю"),
    ("sobota", "sobote", "soboty", "saturday", "суботу"),
    ("niedziela", "niedziele", "niedzieli", "sunday", "неділю"),
)
_WEEKEND = frozenset({"weekend", "weekendu", "weekendzie", "łikend", "вихідні", "вихідних"})
# Words for a season as a time, not for its own sake ("jesienny", "lato w mieście"); first months.
_SEASONS = {
    "wiosna": 3, "wiosne": 3, "spring": 3, "навесні": 3, "latem": 6, "lecie": 6, "summer": 6,
    "влітку": 6, "jesienia": 9, "autumn": 9, "восени": 9, "zima": 12, "zime": 12, "zimie": 12,
    "winter": 12, "взимку": 12,
}  # fmt: skip
_AFTER, _BEFORE = frozenset({"po", "after", "після"}), frozenset({"przed", "before", "перед"})
_HOLIDAYS = frozenset({"swietach", "swieta", "swietami", "christmas", "свят"})


@dataclass(frozen=True)
class Period:
    """Days from the first to the last; ``end`` is the place after the last word that tells them."""

    end: int
    first: dt.date
    last: dt.date


def read(words: Sequence[str], place: int, today: dt.date, years: int | None) -> Period | None:
    """Read a time that begins at a place in a row of words.

    :param words: folded
    :param place: where the time may begin
    :param today: the day from which it is told
    :param years: what the word there says of the next one: -1 last, 0 this, 1 next
    """
    return next(_readings(words, place, today, years), None)


def _readings(
    words: Sequence[str], place: int, today: dt.date, shift: int | None
) -> Iterator[Period]:
    word, following = words[place], words[place + 1 : place + 2]
    if word in _AHEAD:
        yield from _ahead(words, place, today)
    if shift is not None and following:
        yield from _whole(following[0], place + 2, today, shift)
    for number, names in enumerate(_NAMED_DAYS):
        if word in names:
            day = today + dt.timedelta(days=(number - today.weekday()) % 7)
            yield Period(place + 1, day, day)
    if word in _WEEKEND:
        yield _weekend(place + 1, today)
    if word in _SEASONS:
        yield _season(place + 1, today, _SEASONS[word])
    if following and following[0] in _HOLIDAYS:
        christmas = dt.date(today.year, 12, 25)
        if word in _AFTER:
            yield Period(place + 2, _days(christmas, 2), _days(christmas, 23))
        if word in _BEFORE:
            yield Period(place + 2, _days(christmas, -24), christmas)


def _ahead(words: Sequence[str], place: int, today: dt.date) -> Iterator[Period]:
    """Read "za tydzień", "za 2 tygodnie", "za półtora miesiąca"."""
    at = place + 1
    number = 1.0
    if at < len(words) and (words[at] in NUMERALS or _is_small(words[at])):
        number = NUMERALS[words[at]] if words[at] in NUMERALS else float(words[at])
        at += 1
    if at < len(words) and words[at] in _UNITS:
        length, around = _UNITS[words[at]]
        day = _days(today, round(number * length))
        yield Period(at + 1, _days(day, -around), _days(day, around))


def _is_small(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 3


def _whole(unit: str, end: int, today: dt.date, shift: int) -> Iterator[Period]:
    """Read "w przyszłym tygodniu", "w tym miesiącu"."""
    kind = _UNITS.get(unit)
    if unit in _WEEKEND:
        yield _weekend(end, _days(today, 7 * shift))
    elif kind == _WEEKS:
        monday = _days(today, 7 * shift - today.weekday())
        yield Period(end, monday, _days(monday, 6))
    elif kind == _MONTHS:
        months = today.year * 12 + today.month - 1 + shift
        yield Period(end, _month(months), _days(_month(months + 1), -1))


def _weekend(end: int, today: dt.date) -> Period:
    saturday = _days(today, min(5 - today.weekday(), 5))
    return Period(end, saturday, _days(saturday, 1))


def _season(end: int, today: dt.date, first_month: int) -> Period:
    """Return the season that is on, or the next one."""
    months = today.year * 12 + first_month - 1
    now = today.year * 12 + today.month - 1
    while months + 2 < now:
        months += 12
    if months - 12 + 2 >= now:
        months -= 12
    return Period(end, _month(months), _days(_month(months + 3), -1))


def _month(months: int) -> dt.date:
    return dt.date(months // 12, months % 12 + 1, 1)


def _days(day: dt.date, number: int) -> dt.date:
    return day + dt.timedelta(days=number)
