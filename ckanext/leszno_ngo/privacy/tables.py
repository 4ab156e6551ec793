"""Every text of a PostgreSQL database: where something stands, and how it is taken out.

All tables are looked through by their columns' types, so that a table of another extension, or of
a release to come, is none that somebody forgot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import SetColumnComment, SetTableComment

from ckanext.leszno_ngo.privacy import in_json, in_markup
from ckanext.leszno_ngo.privacy.patterns import UNUSUAL, Pattern

#: Accounts are CKAN's to delete; these tables are told, not changed.
ACCOUNTS = frozenset({"user", "api_token"})
# Versions of the schema; no texts of people.
_NOT_LOOKED_AT = "alembic_version"
# Columns that hold the end of an address: nothing else may stand in them than a name.
_ADDRESSES = frozenset({("package", "name"), ("group", "name")})

# How often a column is gone through at most while others write to it.
_TRIES = 5
# What a search of a table's rows reads; the DataStore makes it anew where it is empty.
_SEARCHED = "_full_text"

_COLUMNS = sa.text("""
    SELECT r.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        'S' IN (t.typcategory, e.typcategory) IS TRUE OR t.typname IN ('xml', 'hstore'),
        EXISTS (SELECT 1 FROM pg_attribute AS s WHERE s.attrelid = r.oid AND s.attname = :searched)
    FROM pg_attribute AS a
    JOIN pg_class AS r ON r.oid = a.attrelid
    JOIN pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_type AS e ON e.oid = t.typelem AND t.typcategory = 'A'
    WHERE r.relnamespace = 'public'::regnamespace AND r.relkind = 'r'
    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    AND (t.typcategory IN ('S', 'A', 'C') OR t.typname IN ('json', 'jsonb', 'xml', 'hstore')
         OR (t.typcategory = 'N' AND NOT a.attnotnull))
    ORDER BY r.relname, a.attnum
""")
_NAMES = sa.text("""
    SELECT r.relname, a.attname FROM pg_attribute AS a JOIN pg_class AS r ON r.oid = a.attrelid
    WHERE r.relnamespace = 'public'::regnamespace AND r.relkind = 'r'
    AND a.attnum > 0 AND NOT a.attisdropped
""")
_COMMENTS = sa.text("""
    SELECT r.relname, a.attname, d.description FROM pg_description AS d
    JOIN pg_class AS r ON r.oid = d.objoid AND d.classoid = 'pg_class'::regclass
    LEFT JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum = d.objsubid AND a.attnum > 0
    WHERE r.relnamespace = 'public'::regnamespace AND r.relkind = 'r'
""")


@dataclass(frozen=True)
class Column:
    """A column that holds texts, or numbers that may be somebody's.

    :param kind: its type, as PostgreSQL writes it
    :param is_text: it is one text, or a list of texts; else it is looked through as JSON
    :param is_searched: the table has an index of words, which is made of its rows
    """

    table: str
    name: str
    kind: str
    is_text: bool
    is_searched: bool

    @property
    def quoted(self) -> str:
        """The column's name in a statement."""
        return _quoted(self.name)

    @property
    def said(self) -> str:
        """The column's value as a text, in a statement."""
        return f"{self.quoted}::text" if self.is_text else f"to_json({self.quoted})::text"

    @property
    def replaced(self) -> str:
        """What a statement puts in the place of the value; ``:new`` is its text."""
        if (self.table, self.name) in _ADDRESSES:
            return "'wpis-' || left(md5(id::text), 12)"
        if self.is_text:
            return f"CAST(:new AS {self.kind})"
        made = "json_build_object('v', CAST(:new AS json))"
        return f"(SELECT v FROM json_to_record({made}) AS made(v {self.kind}))"


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""').replace(":", "\\:")
    return f'"{doubled}"'


def columns(connection: sa.Connection) -> dict[str, list[Column]]:
    """Return the columns that hold texts or numbers, by table."""
    found: dict[str, list[Column]] = {}
    for one in connection.execute(_COLUMNS, {"searched": _SEARCHED}):
        if not one.relname.endswith(_NOT_LOOKED_AT):
            found.setdefault(one.relname, []).append(Column(*one))
    return found


def count(
    connection: sa.Connection, pattern: Pattern, only: frozenset[str] | None = None
) -> dict[str, int]:
    """Return in how many rows of each table a text stands; only tables where it does.

    :param connection: to the database
    :param pattern: what is looked for
    :param only: names of tables; all when it is None
    """
    found = {
        table: len(_places(connection, texts, pattern))
        for table, texts in columns(connection).items()
        if only is None or table in only
    }
    return {table: number for table, number in found.items() if number}


def names(connection: sa.Connection, pattern: Pattern) -> dict[str, int]:
    """Return how many columns of each table have a text in their names."""
    found: dict[str, int] = {}
    for table, name in connection.execute(_NAMES):
        if pattern.python.search(name.replace("_", " ")):
            found[table] = found.get(table, 0) + 1
    return found


def comments(connection: sa.Connection, pattern: Pattern, *, masked: bool) -> dict[str, int]:
    """Return how many descriptions of columns of each table have a text.

    :param masked: put a mask in its place there, in the current transaction
    """
    found: dict[str, int] = {}
    for table, name, said in connection.execute(_COMMENTS).all():
        change = in_json if said.lstrip().startswith("{") else in_markup
        altered = change.masked(pattern.python, said)
        if altered == said:
            continue
        found[table] = found.get(table, 0) + 1
        if masked:
            _describe(connection, table, name, altered)
    return found


def _describe(connection: sa.Connection, table: str, column: str | None, said: str) -> None:
    described = sa.Table(table, sa.MetaData(), schema="public", comment=said)
    if column is None:
        connection.execute(SetTableComment(described))
        return
    described.append_column(sa.Column(column, sa.Text, comment=said))
    connection.execute(SetColumnComment(described.c[column]))


def rows(connection: sa.Connection, table: str, wanted: str, pattern: Pattern) -> Iterator[Any]:
    """Yield a column of the rows of a table in which a text stands."""
    places = sorted(_places(connection, columns(connection).get(table, []), pattern))
    query = (
        f"SELECT {_quoted(wanted)} FROM {_quoted(table)} WHERE ctid = ANY(CAST(:places AS tid[]))"
    )
    yield from connection.scalars(sa.text(query), {"places": places})


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
            done = _without(connection, column, pattern)
            if done:
                changed[table] = max(changed.get(table, 0), done)
    return changed


def _without(connection: sa.Connection, column: Column, pattern: Pattern) -> int:
    """Take a text out of a column; how many rows had it."""
    again = f', "{_SEARCHED}" = NULL' if column.is_searched else ""
    statement = sa.text(
        f"UPDATE {_quoted(column.table)} SET {column.quoted} = {column.replaced}{again} "
        "WHERE ctid = CAST(:place AS tid)"
    )
    changed = 0
    # A row that somebody else saves meanwhile is in another place afterwards.
    for _ in range(_TRIES):
        found = list(_walked(connection, column, pattern))
        given = [{"place": place, "new": new} for place, new in found]
        done = sum(connection.execute(statement, one).rowcount for one in given)
        changed += done
        if done == len(found):
            break
    return changed


def _walked(
    connection: sa.Connection, column: Column, pattern: Pattern
) -> Iterator[tuple[str, str]]:
    """Yield the place of each row in which a text stands, and the value without it."""
    query = sa.text(
        f"SELECT ctid::text, {column.said} FROM {_quoted(column.table)} "
        f"WHERE {column.said} ~* :plain OR {column.said} ~ :unusual"
    )
    given = {"plain": pattern.plain, "unusual": UNUSUAL}
    sought, change = pattern.python, in_markup if column.is_text else in_json
    for place, value in connection.execute(query, given).all():
        new = change.masked(sought, value)
        if new != value:
            yield place, new


def _places(connection: sa.Connection, texts: list[Column], pattern: Pattern) -> set[str]:
    """Return the places of a table's rows in which a text stands."""
    return {place for column in texts for place, _ in _walked(connection, column, pattern)}
