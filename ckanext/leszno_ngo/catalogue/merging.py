"""Two versions of a record compared with each other and with the one both were made from. Pure.

Values come from a form, from the database and from ``package_show``, which write the same thing in
different ways (``"1234.50"`` and ``1234.5``, a list and its JSON): they are compared by
:func:`plain`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from ckanext.leszno_ngo import sent_json

#: Who changed a field: one side, or both (then a person chooses).
By = Literal["mine", "theirs", "both"]

# No leading zero: 0000031247 is a number in a register, not an amount.
_NUMBER = re.compile(r"(?:0|[1-9]\d{0,17})(?:\.\d{1,9})?")


@dataclass(frozen=True)
class Difference:
    """A field in which two versions differ.

    :param field: its name
    :param base: the value both were made from; ``None`` where that version is not known
    :param mine: what the person sends
    :param theirs: what is stored now
    :param by: who changed it; ``both`` too where the common version is not known
    """

    field: str
    base: Any
    mine: Any
    theirs: Any
    by: By


def differences(
    names: Iterable[str],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    base: Mapping[str, Any] | None = None,
) -> list[Difference]:
    """Compare two versions field by field.

    :param names: the fields compared, in the order of the answer
    :param mine: what the person sends; a field that is not in it is empty
    :param theirs: what is stored now
    :param base: the version both were made from, ``None`` where it is not known
    :returns: the fields in which they differ
    """
    found = []
    for name in names:
        ours, stored = mine.get(name), theirs.get(name)
        if plain(ours) == plain(stored):
            continue
        before = None if base is None else base.get(name)
        by: By = "both"
        if base is not None and plain(before) == plain(stored):
            by = "mine"
        elif base is not None and plain(before) == plain(ours):
            by = "theirs"
        found.append(Difference(name, before, ours, stored, by))
    return found


def plain(value: Any) -> Any:
    """Return a value in the one way in which two of them can be compared; ``""`` for nothing."""
    value = loaded(value)
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, Mapping):
        cells = {name: plain(cell) for name, cell in value.items()}
        return {name: cell for name, cell in cells.items() if cell}
    if isinstance(value, (list, tuple)):
        return [entry for entry in map(plain, value) if entry] or ""
    text = "" if value is None else str(value).replace("\r\n", "\n").strip()
    if text == "false":
        return ""
    return f"{Decimal(text).normalize():f}" if _NUMBER.fullmatch(text) else text


def loaded(value: Any) -> Any:
    """Return what JSON of a list says; any other value as it is."""
    if isinstance(value, str) and value.startswith("["):
        try:
            return sent_json.read(value)
        except ValueError:
            return value
    return value
