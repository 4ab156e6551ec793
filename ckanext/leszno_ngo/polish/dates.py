"""Dates for people."""

from __future__ import annotations

import datetime as dt

from ckanext.leszno_ngo.dates import MONTHS_PL

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
    """A day in words: `24 listopada 2026`, or `24 November 2026` for `en`."""
    months = _MONTHS_EN if lang.lower().startswith("en") else MONTHS_PL
    return f"{day.day} {months[day.month - 1]} {day.year}"
