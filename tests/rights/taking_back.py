"""Do something to the portal, see whether it changed, and take it back: nothing is made anew."""

from __future__ import annotations

from collections.abc import Iterator
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
        digests = (
            f"SELECT '{name}', md5(string_agg(row, '|' ORDER BY row)) FROM "
            f'(SELECT {kept.row(name)} AS row FROM "{name}" t) AS rows'
            for name in names
        )
        self._digests = sa.text(" UNION ALL ".join(digests))
        self._redis = connect_to_redis()
        self._untouched = self._tables()

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
            before = self._tables() if prepare else self._untouched
            with counting.sql_statements() as statements:
                yield seen
            model.Session.remove()
            left = self._keys()
            seen.changed = left != keys or bool(statements.writes and self._tables() != before)
            for key in left - keys:
                self._redis.delete(key)
        finally:
            model.Session.remove()
            nested.rollback()

    def _tables(self) -> list[Any]:
        model.Session.flush()
        return list(self._connection.execute(self._digests))

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
