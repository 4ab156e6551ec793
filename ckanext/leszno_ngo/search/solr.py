"""Direct requests to Solr for what ``package_search`` has no parameter for.

Only public records: a suggestion must never tell of a draft or of a private record.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import pysolr
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.common import SearchError, make_connection

from ckanext.leszno_ngo.search.facets import literal


def public_filters(types: Sequence[str]) -> list[str]:
    """Return filter queries for what everyone may see.

    :param types: record types; none means every type
    :returns: values for Solr's ``fq``
    """
    labels = get_permission_labels().get_user_dataset_labels(None)
    wanted = [
        f"+site_id:{literal(tk.config['ckan.site_id'])}",
        "+state:active",
        "+capacity:public",
        f"+permission_labels:({' OR '.join(map(literal, labels))})",
    ]
    if types:
        wanted.append(f"+dataset_type:({' OR '.join(map(literal, types))})")
    return wanted


def ask(q: str, handler: str = "select", **parameters: Any) -> pysolr.Results:
    """Send one query.

    :param q: the query
    :param handler: name of the request handler
    :param parameters: Solr's parameters
    :returns: Solr's answer
    :raises ckan.lib.search.SearchError: Solr is away or refuses the query
    """
    connection = make_connection(decode_dates=False)
    try:
        return connection.search(q, search_handler=handler, **parameters)
    except pysolr.SolrError as error:
        raise SearchError(f"Solr did not answer {handler}: {error}") from error
