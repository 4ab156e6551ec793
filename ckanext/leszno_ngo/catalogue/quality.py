"""Rules of good data, by name (vocabulary ``quality_rule``): what of a record needs mending.

A rule reads what a type declares (its identifiers, place, links, dates, money, its map to
360Giving) and so needs no type's name. Most look at one record: what they find is in the index
under :data:`INDEXED`, and counting it costs one request. What changes without the record (time,
other records) is a query (:data:`QUERIES`). The list is that of 360Giving's data quality tool, as
far as our files leave it possible, and of this catalogue.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ckanext.leszno_ngo import identifiers, law, moments, vocabularies
from ckanext.leszno_ngo.catalogue import checks, ledger
from ckanext.leszno_ngo.record_types import RecordType

Record = Mapping[str, Any]
Rule = Callable[[RecordType, Record], bool]

#: The index's list of a record's faults.
INDEXED = "vocab_quality"

_DESCRIPTION = "notes"
_LONGEST_TITLE = 140
_YEARS_AHEAD = 12
_STALE = "NOW/DAY-2YEARS"
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.\w")
_WEB = re.compile(r"https?://[^\s<>\"]+")
_NUMBERS = {
    "krs": identifiers.normalise_krs,
    "regon": identifiers.normalise_regon,
    "nip": identifiers.normalise_nip,
}
# The checks of a whole record that are about its data, and the rule that a finding of theirs is.
_CHECKS = ("order_of_dates", "order_of_amounts", "grant_recipient")
_FINDINGS = {
    "dates_out_of_order": "dates_order",
    "amounts_out_of_order": "amounts_order",
    "recipient_missing": "recipient_missing",
    "call_missing": "programme_missing",
}


def faults(record_type: RecordType, record: Record) -> list[str]:
    """Return what is wrong with a record as it stands.

    :param record_type: its type
    :param record: the record as ``package_show`` gives it
    :returns: codes of ``quality_rule``, in no order that matters; without those of
        :data:`QUERIES`
    """
    found = [code for code, rule in RULES.items() if rule(record_type, record)]
    # An order of dates that does not exist is nobody's.
    return found if "date_wrong" in found else [*found, *_checked(record_type, record)]


def _checked(record_type: RecordType, record: Record) -> list[str]:
    now = dt.datetime.now(dt.timezone.utc)
    case = checks.Case(record_type, record, now, law.limits(None), ledger.DatabaseLedger())
    names = [name for name in _CHECKS if name in record_type.checks]
    found = (finding.code for name in names for finding in checks.CHECKS[name](case))
    return list(dict.fromkeys(_FINDINGS[code] for code in found if code in _FINDINGS))


def _has(record_type: RecordType, name: str) -> bool:
    return any(field.name == name for field in record_type.fields)


# ------------------------------------------------------------------------------- identifiers, place
def _identifier_missing(record_type: RecordType, record: Record) -> bool:
    return bool(record_type.identity) and not any(record.get(n) for n in record_type.identity)


def _identifier_wrong(record_type: RecordType, record: Record) -> bool:
    kinds = (kind for kind in record_type.identity if kind in _NUMBERS and record.get(kind))
    return any(not _is_normal(_NUMBERS[kind], str(record[kind])) for kind in kinds)


def _is_normal(normalise: Callable[[str], str], value: str) -> bool:
    try:
        return normalise(value) == value
    except identifiers.IdentifierError:
        return False


def _teryt_wrong(record_type: RecordType, record: Record) -> bool:
    teryt = str(record.get("teryt") or "") if _has(record_type, "teryt") else ""
    if not teryt:
        return False
    voivodeship = vocabularies.get("voivodeship").get(str(record.get("voivodeship") or ""))
    code = voivodeship.extra.get("teryt") if voivodeship else None
    return not _is_normal(identifiers.normalise_teryt, teryt) or (
        bool(code) and not teryt.startswith(str(code))
    )


def _location_missing(record_type: RecordType, record: Record) -> bool:
    place = record_type.place or {}
    return bool(place) and not all(record.get(name) for name in place.values())


# -------------------------------------------------------------------------------------------- texts
def _description_missing(record_type: RecordType, record: Record) -> bool:
    return _has(record_type, _DESCRIPTION) and not record.get(_DESCRIPTION)


def _description_repeats(_record_type: RecordType, record: Record) -> bool:
    said = _words(record.get(_DESCRIPTION))
    return bool(said) and said == _words(record.get("title"))


def _words(text: Any) -> str:
    return " ".join(str(text or "").split()).casefold()


def _title_long(_record_type: RecordType, record: Record) -> bool:
    return len(str(record.get("title") or "")) > _LONGEST_TITLE


def _email_in_text(_record_type: RecordType, record: Record) -> bool:
    return any(_EMAIL.search(str(record.get(name) or "")) for name in ("title", _DESCRIPTION))


def _web_address_wrong(record_type: RecordType, record: Record) -> bool:
    for field in record_type.fields:
        if field.display in {"link", "links"} and not field.link:
            value = record.get(field.name) or []
            for address in value if isinstance(value, list) else [value]:
                if not _WEB.fullmatch(str(address)):
                    return True
    return False


def _spheres_missing(record_type: RecordType, record: Record) -> bool:
    return _has(record_type, "spheres") and not record.get("spheres")


# --------------------------------------------------------------------------------- dates and money
def _days(record_type: RecordType, record: Record) -> Iterator[dt.date | None]:
    """The days of a record's dates; ``None`` for one that does not exist."""
    for field in record_type.fields:
        if field.index in {"date", "datetime"} and record.get(field.name):
            try:
                yield moments.day(str(record[field.name]))
            except ValueError:
                yield None


def _date_wrong(record_type: RecordType, record: Record) -> bool:
    return None in _days(record_type, record)


def _date_far(record_type: RecordType, record: Record) -> bool:
    changed = str(record.get("metadata_modified") or "")[:4]
    if not changed:
        return False
    last = int(changed) + _YEARS_AHEAD
    return any(day and day.year > last for day in _days(record_type, record))


def _award_day_missing(record_type: RecordType, record: Record) -> bool:
    declared = record_type.threesixtygiving
    return bool(declared) and not any(record.get(name) for name in (declared or {})["awarded"])


def _amount_zero(record_type: RecordType, record: Record) -> bool:
    name = record_type.money.get("amount") if record_type.ledger else None
    value = record.get(name) if name else None
    return value not in (None, "") and float(value) == 0


def _recipient_unlinked(record_type: RecordType, record: Record) -> bool:
    declared = record_type.threesixtygiving
    return bool(declared) and not record.get((declared or {})["recipient"]["link"])


#: Code → rule of one record.
RULES: Mapping[str, Rule] = {
    "identifier_missing": _identifier_missing,
    "identifier_wrong": _identifier_wrong,
    "teryt_wrong": _teryt_wrong,
    "location_missing": _location_missing,
    "description_missing": _description_missing,
    "description_repeats": _description_repeats,
    "title_long": _title_long,
    "email_in_text": _email_in_text,
    "web_address_wrong": _web_address_wrong,
    "spheres_missing": _spheres_missing,
    "date_wrong": _date_wrong,
    "date_far": _date_far,
    "award_day_missing": _award_day_missing,
    "amount_zero": _amount_zero,
    "recipient_unlinked": _recipient_unlinked,
}


# --------------------------------------------------------------------------------------- queries
def _award_future(record_type: RecordType) -> Iterator[str]:
    if record_type.threesixtygiving:
        yield f"+{record_type.threesixtygiving['awarded'][0]}:[NOW/DAY+1DAY TO *]"


def _stale(record_type: RecordType) -> Iterator[str]:
    # What had its day is history, and stays as it is.
    if not {"end", "deadline"} & set(record_type.dates):
        yield f"+metadata_modified:[* TO {_STALE}] -archive:true"


def _link_broken(record_type: RecordType) -> Iterator[str]:
    for field in record_type.links:
        name = field.solr_field
        # Of a list with several targets the join sees only that one of them is there.
        yield f'+{name}:[* TO *] -_query_:"{{!join from=id to={name}}}state:active"'


#: Code → queries (Solr's syntax) that find such records of a type.
QUERIES: Mapping[str, Callable[[RecordType], Iterator[str]]] = {
    "link_broken": _link_broken,
    "award_future": _award_future,
    "stale": _stale,
}

#: The rule that compares all records: one identifier, several entries.
TWICE = "identifier_twice"

#: Every rule, in the order of the vocabulary.
CODES = (*RULES, *_FINDINGS.values(), *QUERIES, TWICE)
