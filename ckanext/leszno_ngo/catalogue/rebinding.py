"""CKAN's own functions with a few of their names bound to something else.

The batch writer must do what CKAN's actions do, without a query a record. Much of CKAN that it
needs (``package_dictize``, ``index_package``) is one long function that asks for what the writer
has at hand already. A copy of such a function whose globals answer from memory stays CKAN's code:
nothing is written a second time, and nothing is patched for other threads.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any


def rebound(function: Callable[..., Any], **names: Any) -> Callable[..., Any]:
    """Copy a function, with some of its global names bound to other objects.

    :param function: a plain Python function (a method taken from its class too)
    :param names: global name → what the copy finds there
    :returns: the copy; the function itself is as it was
    """
    if not isinstance(function, FunctionType):
        raise TypeError(f"{function!r} is not a plain function")
    copy = FunctionType(
        function.__code__,
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


class Instead:
    """A module or class, with some of its attributes replaced."""

    def __init__(self, original: Any, **attributes: Any) -> None:
        self._original = original
        self.__dict__.update(attributes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)


def _itself(anything: Any, *_arguments: Any, **_options: Any) -> Any:
    return anything


class Anything:
    """Stands for parts of a query that is never made: whatever is done with it gives it again."""

    __getattr__ = __getitem__ = __call__ = _itself
