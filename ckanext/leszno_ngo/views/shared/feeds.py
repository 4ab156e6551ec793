"""CKAN's feeds of datasets: whatever is in a title or a search, XML can hold it."""

from __future__ import annotations

from typing import Any

from ckan.views.feed import CKANFeed

from ckanext.leszno_ngo.exports import display_values


class PlainFeed(CKANFeed):
    """A feed of CKAN without the characters that XML has not: its writer breaks on them."""

    def __init__(self, *texts: Any, **named: Any) -> None:
        super().__init__(*map(_plain, texts), **{n: _plain(v) for n, v in named.items()})

    def add_item(self, **fields: Any) -> None:
        """Add an entry.

        :param fields: what CKAN says of a record
        """
        super().add_item(**{name: _plain(value) for name, value in fields.items()})


def _plain(value: Any) -> Any:
    # An enclosure is a text with more to it.
    if type(value) is str:
        return display_values.plain_text(value)
    return [_plain(one) for one in value] if isinstance(value, list) else value
