"""The time and the memory that the reading of one source may take."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from ckanext.leszno_ngo.harvest.model import SourceError

_MEGABYTE = 1 << 20
# Asking the system for the memory is a read of a file: not for every row.
_STEPS = 200


def resident() -> int:
    """Return the memory that this process holds, bytes; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


class Budget:
    """What is left of the time and the memory; counted from when it is made.

    :param seconds: the time, 0 for no limit.
    :param megabytes: what the process may grow by, 0 for no limit.
    :param clock: monotonic seconds; given by tests.
    :param memory: bytes that the process holds; given by tests.
    """

    def __init__(
        self,
        seconds: float = 0,
        megabytes: int = 0,
        *,
        clock: Callable[[], float] = time.monotonic,
        memory: Callable[[], int] = resident,
    ) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._clock = clock
        self._memory = memory
        self._end = clock() + seconds
        self._most = memory() + megabytes * _MEGABYTE
        self._steps = 0

    def check(self) -> None:
        """Stop where the budget is used up; cheap enough to be asked at every row.

        :raises SourceError: ``time_limit`` or ``memory_limit``, with the ``limit``.
        """
        self._steps += 1
        self._check(memory=self._steps % _STEPS == 1)

    def check_batch(self) -> None:
        """Stop where the budget is used up; asked before work for many rows.

        :raises SourceError: as :meth:`check`.
        """
        self._check(memory=True)

    def _check(self, *, memory: bool) -> None:
        if self._seconds and self._clock() > self._end:
            raise SourceError("time_limit", limit=round(self._seconds))
        if memory and self._megabytes and self._memory() > self._most:
            raise SourceError("memory_limit", limit=self._megabytes)
