"""The law's numbers and working days."""

import datetime as dt

import pytest

from ckanext.leszno_ngo.cooperation import law

DAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("name", "value", "article"),
    [
        ("call_min_days", 21, "art. 13 ust. 1"),
        ("small_grant_max_amount", 10_000, "art. 19a ust. 1 pkt 1"),
        ("small_grant_max_days", 90, "art. 19a ust. 1 pkt 2"),
        ("small_grant_publication_working_days", 7, "art. 19a ust. 3"),
        ("small_grant_publication_days", 7, "art. 19a ust. 3"),
        ("small_grant_max_year_amount", 20_000, "art. 19a ust. 6"),
        ("small_grant_max_year_share", 20, "art. 19a ust. 7"),
    ],
)
def test_the_numbers_of_the_act(name, value, article):
    limit = law.limits().on(name, DAY)
    assert (limit.value, limit.article) == (value, article)


def test_a_portals_own_file_replaces_a_limit_from_a_day_on(tmp_path):
    own = tmp_path / "limits.yaml"
    own.write_text(
        """
limits:
  call_min_days:
    article: art. 13 ust. 1
    unit: days
    values:
      - {value: 21, valid_to: 2026-12-31}
      - {value: 14, valid_from: 2027-01-01}
""",
        encoding="utf-8",
    )
    limits = law.limits(str(own))
    assert limits.on("call_min_days", dt.date(2026, 12, 31)).value == 21
    assert limits.on("call_min_days", dt.date(2027, 1, 1)).value == 14
    assert limits.on("small_grant_max_days", DAY).value == 90
    assert limits.on("no_such", DAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "limits: [",
        "other: {}",
        "limits: {a: {article: x, unit: miles, values: []}}",
        "limits: {a: {article: x, unit: days, values: [{value: dużo}]}}",
        "limits: {a: {article: x, unit: days, values: [{value: 1}, {value: 2}]}}",
    ],
)
def test_a_bad_file_is_refused(text):
    with pytest.raises(law.LimitsError):
        law.parse(text, "own.yaml")


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-24", True),
        ("2026-11-28", False),  # Saturday
        ("2026-11-29", False),  # Sunday
        ("2026-11-11", False),  # Independence Day
        ("2026-06-04", False),  # Corpus Christi
        ("2026-12-24", False),  # free since 2025
        ("2024-12-24", True),
    ],
)
def test_working_days(day, works):
    assert law.is_working_day(dt.date.fromisoformat(day)) is works


def test_a_term_of_seven_working_days_jumps_over_holidays():
    # Friday 6 November 2026; the 11th is free, so are the weekends.
    assert law.add_working_days(dt.date(2026, 11, 6), 7) == dt.date(2026, 11, 18)
