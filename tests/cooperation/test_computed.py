"""States and days left, at moments around the dates."""

import datetime as dt

import pytest

from ckanext.leszno_ngo.catalogue import computed
from ckanext.leszno_ngo.record_types import RecordType, Runs
from tests.cooperation import loaded

CALL = {
    "open_date": "2026-11-24T08:00:00+01:00",
    "offers_deadline_date": "2026-12-15T15:30:00+01:00",
}


def at(text):
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("more", "now", "state"),
    [
        ({}, "2026-11-24T07:59:59+01:00", "planned"),
        ({}, "2026-11-24T08:00:00+01:00", "open"),
        ({}, "2026-12-15T15:29:59+01:00", "open"),
        ({}, "2026-12-15T15:30:00+01:00", "evaluated"),
        ({"resolved_date": "2026-12-20"}, "2026-12-19T23:00:00+01:00", "evaluated"),
        ({"resolved_date": "2026-12-20"}, "2026-12-20T09:00:00+01:00", "resolved"),
        (
            {"resolved_date": "2026-12-20", "annulled_date": "2026-12-21"},
            "2026-12-22T09:00:00+01:00",
            "annulled",
        ),
        ({"annulled_date": "2026-12-01"}, "2026-12-02T09:00:00+01:00", "annulled"),
        ({"open_date": None}, "2026-12-01T09:00:00+01:00", "planned"),
        # What is known of an old call may be a day or two, which say nothing of today.
        ({"archive": True, "offers_deadline_date": None}, "2029-12-01T09:00:00+01:00", "archived"),
        (
            {"archive": True, "resolved_date": "2026-12-20"},
            "2029-12-01T09:00:00+01:00",
            "resolved",
        ),
        # A call without an end is open for good.
        ({"offers_deadline_date": None}, "2029-12-01T09:00:00+01:00", "open"),
    ],
)
def test_state_of_a_call(more, now, state):
    record = {**CALL, **more}
    assert computed.state(loaded.record_type("call-for-offers"), record, at(now)) == state


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-12-14T23:00:00+01:00", 1),
        ("2026-12-15T08:00:00+01:00", 0),
        ("2026-12-15T15:30:00+01:00", None),
        ("2026-11-24T08:00:00+01:00", 21),
        # Midnight in Poland, still the day before in UTC.
        ("2026-12-13T23:30:00+00:00", 1),
    ],
)
def test_days_left(now, left):
    assert computed.days_left(loaded.record_type("call-for-offers"), CALL, at(now)) == left


def test_a_whole_day_lasts_until_its_midnight():
    programme = loaded.record_type("programme")
    record = {"report_due_date": "2027-05-31"}
    assert computed.days_left(programme, record, at("2027-05-31T20:00:00+02:00")) == 0
    assert computed.days_left(programme, record, at("2027-06-01T00:30:00+02:00")) is None


@pytest.mark.parametrize(
    ("record", "year"),
    [
        ({"year": "2027", **CALL}, "2027"),
        (CALL, "2026"),
        ({"open_date": "2026-12-31T23:30:00Z"}, "2027"),
        ({}, None),
    ],
)
def test_year_of_the_programme(record, year):
    assert computed.year(loaded.record_type("call-for-offers"), record) == year


def test_types_without_states_have_none():
    assert computed.compute(loaded.record_type("ngo"), {}, at("2026-12-01T09:00:00+01:00")) == {}


def test_a_filter_of_no_state_finds_nothing():
    assert computed.state_filter(loaded.record_type("call-for-offers"), ["nonsense"]) == "-*:*"


@pytest.mark.parametrize(
    ("record", "counted"),
    [
        ({"start_date": "2024-11-01", "end_date": "2026-02-01"}, "2024 2025 2026"),
        ({"start_date": "2024-11-01", "end_date": "2024-12-01"}, "2024"),
        ({"start_date": "2024-11-01", "end_date": "2024-12-01", "year": "2025"}, "2025"),
        ({"start_date": "2024-11-01", "end_date": "2025-12-01", "year": "2022"}, "2022 2024 2025"),
        # wrong dates and typing errors make no endless lists
        ({"start_date": "2024-11-01", "end_date": "2020-12-01"}, "2024"),
        ({"start_date": "2025-01-01", "end_date": "9999-12-01"}, "2025 2026 2027 2028 2029 2030 "
         "2031 2032 2033 2034 2035 2036"),
        ({"start_date": "2060-01-01"}, "2060"),
        ({"year": "2026"}, "2026"),
        ({}, ""),
    ],
)  # fmt: skip
def test_the_years_that_a_record_counts_in(record, counted):
    now = dt.datetime(2026, 11, 25, tzinfo=dt.timezone.utc)
    runs = Runs("start_date", ("end_date",), open_ended=True)
    kind = RecordType("x", {}, {}, (), year=("year", "start_date"), runs=runs)
    assert computed.years(kind, record, now) == counted.split()
