"""New, from last year's."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.leszno_ngo import datetimes
from ckanext.leszno_ngo.catalogue import copies
from tests.cooperation import loaded

CALL = {
    "id": "1",
    "name": "sport-2026",
    "type": "call-for-offers",
    "title": "Sport dzieci w 2026 roku",
    "year": "2026",
    "mode": "open_call",
    "budget_amount": 45_000,
    "open_date": "2026-01-12T08:00:00+01:00",
    "offers_deadline_date": "2026-06-30T15:30:00+02:00",
    "task_start_date": "2028-02-29",
    "announcements": [{"channel": "bip", "date": "2026-01-10"}],
    "resolved_date": "2026-03-01",
    "offers_number": 4,
    "metadata_modified": "2026-03-01T00:00:00",
    "computed": {"state": "resolved"},
    "owner_org": "org",
}


def test_dates_move_results_go_and_the_rest_stays():
    assert copies.copied(loaded.record_type("call-for-offers"), CALL) == {
        "type": "call-for-offers",
        "title": "Sport dzieci w 2027 roku",
        "year": "2027",
        "mode": "open_call",
        "budget_amount": 45_000,
        "open_date": "2027-01-12T08:00:00+01:00",
        "offers_deadline_date": "2027-06-30T15:30:00+02:00",
        "task_start_date": "2029-02-28",
        "owner_org": "org",
    }


def test_numbers_that_are_no_years_stay():
    record = {**CALL, "title": "Uchwała XL/12026/26, lata 2026-2027"}
    new = copies.copied(loaded.record_type("call-for-offers"), record)
    assert new["title"] == "Uchwała XL/12026/26, lata 2027-2028"


@given(st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2090, 1, 1)))
def test_the_clock_shows_the_same_hour(naive):
    old = naive.replace(tzinfo=dt.timezone.utc).astimezone(datetimes.WARSAW)
    record = {"open_date": datetimes.to_stored(old)}
    new = copies.copied(loaded.record_type("call-for-offers"), record)["open_date"]
    local = datetimes.from_stored(new).astimezone(datetimes.WARSAW)
    assert local.year == old.year + 1
    assert local.hour in {old.hour, old.hour + 1}


@pytest.mark.parametrize("name", loaded.TYPES)
def test_what_is_dropped_is_not_also_moved(name):
    copy = loaded.record_type(name).copy
    assert not set(copy.shift) & set(copy.drop)


@pytest.mark.parametrize("name", loaded.TYPES)
def test_no_result_of_last_year_comes_along(name):
    """What a section of results holds, a new record does not."""
    record_type = loaded.record_type(name)
    results = {field.name for field in record_type.fields if field.section == "results"}
    assert results <= set(record_type.copy.drop)
