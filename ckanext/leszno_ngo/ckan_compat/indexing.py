"""CKAN's indexing: documents of many packages at once, and another index of packages."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ckan.plugins as p
from ckan import model
from ckan.lib import search
from ckan.lib.search import index as core

from ckanext.leszno_ngo.ckan_compat import guard
from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse
from ckanext.leszno_ngo.ckan_compat.rebinding import Anything, Instead, rebound

Document = dict[str, Any]
_RELATIONSHIPS = ("relationships_as_subject", "relationships_as_object")

_DOCUMENTS = InternalUse(
    title="Index documents of many packages",
    package="ckan",
    version="2.12.0",
    reason="index_package sends each package by a request of its own, and asks the database for it",
    upstream="https://github.com/ckan/ckan/issues/3482",
    rebinds={
        "ckan.lib.search.index:PackageSearchIndex.index_package": (
            "PluginImplementations",
            "make_connection",
            "model.Package.get",
            "parse",
        )
    },
    names={"ckan.lib.search.index:PackageSearchIndex.delete_package": "self, pkg_dict"},
)
_HOOK = InternalUse(
    title="Harvest metadata in the documents of many packages",
    package="ckanext-harvest",
    version="1.6.3",
    reason="Its before_dataset_index asks the database for the harvest object of each package",
    upstream="https://github.com/ckan/ckanext-harvest/issues/401",
    rebinds={
        "ckanext.harvest.plugin:Harvest.before_dataset_index": ("HarvestObject", "model.Session")
    },
    plugin="harvest",
)
_INDEX = InternalUse(
    title="An index of packages that notes what Solr cannot take now",
    package="ckan",
    version="2.12.0",
    reason="CKAN writes to Solr before it commits and has no interface for another index: while "
    "Solr is away, what a person saves is lost",
    upstream="upstream.md#ckan-a-dataset-is-lost-while-solr-is-away",
    names={
        "ckan.lib.search:_INDICES": None,
        "ckan.lib.search.index:PackageSearchIndex.index_package": "self, pkg_dict, defer_commit",
        "ckan.lib.search.index:PackageSearchIndex.delete_package": "self, pkg_dict",
    },
)
USES = (_DOCUMENTS, _HOOK, _INDEX)


def document_maker(
    made: list[Document], packages: Mapping[str, model.Package], plugins: Sequence[Any]
) -> Callable[[Mapping[str, Any]], None]:
    """Return CKAN's ``index_package``, which keeps its documents in the place of sending them.

    :param made: the documents are added here
    :param packages: id → package, for those that the database need not be asked for
    :param plugins: the plugins whose ``before_dataset_index`` is called
    :returns: a function of ``data_dict``, as ``index_package`` takes it; a package in a state that
        the index leaves out gives no document
    """
    make = rebound(
        core.PackageSearchIndex.index_package,
        make_connection=lambda: _Collector(made),
        PluginImplementations=lambda _interface: plugins,
        model=Instead(model, Package=Instead(model.Package, get=_known_first(packages))),
        parse=_parse_date,
    )
    return lambda package: make(_LeftOut(), without_relationships(package), defer_commit=True)


def without_relationships(package: Mapping[str, Any]) -> dict[str, Any]:
    """Return a package without CKAN's relationships, whose ids a type's schema leaves out.

    CKAN's ``index_package`` ends in a ``KeyError`` for want of them.

    :param package: as ``package_show`` gives it
    """
    return {name: value for name, value in package.items() if name not in _RELATIONSHIPS}


class HarvestHook:
    """ckanext-harvest's ``before_dataset_index``, which finds the objects read beforehand.

    The hook asks the database for the object of each package; here it asks this, by the same
    calls (``Session.query(…).filter(…).order_by(…).first()``).

    :param plugin: the plugin ``harvest``
    :param objects: id of a package → its current harvest object, with ``source``
    """

    def __init__(self, plugin: Any, objects: Mapping[str, Any]) -> None:
        self._plugin = plugin
        self._objects = objects
        self._current: Any = None
        self._hook = rebound(
            type(plugin).before_dataset_index,
            model=Instead(model, Session=self),
            HarvestObject=Anything(),
        )

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Add the harvest metadata to an index document."""
        self._current = self._objects.get(pkg_dict["id"])
        return self._hook(self._plugin, pkg_dict)

    def query(self, *_entities: Any) -> HarvestHook:
        """Stand for the session and its query."""
        return self

    filter = order_by = query

    def first(self) -> Any:
        """Return the harvest object of the package in hand."""
        return self._current


def harvest_plugin() -> Any:
    """Return ckanext-harvest's plugin, ``None`` where it is not on."""
    return p.get_plugin("harvest") if p.plugin_loaded("harvest") else None


def replace_package_index(index: type[core.PackageSearchIndex]) -> None:
    """Have CKAN index packages by another class.

    :param index: the class
    :raises ckan.exceptions.CkanConfigurationException: CKAN keeps its indexes elsewhere
    :raises TypeError: another plugin has put an index there that is none of packages
    """
    guard.require(_INDEX)
    if not issubclass(search._INDICES["package"], core.PackageSearchIndex):
        raise TypeError(search._INDICES["package"])
    search._INDICES["package"] = index


class _Collector:
    """Stands where ``index_package`` expects a connection to Solr."""

    url = ""

    def __init__(self, made: list[Document]) -> None:
        self._made = made

    def add(self, docs: list[Document], **_options: Any) -> None:
        self._made.extend(docs)


class _LeftOut:
    """Stands where ``index_package`` expects itself: a deleted package gives no document."""

    def delete_package(self, _pkg_dict: dict[str, Any]) -> None:
        """Do nothing: whoever makes documents takes packages out of the index otherwise."""


def _known_first(packages: Mapping[str, model.Package]) -> Any:
    return lambda reference: packages.get(reference) or model.Package.get(reference)


@functools.lru_cache(maxsize=8192)
def _parse_date(text: str) -> Any:
    # dateutil takes 50 µs a date, and a register has the same days over and over.
    return core.parse(text)
