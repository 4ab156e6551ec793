"""What every exported file says about itself: from whom, on what terms, when, which query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import config, record_types, vocabularies


@dataclass(frozen=True)
class About:
    """The origin of an exported file.

    ``query`` is what was asked: ``q``, the chosen facets, ``sort``; ``address`` is the address
    of the file itself, ``page`` the address of a record's page with ``{name}`` and perhaps
    ``{type}`` in it, ``search`` that of the page with the same results.
    """

    query: Mapping[str, str | Sequence[str]]
    address: str
    page: str
    publisher: str
    licence: str
    licence_url: str
    generated: dt.datetime
    search: str = ""

    @property
    def time(self) -> str:
        """When the file was made, in UTC (ISO 8601, ``2026-11-24T20:15:00Z``)."""
        return self.generated.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def members(self) -> dict[str, Any]:
        """The origin as members of a JSON object at the head of a file."""
        return {
            "query": dict(self.query),
            "licence": {"name": self.licence, "url": self.licence_url},
            "source": {"publisher": self.publisher, "url": self.address},
            "generated": self.time,
        }

    @property
    def host(self) -> str:
        """The host of the catalogue."""
        return urlsplit(self.page).hostname or ""

    def page_of(self, name: str, type_name: str = "") -> str:
        """Return the address of a record's page."""
        return self.page.replace("{type}", type_name).replace("{name}", name)


def about(
    query: Mapping[str, str | Sequence[str]],
    address: str,
    page: str,
    search: str = "",
    generated: dt.datetime | None = None,
) -> About:
    """Describe a file that is about to be made, with the portal's publisher and licence.

    :param query: what was asked
    :param address: address of the file
    :param page: address of a record's page with ``{name}`` for its name and, where types differ,
        ``{type}`` for its type
    :param search: address of the page with the same results
    :param generated: when the file's data were read (with a time zone); now where not said
    """
    licence = vocabularies.get("licences").get(config.licence())
    assert licence  # the option's validator allows only codes of this vocabulary
    return About(
        query=query,
        address=address,
        page=page,
        publisher=config.publisher_name(),
        licence=licence.extra["short"],
        licence_url=licence.extra["url"],
        generated=generated or dt.datetime.now(dt.timezone.utc),
        search=search,
    )


def request_address() -> str:
    """Return the address that is asked for, at the portal's own host.

    The host of the request is the client's word: files and their marks in caches never repeat it.
    """
    request = tk.request
    address = tk.url_for(request.endpoint, qualified=True, **(request.view_args or {}))
    query = request.query_string.decode("ascii", "ignore")
    return f"{address}?{query}" if query else address


def page_address() -> str:
    """Return the address of a record's page with ``{type}`` and ``{name}`` in it."""
    some, name = record_types.all_types()[0].name, "leszno-ngo-name"
    address = tk.url_for(f"{some}.read", id=name, qualified=True, locale="default")
    return address.replace(f"/{some}/{name}", "/{type}/{name}")
