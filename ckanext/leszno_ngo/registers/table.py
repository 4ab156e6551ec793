"""The register in CKAN's DataStore: what ``datastore_search`` and the preview of a table read.

A new table is filled beside the one that is read and takes its place by a rename, in one
transaction: a reader sees the old rows or the new ones. Its comment is the digest of the content.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckanext.datastore.backend import DatastoreBackend, DatastoreException
from sqlalchemy.exc import SQLAlchemyError

from ckanext.leszno_ngo import datetimes
from ckanext.leszno_ngo.ckan_compat import lookups
from ckanext.leszno_ngo.exports import rows
from ckanext.leszno_ngo.exports.rows import Column
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.registers.content import Content, Record

#: What the DataStore says when it does not take a table.
FAULTS = (SQLAlchemyError, DatastoreException, tk.ValidationError)

_FRESH = "_new_"
# Rows sent by one statement.
_CHUNK = 500
# PostgreSQL's types by a column's kind; all else is text, as in the CSV file.
_TYPES = {
    rows.NUMBER: "numeric",
    rows.DATE: "date",
    rows.DATETIME: "timestamp",
    rows.FLAG: "bool",
}


def fill(record_type: RecordType, resource: str, content: Content, lang: str) -> None:
    """Bring the table of a register to what the register says.

    :param record_type: the type; its export map gives the columns
    :param resource: id of the resource, the table's name
    :param content: the records; nothing is done when the table has them already
    :param lang: language of the labels of codes
    :raises Exception: one of ``FAULTS``: the DataStore's database is away, or full
    """
    backend: Any = DatastoreBackend.get_active_backend()
    engine = lookups.datastore_engine(backend)
    if _digest(engine, resource) == content.digest:
        return
    # A name with an underscore in front is hidden from the DataStore's list of tables. CKAN names
    # indexes after the table they are made for, and they keep these names: so it is a new one.
    fresh = f"{_FRESH}{resource}_{content.digest[:8]}"
    columns = rows.columns(record_type)
    _drop_left_over(engine, resource)
    fields = [_field(column, lang) for column in columns]
    backend.create({}, {"resource_id": fresh, "fields": fields}, {})
    with engine.begin() as connection:
        _insert(connection, fresh, columns, content, lang)
        connection.execute(sa.text(f'DROP TABLE IF EXISTS "{resource}" CASCADE'))
        connection.execute(sa.text(f'ALTER TABLE "{fresh}" RENAME TO "{resource}"'))
        connection.execute(sa.text(f"COMMENT ON TABLE \"{resource}\" IS '{content.digest}'"))
        # The number of rows is remembered by the table's name.
        forget = sa.text('DELETE FROM "_table_stats" WHERE resource_id = :name')
        connection.execute(forget, {"name": resource})
    backend.calculate_record_count(resource)


def _drop_left_over(engine: sa.Engine, resource: str) -> None:
    """Remove what a run that was killed left half filled."""
    query = sa.text("SELECT tablename FROM pg_tables WHERE starts_with(tablename, :name)")
    with engine.begin() as connection:
        for name in connection.scalars(query, {"name": f"{_FRESH}{resource}"}).all():
            connection.execute(sa.text(f'DROP TABLE "{name}"'))


def _digest(engine: sa.Engine, resource: str) -> str | None:
    query = sa.text("SELECT obj_description(to_regclass(:name), 'pg_class')")
    with engine.connect() as connection:
        return connection.scalar(query, {"name": f'"{resource}"'})


def _field(column: Column, lang: str) -> dict[str, Any]:
    return {"id": column.name, "type": _type(column), "info": {"label": column.heading(lang)}}


def _type(column: Column) -> str:
    return _TYPES.get(column.kind, "text")


def _insert(
    connection: sa.Connection, name: str, columns: list[Column], content: Content, lang: str
) -> None:
    readers = {column.name: _reader(column, lang) for column in columns}
    table = sa.table(name, sa.column("_id"), *(sa.column(column.name) for column in columns))
    numbered = enumerate(content.records(), 1)
    while chunk := list(itertools.islice(numbered, _CHUNK)):
        values = [
            {"_id": number, **{key: read(record) for key, read in readers.items()}}
            for number, record in chunk
        ]
        connection.execute(sa.insert(table), values)


def _reader(column: Column, lang: str) -> Callable[[Record], Any]:
    """Return the function that gives a column's value of a record, ``None`` for none."""
    if _type(column) == "text":
        cell = column.cell(lang)
        # PostgreSQL has no place for NUL.
        return lambda record: cell(record).replace("\0", "") or None
    if column.kind == rows.DATETIME and column.field:
        return lambda record: _moment(column.value(record))
    return lambda record: _given(column.value(record))


def _given(value: Any) -> Any:
    return None if value == "" else value


def _moment(value: Any) -> str | None:
    """Give a moment in UTC: the DataStore's timestamps have no zone."""
    return datetimes.to_solr(str(value)).removesuffix("Z") if value else None
