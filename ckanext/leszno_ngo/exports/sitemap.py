"""Sitemaps (sitemaps.org 0.9): every public page, in each language of the portal.

A record is always in the same part: parts are by type and, where a type has many records, by the
beginning of the record's id. So a part changes only when one of its records does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from ckanext.leszno_ngo.search import solr

CONTENT_TYPE = "application/xml; charset=utf-8"
#: Most records in a part. A sitemap may have 50 000 addresses and 50 MB; each record has an
#: address a language, and each of those names the others.
MOST = 10_000

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_CHUNK = 5_000
_DIGITS = "0123456789abcdef"

#: Language → address; ``x-default`` is for everybody else.
Page = Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """One file of the sitemap: records of a type whose ids begin with ``prefix``."""

    type: str
    prefix: str
    changed: str

    @property
    def name(self) -> str:
        """The end of its address: ``ngo``, ``ngo-a``."""
        return f"{self.type}-{self.prefix}" if self.prefix else self.type


def parts(types: Iterable[str]) -> list[Part]:
    """Return the parts that have records; one request to Solr.

    :param types: dataset types
    :returns: parts with the time their type last changed
    :raises ckan.lib.search.SearchError: Solr is away
    """
    facet = {
        "types": {
            "type": "terms",
            "field": "dataset_type",
            "limit": -1,
            "facet": {"changed": "max(metadata_modified)"},
        }
    }
    answer = solr.ask(
        "*:*",
        fq=solr.public_filters(list(types)),
        rows=0,
        facet="false",
        **{"json.facet": json.dumps(facet)},
    )
    buckets = answer.raw_response["facets"].get("types", {}).get("buckets", ())
    return [
        Part(bucket["val"], prefix, moment(bucket["changed"]))
        for bucket in sorted(buckets, key=lambda bucket: bucket["val"])
        for prefix in prefixes(bucket["count"])
    ]


def prefixes(count: int) -> list[str]:
    """Return the beginnings of ids that divide records into parts of fewer than ``MOST``.

    :param count: how many records there are; ids are random, so parts are of one size
    """
    found = [""]
    while count > MOST * len(found):
        found = [begin + digit for begin in found for digit in _DIGITS]
    return found


def records(type_name: str, prefix: str) -> Iterator[tuple[str, str]]:
    """Yield (name, time of the last change) of a part's records, by Solr's cursor.

    :raises ckan.lib.search.SearchError: Solr is away, when the first record is asked for
    """
    begins = [f"+id:{prefix}*"] if prefix else []
    mark, last = "*", ""
    while mark != last:
        answer = solr.ask(
            "*:*",
            fq=[*solr.public_filters([type_name]), *begins],
            fl="name metadata_modified",
            sort="index_id asc",
            rows=_CHUNK,
            facet="false",
            cursorMark=mark,
        )
        for document in answer.docs:
            yield document["name"], moment(document["metadata_modified"])
        mark, last = answer.nextCursorMark, mark


def index(addresses: Iterable[tuple[str, str]]) -> str:
    """Write the index.

    :param addresses: (address of a part, time of its last change or ``""``)
    """
    entries = (
        f"<sitemap><loc>{escape(address)}</loc>{_changed(changed)}</sitemap>\n"
        for address, changed in addresses
    )
    return f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{"".join(entries)}</sitemapindex>\n'


def stream(pages: Iterable[tuple[Page, str]]) -> Iterator[bytes]:
    """Write a part, piece by piece.

    :param pages: (addresses of a page by language, time of its last change or ``""``)
    """
    yield f'{_HEAD}<urlset xmlns="{_NAMESPACE}" xmlns:xhtml="{_XHTML}">\n'.encode()
    for page, changed in pages:
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(address)}/>'
            for language, address in page.items()
        )
        tail = f"{_changed(changed)}{others if len(page) > 1 else ''}</url>\n"
        yield "".join(
            f"<url><loc>{escape(address)}</loc>{tail}" for address in dict.fromkeys(page.values())
        ).encode()
    yield b"</urlset>\n"


def moment(value: str) -> str:
    """Return Solr's time as W3C's date and time, exact to the second."""
    return value.partition(".")[0].removesuffix("Z") + "Z"


def _changed(value: str) -> str:
    return f"<lastmod>{value}</lastmod>" if value else ""
