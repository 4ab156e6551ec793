"""What one request remembers, where CKAN or Flask stands between who knows and who asks.

What can be returned or handed on is: ``tests/test_architecture.py`` lists the slots and why each
is there. Nothing else sets attributes of Flask's ``g``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import g, has_request_context

T = TypeVar("T")


@dataclass(frozen=True)
class Slot(Generic[T]):
    """A value that a request remembers.

    :param name: its name in ``g``
    :param usual: what it is before it is set, and outside a request
    """

    name: str
    usual: T

    @property
    def is_set(self) -> bool:
        """Whether the request has set it."""
        return has_request_context() and self.name in g

    def get(self) -> T:
        """Return the value."""
        return g.get(self.name, self.usual) if has_request_context() else self.usual

    def set(self, value: T) -> None:
        """Remember a value; outside a request it is forgotten at once."""
        if has_request_context():
            setattr(g, self.name, value)


def once_a_request(work: Callable[[], T]) -> Callable[[], T]:
    """Have a function without parameters do its work once a request; outside one, each time."""
    name = f"{work.__module__}.{work.__qualname__}"

    @functools.wraps(work)
    def known() -> T:
        if not has_request_context():
            return work()
        if name not in g:
            setattr(g, name, work())
        return getattr(g, name)

    return known
