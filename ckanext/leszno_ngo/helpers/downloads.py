"""Files, feeds and notations in which records come."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.exports import formats, notations
from ckanext.leszno_ngo.helpers.texts import leszno_ngo_text
from ckanext.leszno_ngo.record_types import RecordType

# Of what the results point at, a page offers the first formats: a spreadsheet, a table.
_OFFERED_BEHIND = 3


def leszno_ngo_download(record_type: RecordType, extension: str, query: str) -> str:
    """Return the address of a search's results as a file.

    :param extension: ``csv``, ``json``, ``atom`` or ``ics``
    :param query: the search's own address after the question mark
    """
    url = tk.h.url_for(f"/{record_type.name}.{extension}")
    return f"{url}?{query}" if query else url


def leszno_ngo_downloads(record_type: RecordType, query: str) -> list[dict[str, str]]:
    """Return the files of a search's results, in the order in which people are offered them.

    :param query: the search's own address after the question mark
    :returns: ``{"label", "url"}`` each
    """
    return [
        {
            "label": leszno_ngo_text(wanted.label),
            "url": leszno_ngo_download(record_type, suffix, query),
        }
        for suffix, wanted in formats.formats_for(record_type).items()
        if not wanted.is_feed
    ]


def leszno_ngo_downloads_behind(record_type: RecordType, query: str) -> list[dict[str, Any]]:
    """Return the files of what a search's results point at, for the links that say so.

    :param query: the search's own address after the question mark
    :returns: ``{"label", "files"}`` each, ``files`` as :func:`leszno_ngo_downloads` gives them
    """
    offered = []
    for link in record_type.links:
        if link.link and link.link.export_label:
            address = f"{query}&of={link.name}" if query else f"of={link.name}"
            files = leszno_ngo_downloads(record_type, address)
            label = leszno_ngo_text(link.link.export_label)
            offered.append({"label": label, "files": files[:_OFFERED_BEHIND]})
    return offered


def leszno_ngo_subscription(record_type: RecordType, query: str) -> str:
    """Return the address by which a calendar program subscribes to a search (``webcal:``)."""
    url = tk.url_for(f"/{record_type.name}.ics", qualified=True)
    address = "webcal:" + url.partition(":")[2]
    return f"{address}?{query}" if query else address


def leszno_ngo_notations() -> dict[str, str]:
    """Return the notations of RDF in which a record comes: suffix → media type."""
    return {suffix: notation.media_type for suffix, notation in notations.NOTATIONS.items()}
