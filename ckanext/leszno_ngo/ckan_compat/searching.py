"""CKAN's search of packages, with a connection to Solr of the caller's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan.lib import search
from ckan.lib.search.query import PackageSearchQuery

from ckanext.leszno_ngo.ckan_compat import guard
from ckanext.leszno_ngo.ckan_compat.declarations import InternalUse
from ckanext.leszno_ngo.ckan_compat.rebinding import rebound

_QUERY = InternalUse(
    title="Another class of searches of packages",
    package="ckan",
    version="2.12.0",
    reason="Results, counts and states of a page are asked for by the one request that "
    "package_search sends; CKAN has no interface for another query",
    upstream="upstream.md#ckan-json-facets-and-cursors-in-package_search",
    names={
        "ckan.lib.search:_QUERIES": None,
        "ckan.lib.search.query:PackageSearchQuery.run": "self, query, permission_labels, kwargs",
    },
)
USES = (
    InternalUse(
        title="A search of packages by another connection",
        package="ckan",
        version="2.12.0",
        reason="package_search takes no JSON facets, tags and cursor, and its checks, filters and "
        "permission labels are wanted all the same",
        upstream="upstream.md#ckan-json-facets-and-cursors-in-package_search",
        rebinds={"ckan.lib.search.query:PackageSearchQuery.run": ("make_connection",)},
    ),
    _QUERY,
)


def run_with(connection: Any) -> Callable[..., Any]:
    """Return CKAN's ``PackageSearchQuery.run``, which sends its query to another connection.

    :param connection: has ``search(**query)``, as pysolr's
    :returns: the method, to be called with a query object; the query has afterwards what was sent
    """
    return rebound(PackageSearchQuery.run, make_connection=lambda **_settings: connection)


def replace_package_query(query: type[PackageSearchQuery]) -> None:
    """Have ``package_search`` search by another class.

    :param query: the class
    :raises ckan.exceptions.CkanConfigurationException: CKAN keeps its queries elsewhere
    :raises TypeError: another plugin has put a query there that is none of packages
    """
    guard.require(_QUERY)
    if not issubclass(search._QUERIES["package"], PackageSearchQuery):
        raise TypeError(search._QUERIES["package"])
    search._QUERIES["package"] = query
