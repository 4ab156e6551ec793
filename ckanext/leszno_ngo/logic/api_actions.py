"""Actions that the API's description tells of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ckan.types import Schema

from ckanext.leszno_ngo.registry import Registry


@dataclass(frozen=True)
class ApiAction:
    """An action that only reads, as the API's description tells of it.

    :param function: the action; its docstring is the description: a summary, ``:param …:`` a
        parameter, an ``Example::`` that can be asked for
    :param accepts: makes the schema that its parameters are checked by
    :param answers: its result as JSON Schema
    """

    function: Callable[..., Any]
    accepts: Callable[[], Schema]
    answers: Mapping[str, Any]


#: Name → action.
API_ACTIONS: Registry[ApiAction] = Registry("action of the API")
