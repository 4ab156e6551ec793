"""Times told from today, as people say them."""

import datetime as dt

import pytest

from ckanext.leszno_ngo.search import periods

MONDAY = dt.date(2026, 11, 30)


@pytest.mark.parametrize(
    ("typed", "years", "first", "last"),
    [
        ("za tydzien", None, "2026-12-04", "2026-12-10"),
        ("za 2 tygodnie", None, "2026-12-11", "2026-12-17"),
        ("in two weeks", None, "2026-12-11", "2026-12-17"),
        ("za poltora miesiaca", None, "2027-01-04", "2027-01-24"),
        ("за", None, None, None),
        ("za zielone", None, None, None),
        ("przyszlym tygodniu", 1, "2026-12-07", "2026-12-13"),
        ("tym miesiacu", 0, "2026-11-01", "2026-11-30"),
        ("przyszlym miesiacu", 1, "2026-12-01", "2026-12-31"),
        ("przyszly weekend", 1, "2026-12-12", "2026-12-13"),
        ("weekend", None, "2026-12-05", "2026-12-06"),
        ("sobote", None, "2026-12-05", "2026-12-05"),
        ("poniedzialek", None, "2026-11-30", "2026-11-30"),
        ("zima", None, "2026-12-01", "2027-02-28"),
        ("wiosne", None, "2027-03-01", "2027-05-31"),
        ("jesienia", None, "2026-09-01", "2026-11-30"),
        ("po swietach", None, "2026-12-27", "2027-01-17"),
        ("przed swietami", None, "2026-12-01", "2026-12-25"),
        ("po szkole", None, None, None),
    ],
)
def test_times_are_read(typed, years, first, last):
    read = periods.read(typed.split(), 0, MONDAY, years)
    told = (str(read.first), str(read.last)) if read else (None, None)
    assert told == (first, last)
    assert read is None or read.end == len(typed.split())


def test_in_january_winter_is_on_and_on_sunday_the_weekend():
    assert periods.read(["zima"], 0, dt.date(2027, 1, 9), None).first == dt.date(2026, 12, 1)
    assert periods.read(["weekend"], 0, dt.date(2026, 12, 6), None).last == dt.date(2026, 12, 6)
