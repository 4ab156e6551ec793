"""What narrows a search beside its facets: the state that dates put a record in, a range of days.

Neither is a field of the record. In an address they are ``state`` (codes, or ``all`` against the
type's default), ``from`` and ``to`` (days in Poland, both included). A type that covers others may
have one state, ``current``: what each of their own pages shows at first. A search for the map finds
what has a place, or with ``place=none`` what has none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.leszno_ngo import dates, datetimes, record_types
from ckanext.leszno_ngo.catalogue import computed
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search.solr import NO_DOCUMENT, literal

STATE, FROM, TO, PLACE = "state", "from", "to", "place"
#: The value of ``state`` that switches a type's default filter off.
ALL = "all"
#: The value of ``place`` for what has no place on the map.
UNPLACED = "none"
#: The state of a type that covers others.
CURRENT = "current"

Selections = Mapping[str, Sequence[str]]


def filter_names(record_type: RecordType) -> list[str]:
    """Return the parameters that a type's searches have beside facets."""
    has_days = any(one.dates for one in _parts(record_type))
    return [*([STATE] if states(record_type) else []), *([FROM, TO] if has_days else [])]


def states(record_type: RecordType) -> dict[str, str]:
    """Return the states by which a type's searches narrow.

    :returns: code → filter query of Solr; empty for a type without states
    """
    if not record_type.composite_of:
        codes = [state.code for state in record_type.states]
        return {code: computed.state_filter(record_type, [code]) for code in codes}
    if STATE not in record_type.default_filters:
        return {}
    parts = _parts(record_type)
    return {CURRENT: " OR ".join(_of_type(part, _usual(part)) for part in parts)}


def _usual(record_type: RecordType) -> str:
    """What a type's page shows at first, as a query; empty for everything."""
    codes = record_type.default_filters.get(STATE)
    return computed.state_filter(record_type, codes) if codes else ""


def _parts(record_type: RecordType) -> list[RecordType]:
    """The types that a search finds records of."""
    if not record_type.composite_of:
        return [record_type]
    return [part for part in map(record_types.get, record_type.composite_of) if part]


def _of_type(record_type: RecordType, clause: str = "") -> str:
    own = f"+dataset_type:{literal(record_type.name)}"
    return f"({own} +({clause}))" if clause else f"({own})"


def read_filters(record_type: RecordType, arguments: Any) -> dict[str, list[str]]:
    """Read an address (``?state=open&from=2026-12-01``).

    :param record_type: the type searched
    :param arguments: the request's arguments (a ``MultiDict``)
    :returns: name → values: known states or ``all`` alone, days as ISO dates; what is neither is
        left out (:func:`faults` names it)
    """
    chosen: dict[str, list[str]] = {}
    known = states(record_type)
    if known:
        asked = set(arguments.getlist(STATE))
        codes = [code for code in known if code in asked]
        if codes or ALL in asked:
            chosen[STATE] = codes or [ALL]
    for name in _days(record_type):
        day = _day(arguments.get(name))
        if day:
            chosen[name] = [day.isoformat()]
    if record_type.only_placed and arguments.get(PLACE) == UNPLACED:
        chosen[PLACE] = [UNPLACED]
    return chosen


def _days(record_type: RecordType) -> tuple[str, ...]:
    return tuple(name for name in filter_names(record_type) if name != STATE)


def faults(record_type: RecordType, arguments: Any) -> list[str]:
    """Return the names of parameters whose values are no states and no days."""
    wrong = []
    known = states(record_type)
    if known and not {*known, ALL, ""}.issuperset(arguments.getlist(STATE)):
        wrong.append(STATE)
    given = {name: (arguments.get(name) or "").strip() for name in _days(record_type)}
    return wrong + [name for name, text in given.items() if text and not _day(text)]


def _day(text: str | None) -> dt.date | None:
    try:
        return dates.parse_date(text)
    except dates.DateError:
        return None


def with_defaults(record_type: RecordType, chosen: Selections) -> dict[str, Sequence[str]]:
    """Add the type's default filters where the address says nothing of them."""
    return {**record_type.default_filters, **chosen}


def everything(record_type: RecordType) -> dict[str, Sequence[str]]:
    """Return what an address must say so that no default filter works."""
    return {name: (ALL,) for name in record_type.default_filters if name == STATE}


def filter_queries(record_type: RecordType, chosen: Selections) -> list[str]:
    """Return filter queries for the chosen states and days, and for a place on the map.

    A record is in a range of days when one of its declared dates is, or when it begins before and
    ends after; a record without dates is in none.

    :param record_type: the type searched
    :param chosen: as :func:`read_filters` gives it
    :returns: values for ``fq_list``
    """
    found = [state_filter(record_type, chosen)]
    span = _span(chosen)
    if span:
        dated = [part for part in _parts(record_type) if part.dates]
        found += [" OR ".join(_of_type(part, _in_range(part, *span)) for part in dated)]
    found.append(place_filter(record_type, chosen))
    return [one for one in found if one]


def place_filter(record_type: RecordType, chosen: Selections) -> str:
    """Return the filter query of a search for the map; empty for other searches."""
    if not record_type.only_placed:
        return ""
    return unplaced(record_type) if UNPLACED in chosen.get(PLACE, ()) else _placed(record_type)


def unplaced(record_type: RecordType) -> str:
    """Return the query for records of types with a place that have none."""
    return f"*:* -({_placed(record_type)})"


def _placed(record_type: RecordType) -> str:
    return " OR ".join(_of_type(part, _with_place(part)) for part in _parts(record_type))


def state_filter(record_type: RecordType, chosen: Selections) -> str:
    """Return the filter query for the chosen states; empty where none narrows the search."""
    codes = chosen.get(STATE, ())
    known = states(record_type)
    if not known or not codes or ALL in codes:
        return ""
    return " OR ".join(f"({known[code]})" for code in codes if code in known) or NO_DOCUMENT


def _with_place(record_type: RecordType) -> str:
    return " ".join(f"+{name}:[* TO *]" for name in (record_type.place or {}).values())


def _span(chosen: Selections) -> tuple[str, str] | None:
    if not chosen.get(FROM) and not chosen.get(TO):
        return None
    first, last = "*", "*"
    if chosen.get(FROM):
        first = literal(_midnight(dt.date.fromisoformat(chosen[FROM][0])))
    if chosen.get(TO):
        day_after = dt.date.fromisoformat(chosen[TO][0]) + dt.timedelta(days=1)
        last = literal(_midnight(day_after))
    return first, last


def in_days(record_type: RecordType, first: dt.date, last: dt.date) -> str:
    """Return the query for the records of a type that are in a range of days, both included.

    :param record_type: a type with dates
    """
    after = literal(_midnight(last + dt.timedelta(days=1)))
    return _of_type(record_type, _in_range(record_type, literal(_midnight(first)), after))


def _midnight(day: dt.date) -> str:
    return datetimes.to_solr(datetimes.to_stored(datetimes.parse(day)))


def _in_range(record_type: RecordType, first: str, last: str) -> str:
    declared = record_type.dates
    # The bracket at the end leaves out the midnight after the last day.
    clauses = [f"{name}:[{first} TO {last}}}" for name in dict.fromkeys(declared.values())]
    if {"start", "end"} <= set(declared) and "*" not in (first, last):
        clauses.append(f"(+{declared['start']}:[* TO {first}] +{declared['end']}:[{last} TO *])")
    return " OR ".join(clauses)
