"""Everything public that may hold personal data, one place a line: for a person to look at.

What is told is where it stands and what kind it is, never the data itself.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import uploader

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import personal_places, persons, stored
from ckanext.leszno_ngo.catalogue.bin import DATASET
from ckanext.leszno_ngo.catalogue.personal_places import Place
from ckanext.leszno_ngo.polish import persons as names

log = logging.getLogger(__name__)

_CHUNK = 200
_ROWS = 1000
# A cell of so many characters is a text, not a name or an address.
_LONG = 80
# A longer heading is no heading (characters).
_LONG_LINE = 100_000
# The whole table of larger files is not read (bytes).
_MOST_BYTES = 256 << 20


@dataclass(frozen=True)
class Listed:
    """A place.

    :param kind: ``record``, ``file`` or ``row`` (of a table that can be downloaded)
    :param record: the record or dataset it belongs to, as ``package_show`` gives it
    :param field: the field or column
    :param place: where in it; of the kind ``person`` with nothing else where a name stands alone
    :param file: title of the file, ``""`` for a record's own field
    :param row: the number of the row, 0 for none
    """

    kind: str
    record: Mapping[str, Any]
    field: str
    place: Place
    file: str = ""
    row: int = 0


def everything(*, rows: bool = True) -> Iterator[Listed]:
    """Return all places in what is public.

    :param rows: whether tables are read, too
    """
    for record in _public():
        yield from _in_record(record)
        for file in record.get("resources") or ():
            yield from _in_file(record, file)
            if rows:
                yield from _in_rows(record, file)


def _public() -> Iterator[dict[str, Any]]:
    types = [record_type.name for record_type in record_types.all_types()]
    query = (
        sa.select(model.Package.id)
        .where(
            model.Package.type.in_([*types, DATASET]),
            model.Package.state == model.State.ACTIVE,
            model.Package.private.is_(False),
        )
        .order_by(model.Package.type, model.Package.name)
    )
    ids = list(model.Session.scalars(query))
    for start in range(0, len(ids), _CHUNK):
        for one in stored.load_many(ids[start : start + _CHUNK]):
            yield one.custom


def _in_record(record: Mapping[str, Any]) -> Iterator[Listed]:
    record_type = record_types.get(record["type"])
    if record_type is None:
        yield from _in_texts("record", record, {n: record.get(n) for n in ("title", "notes")})
        return
    found = personal_places.of_record(record_type, record)
    for name in persons.named(record_type, record):
        if not any(place.kind == "person" for place in found.get(name, ())):
            found.setdefault(name, []).append(Place("person", 0, ""))
    for name, places in found.items():
        for place in places:
            yield Listed("record", record, name, place)


def _in_file(record: Mapping[str, Any], file: Mapping[str, Any]) -> Iterator[Listed]:
    texts = {name: file.get(name) for name in ("name", "description")}
    yield from _in_texts("file", record, texts, _title(file))


def _in_texts(
    kind: str,
    record: Mapping[str, Any],
    texts: Mapping[str, Any],
    file: str = "",
    row: int = 0,
) -> Iterator[Listed]:
    for name, value in texts.items():
        text = str(value) if isinstance(value, (str, int, float)) else ""
        found = personal_places.in_text(text, is_long=len(text) > _LONG)
        if not any(place.kind == "person" for place in found) and names.find(text):
            found.append(Place("person", 0, ""))
        for place in found:
            yield Listed(kind, record, name, place, file, row)


def _in_rows(record: Mapping[str, Any], file: Mapping[str, Any]) -> Iterator[Listed]:
    table = _of_datastore(file) if file.get("datastore_active") else _of_csv(file)
    for number, cells in enumerate(table, 1):
        yield from _in_texts("row", record, cells, _title(file), number)


def _of_datastore(file: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if not p.plugin_loaded("datastore"):
        return
    asked: dict[str, Any] = {"resource_id": file["id"], "limit": _ROWS, "sort": "_id"}
    start = 0
    while True:
        context: Any = {"ignore_auth": True, "user": ""}
        try:
            answer = tk.get_action("datastore_search")(context, {**asked, "offset": start})
        except tk.ObjectNotFound:  # the DataStore was not restored with the database
            log.warning("%s has no table in the DataStore", file["id"])
            return
        found = answer["records"]
        yield from ({k: v for k, v in one.items() if k != "_id"} for one in found)
        start += len(found)
        if not found:
            return


def _of_csv(file: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    is_table = str(file.get("format")).upper() == "CSV" and file.get("url_type") == "upload"
    if not is_table:
        return
    path = Path(uploader.get_resource_uploader(dict(file)).get_path(file["id"]))
    if not path.is_file() or path.stat().st_size > _MOST_BYTES:
        return
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        try:
            yield from _rows_of(lines)
        except csv.Error as error:
            log.warning("%s could not be read to its end: %s", file["id"], error)


def _rows_of(lines: TextIO) -> Iterator[dict[str, Any]]:
    """Read a table whose cells are parted by what stands most often in its heading."""
    heading = lines.readline(_LONG_LINE)
    lines.seek(0)
    without_nul = (line.replace("\0", "") for line in lines)
    for row in csv.DictReader(without_nul, delimiter=max(",;\t|", key=heading.count)):
        beyond = row.pop(None, None)  # cells without a heading
        cells = {str(name): value for name, value in row.items()}
        yield {**cells, "…": " ".join(beyond)} if beyond else cells


def _title(file: Mapping[str, Any]) -> str:
    return str(file.get("name") or file.get("url") or file["id"])
