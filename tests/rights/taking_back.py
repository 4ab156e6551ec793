"""Do something to the portal, see whether it changed, and take it back: nothing is made anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pysolr
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis

from tests import counting
from tests.rights import kept

#: Keys of Redis that every visitor makes.
_OF_VISITS = (b"session:", b"rq:workers", b"leszno_ngo:login")
_WRITTEN = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', re.IGNORECASE)


class Attempt:
    """What a block of :meth:`Changes.attempt` did; known after the block."""

    changed = False


class Changes:
    """A transaction around everything that CKAN's session writes.

    :param connection: the one that the session uses
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        names = sorted(set(sa.inspect(connection).get_table_names()) - kept.UPKEEP)
        self._digests = {
            name: f"SELECT '{name}', md5(string_agg(row, '|' ORDER BY row)) FROM "
            f'(SELECT {kept.row(name)} AS row FROM "{name}" t) AS rows'
            for name in names
        }
        self._redis = connect_to_redis()
        self._untouched = self._tables(self._digests)

    @contextmanager
    def attempt(self, prepare: Any = None) -> Iterator[Attempt]:
        """Take back what the block does, and say whether it changed tables or queues.

        :param prepare: what is called before it, and taken back with it
        """
        seen = Attempt()
        model.Session.remove()  # a savepoint of the session's must not be around ours
        nested = self._connection.begin_nested()
        try:
            if prepare:
                prepare()
            keys = self._keys()
            before = self._tables(self._digests) if prepare else self._untouched
            with counting.sql_statements() as statements:
                yield seen
            model.Session.remove()
            left = self._keys()
            seen.changed = left != keys or self._has_changed(statements.writes, before)
            for key in left - keys:
                self._redis.delete(key)
        finally:
            model.Session.remove()
            nested.rollback()

    def _has_changed(self, writes: list[str], before: dict[str, str]) -> bool:
        named = [_WRITTEN.match(statement.lstrip()) for statement in writes]
        is_clear = all(named)  # else look at all tables
        written = {name[1] for name in named if name} if is_clear else set(self._digests)
        now = self._tables(written & set(self._digests))
        return any(before[name] != digest for name, digest in now.items())

    def _tables(self, names: Iterable[str]) -> dict[str, str]:
        """Return digests of tables by their names."""
        model.Session.flush()
        digests = " UNION ALL ".join(self._digests[name] for name in names)
        return dict(self._connection.execute(sa.text(digests)).all()) if digests else {}

    def _keys(self) -> set[bytes]:
        found = self._redis.scan_iter(count=1000)
        return {key for key in found if not any(own in key for own in _OF_VISITS)}


@contextmanager
def everything() -> Iterator[Changes]:
    """Take back what CKAN's session writes inside; the index is told nothing."""
    model.Session.remove()
    connection = model.meta.engine.connect()
    outer = connection.begin()
    model.Session.configure(bind=connection, join_transaction_mode="create_savepoint")
    told_nothing = mock.patch.object(pysolr.Solr, "_update", return_value="")
    try:
        with told_nothing:
            yield Changes(connection)
    finally:
        model.Session.remove()
        outer.rollback()
        connection.close()
        model.Session.configure(
            bind=model.meta.engine, join_transaction_mode="conditional_savepoint"
        )
