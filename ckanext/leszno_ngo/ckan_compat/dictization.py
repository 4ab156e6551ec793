"""CKAN's ``package_dictize`` for packages that have no related rows but their organisation's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan import model
from ckan.lib.dictization import model_dictize

from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse
from ckanext.leszno_ngo.ckan_compat.rebinding import Anything, Instead, rebound

_RELATED_TABLES = (
    "resource_table",
    "tag_table",
    "package_tag_table",
    "member_table",
    "package_relationship_table",
)

USES = (
    InternalUse(
        title="Packages read without a query for each of their tables",
        package="ckan",
        version="2.12.0",
        reason="package_dictize makes six queries a package; the batch writer has read the rows "
        "of all packages by then",
        upstream="https://github.com/ckan/ckan/issues/3482",
        rebinds={
            "ckan.lib.dictization.model_dictize:package_dictize": (
                "_execute",
                "false",
                "select",
                "model.group_table",
                *(f"model.{name}" for name in _RELATED_TABLES),
            )
        },
        copies={"ckan.logic:package_show_default_and_custom_schemas": "4187be5ab385"},
    ),
)


def dictizer(organisation: Callable[[], Any]) -> Callable[..., dict[str, Any]]:
    """Return CKAN's ``package_dictize``, which asks the database for nothing.

    :param organisation: gives the row of the organisation of the package in hand, ``None`` for
        none; the package has no resources, tags, groups and relationships
    """
    # The only related row is the organisation's; the queries for others need not be made.
    groups = Anything()
    tables = dict.fromkeys(_RELATED_TABLES, Anything()) | {"group_table": groups}

    def rows(_query: Any, table: Any, _context: Any) -> list[Any]:
        row = organisation() if table is groups else None
        return [] if row is None else [row]

    return rebound(
        model_dictize.package_dictize,
        model=Instead(model, **tables),
        select=Anything(),
        false=Anything(),
        _execute=rows,
    )
