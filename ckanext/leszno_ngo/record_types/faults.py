"""What is wrong in a type file: where, what was found there, what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]

# Longer lists of what is allowed are not said whole.
_MOST_NAMES = 40


@dataclass(frozen=True)
class Fault:
    """One fault.

    :param path: keys and list numbers (from 0) that lead to the place
    :param found: what is there
    :param remedy: what may be there instead
    :param file: the file
    :param line: its line, from 1; 0 where it is not known
    :param field: name of the field that the place is in
    """

    path: Path
    found: str
    remedy: str
    file: str = ""
    line: int = 0
    field: str = ""

    def __str__(self) -> str:
        place = ":".join(filter(None, [self.file, str(self.line or "")]))
        field = f" (field {self.field})" if self.field else ""
        head = ": ".join(filter(None, [place, f"{written(self.path)}{field}"]))
        return f"{head}: {self.found}. {self.remedy}."


class TypeFileError(Exception):
    """Type files are wrong; the message has all faults, one a line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(["Type files are wrong:", *map(str, self.faults)]))


def written(path: Path) -> str:
    """Write a path as people read it: ``record_type.sorts[0].name``."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return text.removeprefix(".") or "the file"


def unknown(path: Path, name: str, what: str, allowed: Iterable[str]) -> Fault:
    """Make the fault of a name that stands for nothing.

    :param name: the name found
    :param what: what it should be, such as ``field``
    :param allowed: the names there are; the nearest is suggested
    """
    return Fault(path, f'there is no {what} "{name}"', choice(name, allowed))


def choice(name: str, allowed: Iterable[str]) -> str:
    """Say which names are allowed, the nearest to ``name`` first."""
    names = sorted(set(allowed))
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    meant = f'Did you mean "{near[0]}"? ' if near else ""
    if not names:
        return f"{meant}None is allowed here"
    listed = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
    return f"{meant}Allowed: {listed}"
