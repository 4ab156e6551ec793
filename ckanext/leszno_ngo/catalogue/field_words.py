"""Which fields of a record hold words that somebody wrote, and the texts in a field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ckanext.leszno_ngo.record_types import Field

# Values of these are codes, numbers, dates or addresses that are checked by themselves.
_NO_WORDS = frozenset({"date", "datetime", "number", "amount", "identifier", "flag", "year"})


def may_be_in(field: Field) -> bool:
    """Whether a field holds words, as far as its kind says: no codes, numbers, dates or links.

    :param field: of a record type
    """
    return field.index not in _NO_WORDS and not field.vocabulary and not field.link


def texts(value: Any) -> Iterator[str]:
    """Yield the texts of a field's value, however deep its lists are.

    :param value: as the catalogue gives it or as a form sends it
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts(one)
