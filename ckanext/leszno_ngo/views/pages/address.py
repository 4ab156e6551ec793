"""The address of a search: what is in it, and the addresses of its neighbours.

A search is its address and nothing else, so that it can be shared, bookmarked and gone back to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

_MAX_PAGE = 10_000


@dataclass(frozen=True)
class Address:
    """A search of one record type.

    ``path`` is the page's own address; ``chosen`` maps facets to chosen codes; ``sort`` is the name
    of one of the type's sorts, ``None`` for the usual one; pages are counted from 1. ``usual`` are
    the filters of an address that says nothing, ``everything`` those of one that wants all.
    """

    path: str
    q: str = ""
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str | None = None
    page: int = 1
    usual: Mapping[str, Sequence[str]] = field(default_factory=dict)
    everything: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether words or filters other than the usual ones are in the address."""
        chosen = {name: tuple(codes) for name, codes in self.chosen.items()}
        return bool(self.q) or chosen != {name: tuple(c) for name, c in self.usual.items()}

    @property
    def query(self) -> str:
        """The part after the question mark, without the page."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(name, code) for name, codes in self.chosen.items() for code in codes]
        if self.sort:
            pairs.append(("sort", self.sort))
        return urlencode(pairs)

    def __str__(self) -> str:
        """Return the path with its query string."""
        query = self.query
        if self.page > 1:
            query = f"{query}&page={self.page}" if query else f"page={self.page}"
        return f"{self.path}?{query}" if query else self.path

    def at_page(self, page: int) -> Address:
        """The same search, another page."""
        return replace(self, page=page)

    def sorted_by(self, sort: str | None) -> Address:
        """The same search in another order, from its first page."""
        return replace(self, sort=sort, page=1)

    def asking(self, q: str) -> Address:
        """Other words, the same facets, from the first page."""
        return replace(self, q=q, page=1)

    def without(self, name: str, code: str) -> Address:
        """The search without one chosen code, from its first page."""
        kept = {n: [c for c in codes if (n, c) != (name, code)] for n, codes in self.chosen.items()}
        left = {n: codes for n, codes in kept.items() if codes}
        return replace(self, chosen={**self.everything, **left}, page=1)

    def only_words(self) -> Address:
        """The same words without any filter, the usual ones too, from the first page."""
        return replace(self, chosen=self.everything, page=1)

    def choosing(self, name: str, code: str) -> Address:
        """The same search with one choice in the place of others of its facet."""
        return replace(self, chosen={**self.chosen, name: [code]}, page=1)


def page_number(text: str | None) -> int:
    """Read a page's number from an address; what is no number is the first page."""
    if not text or not text.isascii() or not text.isdigit():
        return 1
    return min(_MAX_PAGE, max(1, int(text[:9])))


def pages_around(page: int, last: int) -> list[int | None]:
    """Return the page numbers a pager shows; ``None`` is a gap.

    :param page: the page shown, from 1
    :param last: the last page
    """
    shown = sorted({1, last, *range(max(1, page - 2), min(last, page + 2) + 1)})
    pager: list[int | None] = []
    for number in shown:
        if pager and pager[-1] is not None and number - pager[-1] > 1:
            pager.append(None)
        pager.append(number)
    return pager
