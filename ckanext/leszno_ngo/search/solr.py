"""Direct requests to Solr for what ``package_search`` has no parameter for.

Only public records: a suggestion must never tell of a draft or of a private record.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import pysolr
from ckan import model
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.common import SearchError
from ckan.types import Context

from ckanext.leszno_ngo import services
from ckanext.leszno_ngo.search import connections

#: Solr's way to say "no document", for each of its parsers: edismax takes a query of exclusions
#: alone for one without words, which everything fits.
NO_DOCUMENT = "+*:* -*:*"
#: What CKAN raises where Solr does not answer, or answers with an error.
AWAY = services.SEARCH

_ESCAPED = str.maketrans({c: "\\" + c for c in '\\":{'})


def literal(value: str) -> str:
    """Return a value as Solr's quoted literal, whatever it holds.

    CKAN refuses ``{!`` and ``_query_:`` anywhere in a filter, inside quotation marks too; escaped
    they are only characters.
    """
    printable = "".join(c if c.isprintable() else " " for c in str(value))
    return f'"{printable.translate(_ESCAPED)}"'


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


def visible_filters(context: Context) -> list[str]:
    """Return filter queries for the records that a caller may see.

    :param context: the action's context (``auth_user_obj`` or ``user``)
    :returns: values for Solr's ``fq``; drafts are not among what they find
    """
    user = context.get("auth_user_obj") or model.User.get(context.get("user") or "")
    filters = [f"+site_id:{literal(tk.config['ckan.site_id'])}", "+state:active"]
    known = user if isinstance(user, model.User) else None
    if known is not None and known.sysadmin:
        return filters
    labels = get_permission_labels().get_user_dataset_labels(known)
    return [*filters, f"+permission_labels:({' OR '.join(map(literal, labels))})"]


def ask(q: str, handler: str = "select", **parameters: Any) -> pysolr.Results:
    """Send one query.

    :param q: the query
    :param handler: name of the request handler
    :param parameters: Solr's parameters
    :returns: Solr's answer
    :raises ckan.lib.search.SearchError: Solr is away or refuses the query
    """
    try:
        return connections.connect().search(q, search_handler=handler, **parameters)
    except pysolr.SolrError as error:
        raise SearchError(f"Solr did not answer {handler}: {error}") from error
