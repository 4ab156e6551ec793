"""What was asked, granted, paid, settled, returned and declined: the one definition.

A record has a value for each measure that concerns it, or the value is not known; a measure that
does not concern it says nothing. The index keeps the values (``money_<measure>_amount``) and the
names of those not known, so Solr adds up what :func:`measures` says and nothing else
(docs/money.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ckanext.leszno_ngo.record_types import RecordType

ASKED, GRANTED, PAID, SETTLED, RETURNED, RESIGNED = (
    "asked",
    "granted",
    "paid",
    "settled",
    "returned",
    "resigned",
)
#: All measures, in the order in which money goes.
MEASURES = (ASKED, GRANTED, PAID, SETTLED, RETURNED, RESIGNED)
#: Measure → the role (``finance.sums``) whose amounts it adds up.
ROLES: Mapping[str, str] = {
    ASKED: "asked",
    GRANTED: "amount",
    SETTLED: "settled",
    RETURNED: "returned",
}
#: The index's list of the measures that concern a record and are not known.
UNKNOWN_FIELD = "vocab_money_unknown"
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Sum:
    """A sum of money: ``amount`` in złoty, of ``known`` records of the ``of`` that it concerns.

    ``amount`` is ``None`` where records there are, and none of them says anything.
    """

    amount: Decimal | None
    known: int
    of: int

    @property
    def is_whole(self) -> bool:
        """Whether every record that it concerns is in it."""
        return self.known == self.of

    def __add__(self, other: Sum) -> Sum:
        """Add what other records say."""
        known, of = self.known + other.known, self.of + other.of
        amount = (self.amount or Decimal(0)) + (other.amount or Decimal(0))
        return Sum(amount if known or not of else None, known, of)


NOTHING = Sum(Decimal(0), 0, 0)


@dataclass(frozen=True)
class Money:
    """The sums of some records: measure → sum, and how many records there are."""

    count: int
    sums: Mapping[str, Sum] = field(default_factory=dict)

    def __getitem__(self, measure: str) -> Sum:
        return self.sums.get(measure, NOTHING)


def measures(record_type: RecordType, record: Mapping[str, Any]) -> dict[str, Decimal | None]:
    """Return what a record's money came to.

    :param record_type: its type; one without ``finance.stages`` has no measures
    :param record: field → value
    :returns: measure → złoty, ``None`` where it concerns the record and is not known. ``asked``
        and ``granted`` concern every record; ``paid`` and ``resigned`` those at such a stage, and
        are the granted amount; ``settled`` and ``returned`` those that say so, and those at a
        stage at which it should be known. What was returned in whole is the granted amount where
        nothing else is said.
    """
    stages = record_type.stages
    if stages is None:
        return {}
    stage = str(record.get(stages.field) or "")
    said = {measure: _amount(record_type, record, role) for measure, role in ROLES.items()}
    found: dict[str, Decimal | None] = {ASKED: said[ASKED], GRANTED: said[GRANTED]}
    if stage in stages.paid:
        found[PAID] = said[GRANTED]
    if stage in stages.settled or said[SETTLED] is not None:
        found[SETTLED] = said[SETTLED]
    if stage in (*stages.settled, *stages.returned) or said[RETURNED] is not None:
        whole = said[GRANTED] if stage in stages.returned else None
        found[RETURNED] = whole if said[RETURNED] is None else said[RETURNED]
    if stage in stages.resigned:
        found[RESIGNED] = said[GRANTED]
    return {measure: found[measure] for measure in MEASURES if measure in found}


def _amount(record_type: RecordType, record: Mapping[str, Any], role: str) -> Decimal | None:
    return _known(record.get(record_type.money.get(role, "")))


def _known(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def of_one(value: Any) -> Sum:
    """Return the sum of one amount, as records keep it; where nothing is said it is not known."""
    amount = _known(value)
    return made(amount or Decimal(0), int(amount is not None), 1, 1)


def is_given_up(record_type: RecordType, record: Mapping[str, Any]) -> bool:
    """Whether the recipient keeps nothing: all was returned, or the grant was declined."""
    stages = record_type.stages
    return stages is not None and record.get(stages.field) in stages.given_up


def solr_field(measure: str) -> str:
    """Return the index's field of a measure."""
    return f"money_{measure}_amount"


def indexed(record_type: RecordType, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of the index document: an amount a measure, the measures not known."""
    found = measures(record_type, record)
    amounts = {solr_field(m): float(amount) for m, amount in found.items() if amount is not None}
    unknown = [measure for measure, amount in found.items() if amount is None]
    return {**amounts, UNKNOWN_FIELD: unknown} if unknown else amounts


def add_up(record_type: RecordType, records: Iterable[Mapping[str, Any]]) -> Money:
    """Add up the money of records of a type."""
    found = [measures(record_type, record) for record in records]
    return Money(len(found), {measure: _sum(measure, found) for measure in MEASURES})


def _sum(measure: str, found: Sequence[Mapping[str, Decimal | None]]) -> Sum:
    concerned = [amounts[measure] for amounts in found if measure in amounts]
    known = [amount for amount in concerned if amount is not None]
    return made(sum(known, Decimal(0)), len(known), len(concerned), len(found))


def made(amount: Decimal | float, known: int, of: int, count: int) -> Sum:
    """Return a sum over ``count`` records; nothing known of some records is no zero."""
    if count and not known:
        return Sum(None, 0, of)
    return Sum(Decimal(str(amount)).quantize(_CENT), known, of)
