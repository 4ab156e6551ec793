"""Every text of a PostgreSQL database: where something stands, and how it is taken out.

All tables are looked through by their columns' types, so that a table of another extension, or of
a release to come, is none that somebody forgot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckanext.leszno_ngo.privacy.patterns import MASK, Pattern

#: Accounts are CKAN's to delete; these tables are told, not changed.
ACCOUNTS = frozenset({"user", "api_token"})
# Versions of the schema; no texts of people.
_NOT_LOOKED_AT = "alembic_version"
# Columns that hold the end of an address: nothing else may stand in them than a name.
_ADDRESSES = frozenset({("package", "name"), ("group", "name")})

_COLUMNS = sa.text("""
    SELECT c.table_name, c.column_name, c.data_type
    FROM information_schema.columns AS c
    JOIN information_schema.tables AS t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
    AND (c.data_type IN ('text', 'character varying', 'json', 'jsonb')
         OR (c.data_type = 'ARRAY' AND c.udt_name IN ('_text', '_varchar')))
    ORDER BY c.table_name, c.ordinal_position
""")
_CASTS = {"json": "::json", "jsonb": "::jsonb", "ARRAY": "::text[]"}


@dataclass(frozen=True)
class Column:
    """A column that holds texts.

    :param kind: its type, by PostgreSQL's name
    """

    table: str
    name: str
    kind: str

    @property
    def matches(self) -> str:
        """The condition that the column has what is looked for."""
        return f'"{self.name}"::text ~* :pattern'

    @property
    def without(self) -> str:
        """The column's value without what is looked for."""
        if (self.table, self.name) in _ADDRESSES:
            return "'wpis-' || left(md5(id::text), 12)"
        replaced = f"""regexp_replace("{self.name}"::text, :pattern, '{MASK}', 'gi')"""
        return f"({replaced}){_CASTS.get(self.kind, '')}"


def columns(connection: sa.Connection) -> dict[str, list[Column]]:
    """Return the columns that hold texts, by table."""
    found: dict[str, list[Column]] = {}
    for table, name, kind in connection.execute(_COLUMNS):
        if not table.endswith(_NOT_LOOKED_AT):
            found.setdefault(table, []).append(Column(table, name, kind))
    return found


def count(connection: sa.Connection, pattern: Pattern) -> dict[str, int]:
    """Return in how many rows of each table a text stands; only tables where it does."""
    found = {}
    for table, texts in columns(connection).items():
        query = f'SELECT count(*) FROM "{table}" WHERE {_any(texts)}'
        number = connection.scalar(sa.text(query), {"pattern": pattern.sql})
        if number:
            found[table] = number
    return found


def rows(connection: sa.Connection, table: str, wanted: str, pattern: Pattern) -> Iterator[Any]:
    """Yield a column of the rows of a table in which a text stands."""
    texts = columns(connection).get(table, [])
    if texts:
        query = f'SELECT "{wanted}" FROM "{table}" WHERE {_any(texts)}'
        yield from connection.scalars(sa.text(query), {"pattern": pattern.sql})


def take_out(
    connection: sa.Connection, pattern: Pattern, only: frozenset[str] | None = None
) -> Mapping[str, int]:
    """Put a mask in the place of a text wherever it stands, in the current transaction.

    :param connection: to the database
    :param pattern: what is taken out
    :param only: names of tables; all but those of accounts when it is None
    :returns: table → rows changed
    """
    changed = {}
    for table, texts in columns(connection).items():
        if table in ACCOUNTS or (only is not None and table not in only):
            continue
        for column in texts:
            statement = (
                f'UPDATE "{table}" SET "{column.name}" = {column.without} WHERE {column.matches}'
            )
            done = connection.execute(sa.text(statement), {"pattern": pattern.sql})
            if done.rowcount:
                changed[table] = max(changed.get(table, 0), done.rowcount)
    return changed


def _any(texts: list[Column]) -> str:
    return " OR ".join(column.matches for column in texts)
