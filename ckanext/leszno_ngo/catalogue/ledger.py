"""Sums over grants that the checks of art. 19a need, asked of the database: it is never behind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo import config, record_types, vocabularies

#: Grants in these states are in no sum.
NOT_PAID = ("returned", "resigned")
# Two grants that are saved at once must not both find room under the same limit; held until the
# transaction ends.
_LOCK = 0x1E520002


@dataclass(frozen=True)
class Spent:
    """What was spent on a sphere in a year: ``granted`` and ``cost`` in złoty, ``tasks`` counted.

    A task whose whole cost is not known costs what was granted.
    """

    year: int
    sphere: str
    granted: Decimal
    cost: Decimal
    tasks: int


class DatabaseLedger:
    """The catalogue's answer to what was granted and planned (``checks.Ledger``)."""

    def granted(self, year: int, mode: str, recipient: str | None, without: str | None) -> Decimal:
        """Return what was granted in a calendar year in a mode.

        :param year: of the grant's date; of its programme year where it has none
        :param mode: code of ``call_mode``
        :param recipient: id of an organisation, ``None`` for all
        :param without: id of a grant that is not counted
        :returns: złoty of the City's own money; grants given back or declined do not count, nor
            do other funders' ones, those that an operator passed on, and drafts
        """
        model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        table = model.package_table
        extras = table.c.extras
        day = sa.func.coalesce(extras["granted_date"].astext, extras["year"].astext)
        query = sa.select(
            sa.func.coalesce(sa.func.sum(sa.cast(extras["granted_amount"].astext, sa.Numeric)), 0)
        ).where(
            table.c.type.in_(_types("grants")),
            table.c.state == model.State.ACTIVE,
            extras["mode"].astext == mode,
            *_of_the_city(extras),
            sa.func.left(day, 4) == str(year),
            sa.func.coalesce(extras["status"].astext, "").notin_(NOT_PAID),
        )
        if recipient:
            query = query.where(extras["recipient"].astext == recipient)
        if without:
            query = query.where(table.c.id != without)
        return Decimal(model.Session.execute(query).scalar_one())

    def planned(self, year: int) -> Decimal | None:
        """Return the money planned in a year's programme, ``None`` when no record says it."""
        table = model.package_table
        query = (
            sa.select(sa.cast(table.c.extras["planned_amount"].astext, sa.Numeric))
            .where(
                table.c.type.in_(_types("plans")),
                table.c.state == model.State.ACTIVE,
                table.c.extras["year"].astext == str(year),
                table.c.extras["planned_amount"].astext.isnot(None),
            )
            .order_by(table.c.metadata_modified.desc())
            .limit(1)
        )
        return model.Session.execute(query).scalar_one_or_none()

    def spent(self, years: Sequence[int], spheres: Sequence[str]) -> list[Spent]:
        """Return what was spent on spheres in years: what art. 13 ust. 2 pkt 7 wants announced.

        :param years: programme years, such as this one and the one before
        :param spheres: codes of ``spheres``
        :returns: one entry a year and sphere with the City's grants, by year and sphere; a grant
            in several spheres counts in each
        """
        table = model.package_table
        extras = table.c.extras
        year = sa.func.left(
            sa.func.coalesce(extras["year"].astext, extras["granted_date"].astext), 4
        )
        names = ("spheres", "granted_amount", "total_amount")
        query = sa.select(year.label("year"), *[extras[n].astext.label(n) for n in names]).where(
            table.c.type.in_(_types("grants")),
            table.c.state == model.State.ACTIVE,
            table.c.private.is_(False),
            year.in_([str(y) for y in years]),
            *_of_the_city(extras),
            sa.func.coalesce(extras["status"].astext, "").notin_(NOT_PAID),
        )
        sums: dict[tuple[int, str], Spent] = {}
        for row in model.Session.execute(query):
            for sphere in set(json.loads(row.spheres or "[]")) & set(spheres):
                key = (int(row.year), sphere)
                granted = Decimal(row.granted_amount or 0)
                before = sums.get(key, Spent(*key, Decimal(0), Decimal(0), 0))
                sums[key] = Spent(
                    *key,
                    before.granted + granted,
                    before.cost + Decimal(row.total_amount or granted),
                    before.tasks + 1,
                )
        return [sums[key] for key in sorted(sums)]


def _of_the_city(extras: Any) -> list[Any]:
    """What ``computed.money_source`` calls the City's money, in SQL."""
    modes = [t.code for t in vocabularies.get("call_mode").terms if t.extra.get("money_source")]
    city = config.publisher_name()
    return [
        sa.func.coalesce(extras["mode"].astext, "").notin_(modes),
        sa.func.lower(sa.func.coalesce(extras["funder"].astext, city)).in_(["", city.lower()]),
        sa.func.coalesce(extras["regrant_of"].astext, "") == "",
    ]


def _types(part: str) -> list[str]:
    """The record types that keep a part of the books (``record_type.ledger``)."""
    return [t.name for t in record_types.all_types() if t.ledger == part]
