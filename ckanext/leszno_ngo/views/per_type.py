"""Routes that every record type has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask.blueprints import BlueprintSetupState

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.record_types import RecordType


def add_routes(
    state: BlueprintSetupState,
    name: str,
    rule: str,
    view: Callable[..., Any],
    types: Iterable[RecordType] | None = None,
    **options: Any,
) -> None:
    """Add a route a type; plugins' routes come before CKAN's of the same address.

    :param state: of the blueprint
    :param name: beginning of the endpoints' names, before ``_`` and the type's
    :param rule: the address after ``/<type>/``
    :param view: called with ``package_type``, the type's name, beside what the rule has
    :param types: types that have the route; all where none are given
    :param options: of the rule (``methods``, ``strict_slashes``)
    """
    for record_type in record_types.all_types() if types is None else types:
        state.add_url_rule(
            f"/{record_type.name}/{rule}",
            endpoint=f"{name}_{record_type.name}",
            view_func=view,
            defaults={"package_type": record_type.name},
            **options,
        )
