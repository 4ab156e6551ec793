"""Kinds of harvest sources: how each is read, and which options it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import click

from ckanext.leszno_ngo.registry import Registry


@dataclass(frozen=True)
class Option:
    """An option that a kind of source brings.

    :param read: brings its value to form; ``settings.text``, ``flag`` … or another that raises
        ``settings.BadOptionError``
    :param default: its value where the source's configuration says none
    :param description: what it means, for docs/harvest-settings.md
    :param command: the same as an option of the command ``harvest``
    """

    read: Callable[[Any], Any]
    default: Any
    description: str
    command: click.Option | None = None


@dataclass(frozen=True)
class SourceKind:
    """A kind of source.

    ``open(source, record_type, catalogue, budget)`` is a context manager that gives a
    ``readers.Reader``: rows that are records, or refusals. ``priority`` is the weight of its word
    against other sources (0 to 1000, the higher wins), ``options`` the names of the options that a
    source of the kind may have (``settings.OPTIONS``), ``own`` those that it brings itself,
    ``record_type`` the type of its records where the source's configuration says none.
    ``problems(settings, record_type)`` gives what else is wrong with a source that is being saved,
    as ``settings.Problem``. ``texts`` are sentences for codes of its own: why a row is set aside,
    a run stops, an option is wrong. ``usual_address()`` gives the address that the command takes
    where it is given none; empty for none.
    """

    open: Callable[..., AbstractContextManager[Any]]
    priority: int
    options: tuple[str, ...]
    record_type: str = ""
    problems: Callable[[Any, Any], Iterable[Any]] = lambda _settings, _type: ()
    own: Mapping[str, Option] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    usual_address: Callable[[], str] = str

    @property
    def all_options(self) -> tuple[str, ...]:
        """Names of all options that a source of the kind may have."""
        return (*self.options, *self.own)


#: Name → kind.
SOURCE_KINDS: Registry[SourceKind] = Registry("source kind")


def own_text(code: str) -> str | None:
    """Return the sentence that a kind of source brings for a code; ``None`` for none."""
    return next((k.texts[code] for k in SOURCE_KINDS.values() if code in k.texts), None)
