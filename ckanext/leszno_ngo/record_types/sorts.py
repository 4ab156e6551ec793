"""The orders of a type's results: its own between those that every type has."""

from __future__ import annotations

import functools
from importlib import resources

import msgspec

from ckanext.leszno_ngo.record_types.declarations import RecordTypeSection, Sort


class _Usual(msgspec.Struct):
    """``schemas/parts/sorts.yaml``."""

    first: list[Sort]
    last: list[Sort]


def sorts(section: RecordTypeSection) -> list[Sort]:
    """Return the orders of a type's results, the one for words first.

    :param section: the type's section; a usual order that it lists itself is as and where it says
    """
    usual, own = _usual(), {sort.name for sort in section.sorts}
    first = [sort for sort in usual.first if sort.name not in own]
    return [*first, *section.sorts, *(sort for sort in usual.last if sort.name not in own)]


@functools.cache
def _usual() -> _Usual:
    file = resources.files("ckanext.leszno_ngo") / "schemas" / "parts" / "sorts.yaml"
    return msgspec.yaml.decode(file.read_bytes(), type=_Usual)
