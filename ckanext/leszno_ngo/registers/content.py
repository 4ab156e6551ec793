"""The records of a register, read once: all files are made of the same ones.

They are written to a file as they come from the index, one JSON object a line, so that memory
does not grow with their number, and the digest of what is published is known before any file is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.scheming import helpers as scheming

from ckanext.leszno_ngo import config, datetimes, vocabularies
from ckanext.leszno_ngo.catalogue import after_show
from ckanext.leszno_ngo.exports import linked_titles, records, rows
from ckanext.leszno_ngo.exports.rows import Column
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.registers.errors import RegisterError

# A new release of the extension may write the same records differently.
_RELEASE = metadata.version("ckanext-leszno_ngo")

Record = dict[str, Any]


@dataclass(frozen=True)
class Content:
    """What a register says.

    :param path: file with the records
    :param count: how many there are
    :param digest: SHA-256 of everything that the files depend on, but for the time they are made
    :param start: first day of the period the records cover (``yyyy-mm-dd``), ``""`` when unknown
    :param end: last day of it
    """

    path: Path
    count: int
    digest: str
    start: str = ""
    end: str = ""

    def records(self) -> Iterator[Record]:
        """Read the records, one after another."""
        with self.path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def gather(record_type: RecordType, path: Path, about: Iterable[str]) -> Content:
    """Read all public records of a type into a file.

    :param record_type: the type
    :param path: the file to write
    :param about: what else the files say (addresses, names of formats)
    :raises RegisterError: ``index`` when the index has not as many records as the database
    :raises ckan.lib.search.SearchError: Solr is away
    :raises OSError: the file cannot be written
    """
    found = records.find(records.Search(record_type))
    digest = hashlib.sha256(_surroundings(record_type, about).encode())
    period = _Period(record_type)
    worked_out = [one for one in rows.columns(record_type) if one.path[0] == after_show.KEY]
    count = 0
    with path.open("w", encoding="utf-8") as lines:
        # The names of linked records are in the files, too: theirs may change on their own.
        for record in linked_titles.with_titles(found.records, record_type):
            lines.write(f"{_dumped(record)}\n")
            digest.update(_dumped(_published_values(record, worked_out)).encode())
            period.add(record)
            count += 1
    expected = _public_records(record_type)
    if count != expected:
        raise RegisterError("index", found=count, expected=expected)
    return Content(path, count, digest.hexdigest(), period.start, period.end)


def _published_values(record: Mapping[str, Any], worked_out: Iterable[Column]) -> list[Any]:
    """Return what the files say of a record.

    Of what is worked out from its dates that is only what has a column: the days that are left
    to a deadline would make every day another content.
    """
    stored = {key: value for key, value in record.items() if key != after_show.KEY}
    return [stored, *(column.value(record) for column in worked_out)]


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _surroundings(record_type: RecordType, about: Iterable[str]) -> str:
    """Everything beside the records that is in the files: labels, terms, who publishes."""
    said = [
        scheming.scheming_get_dataset_schema(record_type.name),
        [repr(vocabularies.get(f.vocabulary).terms) for f in record_type.fields if f.vocabulary],
        repr(config.publisher()),
        config.licence(),
        list(about),
        _RELEASE,
    ]
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)


def _public_records(record_type: RecordType) -> int:
    query = sa.select(sa.func.count()).where(
        model.Package.type == record_type.name,
        model.Package.state == model.State.ACTIVE,
        model.Package.private.is_(False),
    )
    return model.Session.scalar(query) or 0


class _Period:
    """The earliest and the latest day that records name in the fields of their register."""

    def __init__(self, record_type: RecordType) -> None:
        register = record_type.register
        self._first = register.temporal_start if register else ()
        self._last = register.temporal_end if register else ()
        self.start = ""
        self.end = ""

    def add(self, record: Mapping[str, Any]) -> None:
        first = _day(record, self._first, "-01-01")
        last = _day(record, self._last, "-12-31")
        if first and (not self.start or first < self.start):
            self.start = first
        self.end = max(self.end, last)


def _day(record: Mapping[str, Any], fields: Iterable[str], rest: str) -> str:
    """Return the first of a record's fields that is set, as a day; a year gets its ``rest``."""
    value = next((str(record[name]) for name in fields if record.get(name)), "")
    return value + rest if datetimes.is_year(value) else value[: len("2026-12-31")]
