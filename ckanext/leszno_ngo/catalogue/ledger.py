"""Sums over grants that the checks of art. 19a need, asked of the database: it is never behind."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo import record_types

_NOT_PAID = ("returned", "resigned")


class DatabaseLedger:
    """The catalogue's answer to what was granted and planned (``checks.Ledger``)."""

    def granted(self, year: int, mode: str, recipient: str | None, without: str | None) -> Decimal:
        """Return what was granted in a calendar year in a mode.

        :param year: of the grant's date; of its programme year where it has none
        :param mode: code of ``call_mode``
        :param recipient: id of an organisation, ``None`` for all
        :param without: id of a grant that is not counted
        :returns: złoty; grants given back or declined do not count, nor do other funders' ones
            (``mode`` tells these) and drafts
        """
        table = model.Package.__table__
        extras = table.c.extras
        day = sa.func.coalesce(extras["granted_date"].astext, extras["year"].astext)
        query = sa.select(
            sa.func.coalesce(sa.func.sum(sa.cast(extras["granted_amount"].astext, sa.Numeric)), 0)
        ).where(
            table.c.type.in_(_types("grants")),
            table.c.state == model.State.ACTIVE,
            extras["mode"].astext == mode,
            sa.func.left(day, 4) == str(year),
            sa.func.coalesce(extras["status"].astext, "").notin_(_NOT_PAID),
        )
        if recipient:
            query = query.where(extras["recipient"].astext == recipient)
        if without:
            query = query.where(table.c.id != without)
        return Decimal(model.Session.execute(query).scalar_one())

    def planned(self, year: int) -> Decimal | None:
        """Return the money planned in a year's programme, ``None`` when no record says it."""
        table = model.Package.__table__
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


def _types(part: str) -> list[str]:
    """The record types that keep a part of the books (``record_type.ledger``)."""
    return [t.name for t in record_types.all_types() if t.ledger == part]
