"""What a record's dates say at a moment: its state, the days left. Nothing of it is stored.

A state is declared once, in the type's schema; both the page (``state``) and the index
(``state_filter``) read that declaration, so they never disagree. Both count in whole minutes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.leszno_ngo import config, datetimes, polish, vocabularies
from ckanext.leszno_ngo.record_types import RecordType, State
from ckanext.leszno_ngo.vocabularies import Term

#: Codes of the vocabulary ``money_source``.
CITY, OUTSIDE, PASSED_ON = "city", "outside", "passed_on"
#: What :func:`compute` may give.
NAMES = ("state", "days_left", "year", "money_source")
#: How many years from now the years of a record that runs on are in the index. The index is told
#: when the record is saved, and must not be behind when a year ends.
RUNS_ON = 10
_MINUTE = "NOW/MINUTE"


def compute(record_type: RecordType, record: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    """Return the computed values of a record.

    :param record_type: its type
    :param record: field → value
    :param now: the moment (with a time zone)
    :returns: ``state`` (a code of ``record_type.states_vocabulary``) where the type has states,
        ``days_left`` until the type's deadline where it lies ahead; ``year`` of the programme;
        ``money_source`` where the type tells whose money it is
    """
    values = {
        "state": state(record_type, record, now),
        "days_left": days_left(record_type, record, now),
        "year": year(record_type, record),
        "money_source": money_source(record_type, record),
    }
    return {name: value for name, value in values.items() if value is not None}


def state(record_type: RecordType, record: Mapping[str, Any], now: dt.datetime) -> str | None:
    """Return the code of the state a record is in, ``None`` for a type without states."""
    minute = now.replace(second=0, microsecond=0)
    for candidate in record_type.states:
        if _fits(candidate, record, minute):
            return candidate.code
    return None


def calendar_exclusion(
    record_type: RecordType, record: Mapping[str, Any], now: dt.datetime
) -> Term | None:
    """Return the state that takes a record off calendars (cancelled, annulled), if it is in one."""
    code = state(record_type, record, now)
    if not code or not record_type.states_vocabulary:
        return None
    term = vocabularies.get(record_type.states_vocabulary).get(code)
    return term if term and term.extra.get("off_calendar") else None


def _fits(candidate: State, record: Mapping[str, Any], minute: dt.datetime) -> bool:
    if candidate.flag:
        return str(record.get(candidate.flag)).lower() == "true"
    return not candidate.past or any(_has_passed(record.get(f), minute) for f in candidate.past)


def state_filter(record_type: RecordType, codes: Iterable[str]) -> str:
    """Return the states as a filter query of Solr.

    :param record_type: a type with states
    :param codes: the states wanted, any of them
    :returns: a value for ``fq``; an unknown code finds nothing
    """
    wanted = set(codes)
    clauses = [
        f"({_clause(candidate, record_type.states[:number])})"
        for number, candidate in enumerate(record_type.states)
        if candidate.code in wanted
    ]
    return " OR ".join(clauses) or "-*:*"


def _clause(candidate: State, earlier: Iterable[State]) -> str:
    excluded = [f"-{condition}" for before in earlier for condition in _conditions(before)]
    conditions = _conditions(candidate)
    fits = f"+({' OR '.join(conditions)})" if conditions else "+*:*"
    return " ".join([fits, *excluded])


def _conditions(candidate: State) -> list[str]:
    flags = [f"{candidate.flag}:true"] if candidate.flag else []
    return flags + [f"{name}:[* TO {_MINUTE}]" for name in candidate.past]


def days_left(record_type: RecordType, record: Mapping[str, Any], now: dt.datetime) -> int | None:
    """Return how many days are left until the type's deadline (``record_type.dates``).

    :returns: 0 on the last day, ``None`` when there is no deadline or it has passed
    """
    deadline = record.get(record_type.dates.get("deadline", ""))
    if not deadline or _has_passed(deadline, now) and not _is_day_of(deadline, now):
        return None
    left = (datetimes.day(deadline) - datetimes.today(now)).days
    return left if left >= 0 else None


def year(record_type: RecordType, record: Mapping[str, Any]) -> str | None:
    """Return the programme year of a record: four digits, from the first date or year it has."""
    for name in record_type.year:
        value = str(record.get(name) or "")
        if value:
            return value if datetimes.is_year(value) else str(datetimes.day(value).year)
    return None


def years(record_type: RecordType, record: Mapping[str, Any], now: dt.datetime) -> list[str]:
    """Return the years that a record counts in, the earliest first.

    :param record_type: its type; a record of one that ``runs`` counts in every year from its
        start to its end, and in the year that somebody gave it
    :param record: field → value
    :param now: the moment; years more than ``RUNS_ON`` after it are left out
    :returns: four digits each; a record without any date counts in none
    """
    own = year(record_type, record)
    counted = {own} if own else set()
    runs = record_type.runs
    if runs and record.get(runs.start):
        latest = datetimes.today(now).year + RUNS_ON
        first = datetimes.day(str(record[runs.start])).year
        end = next((record[name] for name in runs.end if record.get(name)), None)
        last = datetimes.day(str(end)).year if end else (latest if runs.open_ended else first)
        if last > first:
            counted |= {str(one) for one in range(first, min(last, max(latest, first)) + 1)}
    return sorted(counted)


def money_source(record_type: RecordType, record: Mapping[str, Any]) -> str | None:
    """Return whose money a record's is, a code of ``money_source``.

    Money that an operator passes on (art. 16a) was counted with the operator's own grant; what
    another body gives is not the City's. ``None`` for a type that does not tell.
    """
    declared = record_type.money_source
    if declared is None:
        return None
    if record.get(declared.parent):
        return PASSED_ON
    vocabulary = vocabularies.get(record_type.field(declared.term).vocabulary or "")
    term = vocabulary.get(str(record.get(declared.term) or ""))
    if term and term.extra.get("money_source"):
        return str(term.extra["money_source"])
    return CITY if is_the_city(record.get(declared.funder)) else OUTSIDE


def is_the_city(funder: Any) -> bool:
    """Whether the City funds: it is named, in any letters, or nobody is."""
    name = str(funder or "").strip()
    return not name or polish.fold(name) == polish.fold(config.publisher_name())


def _has_passed(value: Any, now: dt.datetime) -> bool:
    return bool(value) and datetimes.from_stored(str(value)) <= now


def _is_day_of(value: str, now: dt.datetime) -> bool:
    """Whether a deadline is a whole day, and that day: it lasts until midnight."""
    return datetimes.is_day(value) and datetimes.day(value) == datetimes.today(now)
