"""Routes that every record type has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask.blueprints import BlueprintSetupState

from ckanext.leszno_ngo import record_types


def add_routes(
    state: BlueprintSetupState,
    name: str,
    rule: str,
    view: Callable[..., Any],
    types: Iterable[str] | None = None,
    **options: Any,
) -> None:
    """Add a route a type; plugins' routes come before CKAN's of the same address.

    :param state: of the blueprint
    :param name: beginning of the endpoints' names, before ``_`` and the type's
    :param rule: the address after ``/<type>/``
    :param view: called with ``package_type``, the type's name, beside what the rule has
    :param types: names of the types that have the route; all record types where none are given
    :param options: of the rule (``methods``, ``strict_slashes``)
    """
    every = (record_type.name for record_type in record_types.all_types())
    for package_type in every if types is None else types:
        state.add_url_rule(
            f"/{package_type}/{rule}",
            endpoint=f"{name}_{package_type}",
            view_func=view,
            defaults={"package_type": package_type},
            **options,
        )
