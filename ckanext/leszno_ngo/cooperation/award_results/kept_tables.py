"""Tables that wait with their call until somebody publishes them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo.cooperation.award_results.offers import Offer, as_sent

PREPARED = "leszno_ngo_results"


PUBLISHED = "leszno_ngo_results_published"


@dataclass(frozen=True)
class Prepared:
    """A table that was looked through and waits for whoever publishes.

    :param offers: the rows, as they were typed and chosen
    :param day: the day of the decision as typed
    :param user: name of the account that prepared it
    :param since: when, ISO 8601, UTC
    """

    offers: list[Offer]
    day: str
    user: str
    since: str

    def holds(self, offers: Sequence[Offer], day: str) -> bool:
        """Whether the table is this one."""
        return day == self.day and list(map(as_sent, offers)) == list(map(as_sent, self.offers))


def prepare(call_id: str, offers: Sequence[Offer], day: str, user: str) -> None:
    """Keep a table with its call until it is published; another one takes its place.

    It is kept where nothing shows it (CKAN's ``plugin_data``), and changes nothing of the call.

    :param call_id: id of the call
    :param offers: rows without errors
    :param day: the day of the decision as typed
    :param user: name of the official
    """
    kept = {
        "offers": [[o.number, o.values, o.choice, o.left_out] for o in offers],
        "day": day,
        "user": user,
        "since": dt.datetime.now(dt.timezone.utc).isoformat(),
    }
    _keep(call_id, kept)


def prepared(call_id: str) -> Prepared | None:
    """Return the table that waits to be published, ``None`` for none; judge it again."""
    package = model.Package.get(call_id)
    kept = ((package.plugin_data if package else None) or {}).get(PREPARED)
    if not kept:
        return None
    offers = [Offer(number, values, *rest) for number, values, *rest in kept["offers"]]
    return Prepared(offers, kept["day"], kept["user"], kept["since"])


def discard(call_id: str) -> None:
    """Forget the table that waits to be published, where there is one; nothing else changes.

    :param call_id: id of the call
    """
    if prepared(call_id):
        _keep(call_id, None)


def waiting(departments: Sequence[str]) -> list[Any]:
    """Return the calls of departments with a prepared table; one SQL statement.

    :param departments: ids of organisations
    :returns: rows of ``id``, ``type``, ``name``, ``title``
    """
    table = model.package_table
    query = sa.select(table.c.id, table.c.type, table.c.name, table.c.title).where(
        table.c.state == model.State.ACTIVE,
        table.c.owner_org.in_(departments),
        table.c.plugin_data.has_key(PREPARED),
    )
    return list(model.Session.execute(query.order_by(table.c.title)))


def _keep(call_id: str, kept: dict[str, Any] | None) -> None:
    keep(call_id, {PREPARED: kept})
    model.Session.commit()


def keep(call_id: str, values: Mapping[str, Any]) -> None:
    """Keep values with a call where nothing shows them; those that are ``None`` go."""
    package = model.Package.get(call_id)
    if package is None:
        raise ValueError(f"there is no record {call_id}")
    kept = {**(package.plugin_data or {}), **values}
    left = {name: value for name, value in kept.items() if value is not None}
    package.plugin_data = left or None  # type: ignore[assignment]


def sending(seen: str, offers: Sequence[Offer], day: dt.date) -> str:
    """Return what tells one sending of a table from others; a double click sends the same.

    :param seen: the version that the table was made on
    """
    told = [seen, day.isoformat(), list(map(as_sent, offers))]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def was_published(call_id: str, sent: str) -> bool:
    """Whether the last table published of a call came by this :func:`sending`."""
    package = model.Package.get(call_id)
    return bool(package) and (package.plugin_data or {}).get(PUBLISHED) == sent
