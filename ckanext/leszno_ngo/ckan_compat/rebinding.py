"""CKAN's own functions with a few of their names bound to something else.

The batch writer must do what CKAN's actions do, without a query a record. Much of CKAN that it
needs (``package_dictize``, ``index_package``) is one long function that asks for what the writer
has at hand already. A copy of such a function whose globals answer from memory stays CKAN's code:
nothing is written a second time, and nothing is patched for other threads.
"""

from __future__ import annotations

import dis
import functools
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any

_GLOBALS = ("LOAD_GLOBAL", "LOAD_NAME")
_ATTRIBUTES = ("LOAD_ATTR", "LOAD_METHOD")


class NotUsedError(LookupError):
    """A function does not use a name that was to be bound otherwise: the real one would run."""


def rebound(function: Callable[..., Any], **names: Any) -> Callable[..., Any]:
    """Copy a function, with some of its global names bound to other objects.

    :param function: a plain Python function (a method taken from its class too)
    :param names: global name → what the copy finds there
    :returns: the copy; the function itself is as it was
    :raises TypeError: it is no plain function
    :raises NotUsedError: it does not use one of the names, or not the attribute that an
        :class:`Instead` replaces
    """
    if not isinstance(function, FunctionType):
        raise TypeError(f"{function!r} is not a plain function")
    unused = sorted(set(_replaced(names)) - used_names(function))
    if unused:
        said = f"{function.__module__}.{function.__qualname__}"
        raise NotUsedError(f"{said} does not use {', '.join(unused)}")
    copy = FunctionType(
        function.__code__,
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def used_names(function: Callable[..., Any]) -> frozenset[str]:
    """Return the global names that a function uses, and their attributes.

    :param function: a plain Python function; functions inside it count
    :returns: ``model``, ``model.Package``, ``model.Package.get`` …
    """
    return _names_of(function.__code__) if isinstance(function, FunctionType) else frozenset()


# A search copies a function each time, and reading its code took a third of the time.
@functools.lru_cache(maxsize=256)
def _names_of(code: CodeType) -> frozenset[str]:
    return frozenset(_names_in(code))


def _names_in(code: CodeType) -> Iterator[str]:
    name = ""
    for instruction in dis.get_instructions(code):
        if instruction.opname in _GLOBALS:
            name = instruction.argval
            yield name
        elif instruction.opname in _ATTRIBUTES and name:
            name = f"{name}.{instruction.argval}"
            yield name
        elif instruction.opname != "EXTENDED_ARG":
            name = ""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names_in(inner)


class Instead:
    """A module or class, with some of its attributes replaced.

    :raises NotUsedError: the original has no such attribute
    """

    def __init__(self, original: Any, **attributes: Any) -> None:
        gone = sorted(name for name in attributes if not hasattr(original, name))
        if gone:
            raise NotUsedError(f"{original!r} has no {', '.join(gone)}")
        self._original = original
        self._attributes = attributes
        self.__dict__.update(attributes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)


def _replaced(names: Mapping[str, Any]) -> Iterator[str]:
    for name, value in names.items():
        if isinstance(value, Instead):
            yield from (f"{name}.{inner}" for inner in _replaced(value._attributes))
        else:
            yield name


def _itself(anything: Any, *_arguments: Any, **_options: Any) -> Any:
    return anything


class Anything:
    """Stands for parts of a query that is never made: whatever is done with it gives it again."""

    __getattr__ = __getitem__ = __call__ = _itself
