"""Records as they are stored, read many at once: what ``package_show`` says of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins as p
import sqlalchemy as sa
from ckan import logic, model
from ckan.types import Context

from ckanext.leszno_ngo.ckan_compat import dictization, validation


@dataclass
class StoredRecord:
    """A stored record.

    :param package: the row, in CKAN's session
    :param default: the record by CKAN's default show schema (``data_dict`` of the index)
    :param custom: the record by its own type's schema: what ``package_show`` returns
    """

    package: model.Package
    default: dict[str, Any]
    custom: dict[str, Any]


def lock(ids: Collection[str]) -> dict[str, model.Package]:
    """Read packages and keep others from changing them until the transaction ends.

    :param ids: ids of packages
    :returns: id → package, for those that exist
    """
    if not ids:
        return {}
    query = (
        sa.select(model.Package)
        .where(model.Package.id == sa.any_(sa.literal(list(ids), _TEXTS)))  # type: ignore[arg-type]
        .order_by(model.Package.id)  # two writers that lock the same rows must not wait in a ring
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {package.id: package for package in model.Session.scalars(query)}


def load_many(ids: Collection[str]) -> list[StoredRecord]:
    """Read records as ``package_show`` gives them, in the order of ``ids``.

    The statements do not grow with the number of records, except for those that have resources,
    tags, groups or relationships: CKAN reads these one by one.

    :param ids: ids of packages; ids that do not exist are left out
    """
    if not ids:
        return []
    packages = _packages(ids)
    related = with_related_rows(ids)
    organisations = _organisations({package.owner_org for package in packages.values()})
    read = _Reader(organisations)
    shown = []
    for id_ in dict.fromkeys(ids):
        package = packages.get(id_)
        if package is None:
            continue
        if id_ in related:
            default, custom = logic.package_show_default_and_custom_schemas(_context(), id_)
            shown.append(StoredRecord(package, default, custom))
        else:
            shown.append(read.shown(package))
    return shown


def hooks(interface: Any, method: str) -> list[Any]:
    """Return the plugins that do something in an interface's method (not the empty default)."""
    empty = getattr(interface, method, None)
    return [
        plugin
        for plugin in p.PluginImplementations(interface)
        if getattr(type(plugin), method, None) is not empty
    ]


class _Reader:
    """Does what ``package_show_default_and_custom_schemas`` does, for packages alone.

    :param organisations: id → row of the organisations that the packages belong to
    """

    def __init__(self, organisations: Mapping[str, Any]) -> None:
        self._organisations = organisations
        self._organisation: Any = None
        self._default = validation.default_show()
        self._after_read = hooks(p.IPackageController, "read")
        self._after_show = hooks(p.IPackageController, "after_dataset_show")
        self._dictize = dictization.dictizer(lambda: self._organisation)

    def shown(self, package: model.Package) -> StoredRecord:
        """Return a package as the two schemas show it."""
        context = _context()
        context["package"] = package
        self._organisation = self._organisations.get(package.owner_org or "")
        record = self._dictize(package, context)
        for plugin in self._after_read:
            plugin.read(package)
        default = self._default.run(record, context).nested()
        own_schema = validation.of_type(record["type"], "package_show")
        custom = own_schema.run(record, context).nested()
        for plugin in self._after_show:
            plugin.after_dataset_show(context, custom)
        return StoredRecord(package, default, custom)


def _context() -> Context:
    context = Context(
        session=model.Session, user="", ignore_auth=True, use_cache=False, validate=False
    )
    context["leszno_ngo_batch"] = validation.Stored()  # type: ignore[typeddict-unknown-key]
    return context


_TEXTS = sa.ARRAY(sa.UnicodeText)


def _among(column: Any, values: Iterable[str]) -> Any:
    return column == sa.any_(sa.literal(list(values), _TEXTS))


def _packages(ids: Collection[str]) -> dict[str, model.Package]:
    query = (
        sa.select(model.Package)
        .where(_among(model.Package.id, ids))
        .execution_options(populate_existing=True)
    )
    return {package.id: package for package in model.Session.scalars(query)}


def _organisations(ids: set[str | None]) -> dict[str, Any]:
    wanted = [id_ for id_ in ids if id_]
    if not wanted:
        return {}
    group = model.group_table
    query = sa.select(group).where(_among(group.c.id, wanted), group.c.state == "active")
    return {row.id: row for row in model.Session.execute(query)}


def with_related_rows(ids: Collection[str]) -> set[str]:
    """Return which packages have rows in the tables that ``package_dictize`` reads."""
    resource, tag, member = model.resource_table, model.package_tag_table, model.member_table
    relation = model.package_relationship_table
    query = sa.union(
        sa.select(resource.c.package_id).where(_among(resource.c.package_id, ids)),
        sa.select(tag.c.package_id).where(_among(tag.c.package_id, ids)),
        sa.select(member.c.table_id).where(
            _among(member.c.table_id, ids), member.c.capacity != "organization"
        ),
        sa.select(relation.c.subject_package_id).where(_among(relation.c.subject_package_id, ids)),
        sa.select(relation.c.object_package_id).where(_among(relation.c.object_package_id, ids)),
    )
    return set(model.Session.scalars(query))
