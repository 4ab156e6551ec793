"""Kinds of harvest sources: how each is read, and which options it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo.registry import Registry


@dataclass(frozen=True)
class SourceKind:
    """A kind of source.

    ``open(source, record_type, catalogue, budget)`` is a context manager that gives a
    ``readers.Reader``: rows that are records, or refusals. ``priority`` is the weight of its word
    against other sources (0 to 1000, the higher wins), ``options`` the names of the options that a
    source of the kind may have (``settings.OPTIONS``), ``record_type`` the type of its records
    where the source's configuration says none. ``problems(settings, record_type)`` gives what else
    is wrong with a source that is being saved, as ``settings.Problem``.
    """

    open: Callable[..., AbstractContextManager[Any]]
    priority: int
    options: tuple[str, ...]
    record_type: str = "ngo"
    problems: Callable[[Any, Any], Iterable[Any]] = lambda _settings, _type: ()


#: Name → kind.
SOURCE_KINDS: Registry[SourceKind] = Registry("source kind")
