"""One run at a time for each register."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import DBAPIError

from ckanext.leszno_ngo.registers.errors import RegisterError

# Of our locks in the database; the harvest's is 0x1E52.
_LOCK = 0x1E53


@contextmanager
def held(type_name: str) -> Iterator[None]:
    """Keep a second run of a register out until the block ends.

    The lock is PostgreSQL's and of a connection of its own: it goes when the process dies.

    :param type_name: name of the record type
    :raises RegisterError: ``busy`` when another run has it
    """
    name = (sa.func.hashtext(type_name),)
    connection = model.ensure_engine().connect().execution_options(isolation_level="AUTOCOMMIT")
    with connection:
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LOCK, *name))):
            raise RegisterError("busy")
        try:
            yield
        finally:
            try:
                connection.scalar(sa.select(sa.func.pg_advisory_unlock(_LOCK, *name)))
            except DBAPIError:
                connection.invalidate()  # the server is away, and the lock with it
