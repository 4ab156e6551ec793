"""Texts: a line, and a longer one with its line breaks."""

from __future__ import annotations

from ckanext.leszno_ngo import bounds, text
from ckanext.leszno_ngo.values.refusal import ValueRefusedError


def line(value: str) -> str:
    """Return a line of text without control characters, tags and surplus white space.

    :raises ValueRefusedError: ``too_long`` (``bounds.NAME``)
    """
    return _cleaned(value, bounds.NAME, lines=False)


def long_text(value: str) -> str:
    """Return a longer text; line breaks stay.

    :raises ValueRefusedError: ``too_long`` (``bounds.TEXT``)
    """
    return _cleaned(value, bounds.TEXT, lines=True)


def _cleaned(value: str, most: int, *, lines: bool) -> str:
    if len(value) > text.most_read(most):
        raise ValueRefusedError("too_long")
    cleaned = text.clean(value, most + 1, lines=lines)
    if len(cleaned) > most:
        raise ValueRefusedError("too_long")
    return cleaned
