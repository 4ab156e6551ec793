"""Ends of page addresses that new records may get, best first: the same rule on every road."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ckan import model

_LONGEST = model.PACKAGE_NAME_MAX_LENGTH


def candidates(wanted: str, distinguishing: str = "") -> Iterator[str]:
    """Yield ends of an address without end, best first.

    :param wanted: the end by the record's title, in letters of addresses
    :param distinguishing: what tells two records of one title apart, such as the KRS number: the
        same whichever of them comes first
    :returns: the wanted one, the one with what distinguishes it, and the last of these with 2, 3 …
        behind it
    """
    yield with_ending(wanted, "")
    tail = f"-{distinguishing}" if distinguishing else ""
    if tail:
        yield with_ending(wanted, tail)
    yield from (with_ending(wanted, f"{tail}-{number}") for number in count(2))


def with_ending(name: str, ending: str) -> str:
    """Return a name with an ending; a long name gives way to it."""
    return f"{name[: _LONGEST - len(ending)].strip('-')}{ending}"[:_LONGEST]
