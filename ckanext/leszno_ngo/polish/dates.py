"""Dates for people."""

from __future__ import annotations

import datetime as dt

from ckanext.leszno_ngo.dates import MONTHS_NOMINATIVE_PL, MONTHS_PL
from ckanext.leszno_ngo.polish.numbers import NBSP

_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def format_date(day: dt.date, lang: str = "pl") -> str:
    """A day in words: `24 listopada 2026`, or `24 November 2026` for `en`.

    No line ends between the day and the month.
    """
    months = _MONTHS_EN if lang.lower().startswith("en") else MONTHS_PL
    return f"{day.day}{NBSP}{months[day.month - 1]} {day.year}"


def format_month(day: dt.date, lang: str = "pl") -> str:
    """The month of a day: `listopad 2026`, or `November 2026` for `en`."""
    months = _MONTHS_EN if lang.lower().startswith("en") else MONTHS_NOMINATIVE_PL
    return f"{months[day.month - 1]} {day.year}"
