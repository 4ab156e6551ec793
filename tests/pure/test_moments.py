"""Days and hours of Poland."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import datetimes


@pytest.mark.parametrize(
    ("given_", "stored"),
    [
        ("2026-12-15T15:30", "2026-12-15T15:30:00+01:00"),
        ("2026-12-15 15:30:20", "2026-12-15T15:30:20+01:00"),
        ("15.12.2026 15:30", "2026-12-15T15:30:00+01:00"),
        ("15.12.2026, godz. 15.30", "2026-12-15T15:30:00+01:00"),
        ("15 grudnia 2026 r. o 15:30", "2026-12-15T15:30:00+01:00"),
        ("15 grudnia 2026 r., godz. 15", "2026-12-15T15:00:00+01:00"),
        ("2026-07-15T15:30", "2026-07-15T15:30:00+02:00"),
        ("2026-12-15T14:30:00Z", "2026-12-15T15:30:00+01:00"),
        ("2026-12-15T14:30:00+00:00", "2026-12-15T15:30:00+01:00"),
        ("2026-12-15T09:30:00-05:00", "2026-12-15T15:30:00+01:00"),
        ("2026-12-15", "2026-12-15T00:00:00+01:00"),
        (dt.date(2026, 12, 15), "2026-12-15T00:00:00+01:00"),
        (dt.datetime(2026, 12, 15, 8), "2026-12-15T08:00:00+01:00"),
        # An hour that comes twice: the first.
        ("2026-10-25 02:30", "2026-10-25T02:30:00+02:00"),
    ],
)
def test_every_spelling(given_, stored):
    assert datetimes.to_stored(datetimes.parse(given_)) == stored


def test_a_day_alone_takes_the_hour_asked_for():
    assert datetimes.to_stored(datetimes.parse("15.12.2026", datetimes.END_OF_DAY)).startswith(
        "2026-12-15T23:59:00"
    )


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "empty"),
        ("jutro 15:30", "format"),
        ("31.02.2026 15:30", "impossible"),
        ("15.12.2026 25:30", "hour"),
        ("15.12.2026 15:61", "hour"),
        ("2026-03-29 02:30", "gap"),
    ],
)
def test_no_moment(value, code):
    with pytest.raises(datetimes.MomentError) as caught:
        datetimes.parse(value)
    assert caught.value.code == code


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 12, 30)))
def test_what_is_stored_is_read_again(naive):
    moment = naive.replace(microsecond=0, tzinfo=dt.timezone.utc)
    stored = datetimes.to_stored(moment)
    assert datetimes.from_stored(stored) == moment
    assert datetimes.parse(stored) == moment
    assert datetimes.to_solr(stored) == moment.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


@given(st.text(max_size=40))
def test_rubbish_gives_an_error_and_nothing_else(text):
    with suppress(datetimes.MomentError):
        assert datetimes.parse(text).tzinfo is not None


def test_a_day_begins_at_midnight_as_the_index_has_it():
    assert datetimes.to_solr("2026-12-15") == "2026-12-15T00:00:00Z"
    assert datetimes.day("2026-12-15T23:30:00Z") == dt.date(2026, 12, 16)
    assert datetimes.today(dt.datetime(2026, 6, 1, 22, 30, tzinfo=dt.timezone.utc)) == dt.date(
        2026, 6, 2
    )
