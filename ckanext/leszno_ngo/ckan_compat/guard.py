"""Compares what is declared of other packages' inside with what is installed."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import ckan.plugins as p
from ckan.exceptions import CkanConfigurationException

from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse, all_uses
from ckanext.leszno_ngo.ckan_compat.rebinding import used_names

_MISSING = object()
#: Titles of what was found right: a plugin may be configured many times in one process.
_right: set[str] = set()


def require_all() -> None:
    """Refuse to start where something that concerns the plugins loaded is not what it was.

    :raises ckan.exceptions.CkanConfigurationException: the message names every fault
    """
    uses = (use for _, use in all_uses() if use.at_start and use.title not in _right)
    new = [use for use in uses if not use.plugin or p.plugin_loaded(use.plugin)]
    require(*new)
    _right.update(use.title for use in new)


def require(*uses: InternalUse) -> None:
    """Refuse to go on where another package is not what it was when this was written.

    :param uses: what is needed
    :raises ckan.exceptions.CkanConfigurationException: the message names every fault
    """
    found = [fault for use in uses for fault in faults(use)]
    if found:
        raise CkanConfigurationException(
            "This version of ckanext-leszno_ngo does not fit what is installed "
            "(docs/ckan-compat.md):\n" + "\n".join(found)
        )


def faults(use: InternalUse) -> Iterator[str]:
    """Yield what is wrong with the names that a use needs, a sentence each."""
    for path, parameters in use.names.items():
        fault = _name_fault(path, parameters)
        if fault:
            yield _sentence(use, fault)
    for path, names in use.rebinds.items():
        function = resolve(path)
        if function is _MISSING:
            yield _sentence(use, f"{path} is gone")
            continue
        unused = sorted(set(names) - used_names(function))
        if unused:
            yield _sentence(use, f"{path} does not use {', '.join(unused)}")
    for path in use.copies:
        if resolve(path) is _MISSING:
            yield _sentence(use, f"{path} is gone")


def changed_copies(use: InternalUse) -> Iterator[str]:
    """Yield the functions written again here whose originals have changed since (for tests)."""
    for path, digest in use.copies.items():
        now = source_digest(path)
        if now != digest:
            yield _sentence(use, f"{path} has changed ({now}): compare what is written again here")


def source_digest(path: str) -> str:
    """Return the digest of a function's source.

    :param path: ``module:name``
    """
    return hashlib.sha256(inspect.getsource(resolve(path)).encode()).hexdigest()[:12]


def resolve(path: str) -> Any:
    """Return what a path leads to, ``_MISSING`` for nothing."""
    module, _, names = path.partition(":")
    try:
        found: Any = import_module(module)
    except ImportError:
        return _MISSING
    for name in names.split("."):
        found = getattr(found, name, _MISSING)
    return found


def _name_fault(path: str, parameters: str | None) -> str | None:
    found = resolve(path)
    if found is _MISSING:
        return f"{path} is gone"
    if parameters is None:
        return None
    if not callable(found):
        return f"{path} is no function"
    now = ", ".join(inspect.signature(found).parameters)
    return None if now == parameters else f"{path} takes ({now}), not ({parameters})"


def _sentence(use: InternalUse, fault: str) -> str:
    try:
        installed = version(use.package)
    except PackageNotFoundError:
        installed = "not installed"
    return f"{use.package} {installed} (tested with {use.version}): {fault} [{use.title}]"
