"""Sums over grants that the checks of art. 19a need, asked of the database: it is never behind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import computed, money
from ckanext.leszno_ngo.cooperation import type_keys
from ckanext.leszno_ngo.record_types import RecordType

# Two grants that are saved at once must not both find room under the same limit; held until the
# transaction ends.
_LOCK = 0x1E520002

_table = model.package_table
_extras = _table.c.extras


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
    """The catalogue's answer to what was granted and planned (``checks.Ledger``).

    Public records count, and hidden ones of the department that asks: a hidden record of another
    department keeps nobody from publishing, and its sum is told to nobody.

    :param department: id of the organisation whose record is looked at; empty for none
    """

    def __init__(self, department: str = "") -> None:
        self._counted = sa.or_(_table.c.private.is_(False), _table.c.owner_org == department)

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
        day = sa.func.coalesce(_extras["granted_date"].astext, _extras["year"].astext)
        conditions = [
            self._counted,
            _extras["mode"].astext == mode,
            sa.func.left(day, 4) == str(year),
        ]
        if recipient:
            conditions.append(_extras["recipient"].astext == recipient)
        if without:
            conditions.append(_table.c.id != without)
        amounts = (grant.get("granted_amount") for grant in _grants_of_the_city(*conditions))
        return sum((Decimal(amount) for amount in amounts if amount), Decimal(0))

    def planned(self, year: int) -> Decimal | None:
        """Return the money planned in a year's programme, ``None`` when no record says it."""
        query = (
            sa.select(sa.cast(_extras["planned_amount"].astext, sa.Numeric))
            .where(
                _table.c.type.in_(list(_types("plans"))),
                _table.c.state == model.State.ACTIVE,
                self._counted,
                _extras["year"].astext == str(year),
                _extras["planned_amount"].astext.isnot(None),
            )
            .order_by(_table.c.metadata_modified.desc())
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
        year = sa.func.left(
            sa.func.coalesce(_extras["year"].astext, _extras["granted_date"].astext), 4
        )
        sums: dict[tuple[int, str], Spent] = {}
        found = _grants_of_the_city(
            _table.c.private.is_(False), year.in_([str(one) for one in years])
        )
        for grant in found:
            own = int((grant.get("year") or grant["granted_date"])[:4])
            granted = Decimal(grant.get("granted_amount") or 0)
            for sphere in set(json.loads(grant.get("spheres") or "[]")) & set(spheres):
                before = sums.get((own, sphere), Spent(own, sphere, Decimal(0), Decimal(0), 0))
                sums[own, sphere] = Spent(
                    own,
                    sphere,
                    before.granted + granted,
                    before.cost + Decimal(grant.get("total_amount") or granted),
                    before.tasks + 1,
                )
        return [sums[key] for key in sorted(sums)]


def _grants_of_the_city(*conditions: Any) -> Iterator[dict[str, str]]:
    """Give the fields of grants of the City's own money that were not given back."""
    types = _types("grants")
    query = sa.select(_table.c.type, _extras).where(
        _table.c.type.in_(list(types)), _table.c.state == model.State.ACTIVE, *conditions
    )
    for name, grant in model.Session.execute(query):
        is_city = computed.money_source(types[name], grant) == computed.CITY
        if is_city and not money.is_given_up(types[name], grant):
            yield grant


def _types(part: str) -> dict[str, RecordType]:
    """The record types that keep a part of the books (``finance.ledger``), by name."""
    return {t.name: t for t in record_types.all_types() if type_keys.ledger(t) == part}
