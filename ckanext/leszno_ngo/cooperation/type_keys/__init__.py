"""Keys of type files that the cooperation brings, and what a type says under each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from ckanext.leszno_ngo.cooperation.type_keys import results as of_results
from ckanext.leszno_ngo.cooperation.type_keys import threesixtygiving as of_threesixtygiving
from ckanext.leszno_ngo.cooperation.type_keys.results import Results
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.record_types.declarations import Name
from ckanext.leszno_ngo.record_types.faults import Fault, Path
from ckanext.leszno_ngo.record_types.type_check import TypeCheck
from ckanext.leszno_ngo.record_types.type_keys import TypeKey

_FORMS = "programme_forms"


def _forms(check: TypeCheck, path: Path, codes: list[str]) -> Iterator[Fault]:
    for number, code in enumerate(codes):
        yield from check.code((*path, number), code, _FORMS)


#: Key → what it is.
TYPE_KEYS: Mapping[str, TypeKey] = {
    _FORMS: TypeKey(
        list[Name],
        "codes of the programme's forms that the type serves",
        read=tuple,
        references=_forms,
    ),
    "results": of_results.KEY,
    "threesixtygiving": of_threesixtygiving.KEY,
    "ledger": TypeKey(
        Literal["grants", "plans"],
        "which part of the books the type keeps, for the checks of art. 19a",
        of_finance=True,
    ),
}


def programme_forms(record_type: RecordType) -> tuple[str, ...]:
    """Return the codes of the programme's forms that a type serves."""
    return record_type.extra.get(_FORMS, ())


def results(record_type: RecordType) -> Results | None:
    """Return how a table of results becomes records, where a type says so."""
    return record_type.extra.get("results")


def threesixtygiving(record_type: RecordType) -> Mapping[str, Any] | None:
    """Return what a record of a type is in 360Giving, if it is anything."""
    return record_type.extra.get("threesixtygiving")


def ledger(record_type: RecordType) -> str | None:
    """Return the part of the books that a type keeps: ``grants`` or ``plans``."""
    return record_type.extra.get("ledger")
