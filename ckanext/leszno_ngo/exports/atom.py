"""Atom (RFC 4287): the records of a search, the last changed first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from feedgen.feed import FeedGenerator

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.exports import display_values
from ckanext.leszno_ngo.exports.about import About
from ckanext.leszno_ngo.record_types import RecordType

CONTENT_TYPE = "application/atom+xml; charset=utf-8"


def stream(
    records: Iterable[Mapping[str, Any]], record_type: RecordType, lang: str, about: About
) -> Iterator[bytes]:
    """Write records as a feed, in the order given.

    :param records: records as ``package_show`` gives them, not more than a feed should hold
    :param record_type: what was searched; each entry says what its own type is
    :param lang: language of labels, ``pl`` or ``en``
    :param about: origin of the feed
    :returns: the whole feed, in one piece
    """
    feed = FeedGenerator()
    feed.id(about.address)
    title = record_types.localised(record_type.label_plural, lang)
    words = display_values.plain_text(about.query.get("q"))
    feed.title(f"{title}: {words}" if words else title)
    feed.author(name=about.publisher)
    feed.rights(f"{about.licence} {about.licence_url}")
    feed.language(lang)
    feed.link(href=about.address, rel="self", type="application/atom+xml")
    if about.search:
        feed.link(href=about.search, rel="alternate", type="text/html")
    changed = [_entry(feed, record, lang, about) for record in records]
    feed.updated(max(changed, default=about.generated))
    yield feed.atom_str(pretty=True)


def _entry(feed: FeedGenerator, record: Mapping[str, Any], lang: str, about: About) -> Any:
    """Add an entry; return when the record was last changed."""
    entry = feed.add_entry(order="append")
    changed = display_values.utc(record["metadata_modified"])
    # The id of a record never changes; the address of its page may.
    entry.id(f"urn:uuid:{record['id']}")
    entry.title(display_values.plain_text(record["title"] or record["name"]))
    entry.link(href=about.page_of(record["name"], record["type"]))
    entry.updated(changed)
    entry.published(display_values.utc(record["metadata_created"]))
    own = record_types.get(record["type"])
    if own:
        label = record_types.localised(own.label, lang)
        entry.category(term=own.name, label=label)
        entry.summary("\n".join([label, *display_values.lines(own, record, lang)]))
    return changed
