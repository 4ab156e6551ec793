"""How a use of another package's inside is declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@dataclass(frozen=True)
class InternalUse:
    """One use of what another package does not promise to keep.

    A path is ``module:name`` or ``module:Class.name``.

    :param title: what is done, in a few words
    :param package: name of the distribution
    :param version: the version that this was written for and tested with
    :param reason: why the public interface does not do
    :param upstream: address of the issue, or ``upstream.md#…``: the text of one to file
    :param names: path → names of the function's parameters in their order, ``None`` for what is
        no function
    :param rebinds: path of a function → global names (with attributes: ``model.Package.get``)
        that it uses, and which are bound otherwise in a copy of it
    :param copies: path of a function that is written again here → digest of its source
    :param plugin: only looked at where this plugin is loaded
    :param at_start: ``False`` for what does no harm when it is gone: only the tests look
    """

    title: str
    package: str
    version: str
    reason: str
    upstream: str
    names: Mapping[str, str | None] = field(default_factory=dict)
    rebinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    plugin: str = ""
    at_start: bool = True


def modules() -> Iterator[ModuleType]:
    """Yield every module of this package."""
    package = __name__.rpartition(".")[0]
    for found in iter_modules(import_module(package).__path__, f"{package}."):
        yield import_module(found.name)


def all_uses() -> list[tuple[str, InternalUse]]:
    """Return every declared use with the name of its module, without the package's."""
    return [
        (module.__name__.rpartition(".")[2], use)
        for module in modules()
        for use in getattr(module, "USES", ())
    ]
