"""One process at a time for a named piece of work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import DBAPIError

#: Numbers of the kinds of work, in the key space that this extension uses of PostgreSQL's locks.
HARVEST, REGISTER = 0x1E52, 0x1E53


@contextmanager
def try_lock(kind: int, name: str) -> Iterator[bool]:
    """Keep others out of a piece of work until the block ends.

    The lock is PostgreSQL's and of a connection of its own: it goes when the process dies.

    :param kind: :data:`HARVEST` or :data:`REGISTER`
    :param name: which source or register
    :returns: whether the lock was free; where it was not, the block must not do the work
    """
    key = (kind, sa.func.hashtext(name))
    connection = model.ensure_engine().connect().execution_options(isolation_level="AUTOCOMMIT")
    with connection:
        is_free = bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(*key))))
        try:
            yield is_free
        finally:
            if is_free:
                _release(connection, key)


def _release(connection: sa.engine.Connection, key: tuple[object, object]) -> None:
    try:
        connection.scalar(sa.select(sa.func.pg_advisory_unlock(*key)))
    except DBAPIError:
        connection.invalidate()  # the server is away, and the lock with it
