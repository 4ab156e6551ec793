"""Rules of good data, by code: what of a record needs mending.

A rule reads what a type declares (its identifiers, place, links, dates) and so needs no type's
name; its words are a term of a vocabulary. Most look at one record: what they find is in the index
under :data:`INDEXED`, and counting it costs one request. What changes without the record (time,
other records) is a query. Plugins bring rules (``interfaces.IRecordTypes.get_quality_rules``);
those that are here hold for every catalogue. The list is that of 360Giving's data quality tool, as
far as our files leave it possible, and of this catalogue.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo import datetimes, identifiers, vocabularies
from ckanext.leszno_ngo.catalogue import checks
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.registry import Registry
from ckanext.leszno_ngo.vocabularies import Term

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


@dataclass(frozen=True)
class QualityRule:
    """A rule of good data.

    Its code is a term of ``vocabulary``: the label, and ``level`` (``error``, ``warning``) and
    ``hint`` beside it. It says in one way what it finds: ``finds`` looks at a record, ``finding``
    is the check and the code of a finding that it is, ``query`` gives Solr's queries of a type.
    A rule without any of them compares all records (:data:`TWICE`).
    """

    vocabulary: str
    finds: Rule | None = None
    finding: tuple[str, str] | None = None
    query: Callable[[RecordType], Iterable[str]] | None = None

    def term(self, code: str) -> Term:
        """Return the rule's words.

        :raises KeyError: the vocabulary has no such term
        """
        term = vocabularies.get(self.vocabulary).get(code)
        if term is None:
            raise KeyError(code)
        return term


#: Code → rule.
RULES: Registry[QualityRule] = Registry("quality rule")


def faults(record_type: RecordType, record: Record) -> list[str]:
    """Return what is wrong with a record as it stands.

    :param record_type: its type
    :param record: the record as ``package_show`` gives it
    :returns: codes of rules, in no order that matters; without those that are queries
    """
    found = [code for code, rule in RULES.items() if rule.finds and rule.finds(record_type, record)]
    # An order of dates that does not exist is nobody's.
    return found if "date_wrong" in found else [*found, *_checked(record_type, record)]


def _checked(record_type: RecordType, record: Record) -> list[str]:
    rules = {rule.finding: code for code, rule in RULES.items() if rule.finding}
    names = {name for name, _code in rules} & set(record_type.checks)
    case = checks.Case(record_type, record, dt.datetime.now(dt.timezone.utc))
    found = {(name, one.code) for name in names for one in checks.CHECKS[name].find(case)}
    return [code for finding, code in rules.items() if finding in found]


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


# --------------------------------------------------------------------------------- dates and money
def _days(record_type: RecordType, record: Record) -> Iterator[dt.date | None]:
    """The days of a record's dates; ``None`` for one that does not exist."""
    for field in record_type.fields:
        if field.index in {"date", "datetime"} and record.get(field.name):
            try:
                yield datetimes.day(str(record[field.name]))
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


# --------------------------------------------------------------------------------------- queries
def _stale(record_type: RecordType) -> Iterator[str]:
    # What had its day is history, and stays as it is.
    if not {"end", "deadline"} & set(record_type.dates):
        yield f"+metadata_modified:[* TO {_STALE}] -archive:true"


def _link_broken(record_type: RecordType) -> Iterator[str]:
    for field in record_type.links:
        name = field.solr_field
        # Of a list with several targets the join sees only that one of them is there.
        yield f'+{name}:[* TO *] -_query_:"{{!join from=id to={name}}}state:active"'


#: The rule that compares all records: one identifier, several entries.
TWICE = "identifier_twice"
_WORDS = "quality_rule"

#: Rules of every catalogue, in the order in which people see them.
COMMON: Mapping[str, QualityRule] = {
    "link_broken": QualityRule(_WORDS, query=_link_broken),
    "identifier_missing": QualityRule(_WORDS, _identifier_missing),
    "identifier_wrong": QualityRule(_WORDS, _identifier_wrong),
    TWICE: QualityRule(_WORDS),
    "teryt_wrong": QualityRule(_WORDS, _teryt_wrong),
    "date_wrong": QualityRule(_WORDS, _date_wrong),
    "email_in_text": QualityRule(_WORDS, _email_in_text),
    "description_missing": QualityRule(_WORDS, _description_missing),
    "description_repeats": QualityRule(_WORDS, _description_repeats),
    "title_long": QualityRule(_WORDS, _title_long),
    "location_missing": QualityRule(_WORDS, _location_missing),
    "date_far": QualityRule(_WORDS, _date_far),
    "web_address_wrong": QualityRule(_WORDS, _web_address_wrong),
    "stale": QualityRule(_WORDS, query=_stale),
}
