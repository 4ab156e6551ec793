"""One run at a time for each register."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ckanext.leszno_ngo.catalogue import advisory_lock
from ckanext.leszno_ngo.registers.errors import RegisterError


@contextmanager
def register_lock(type_name: str) -> Iterator[None]:
    """Keep a second run of a register out until the block ends.

    :param type_name: name of the record type
    :raises RegisterError: ``busy`` when another run has it
    """
    with advisory_lock.try_lock(advisory_lock.REGISTER, type_name) as is_free:
        if not is_free:
            raise RegisterError("busy")
        yield
