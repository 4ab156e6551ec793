"""Rows of a commission's table: what they say, and what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from dataclasses import field as member
from decimal import Decimal
from typing import Any

from ckanext.leszno_ngo import polish
from ckanext.leszno_ngo.catalogue import checks
from ckanext.leszno_ngo.catalogue.identity import Owner
from ckanext.leszno_ngo.logic import personal_question

#: What a row says, as the commission's table has it (``harvest/sources/results.yaml``).
FIELDS = (
    "organisation",
    "number",
    "task",
    "points",
    "asked_amount",
    "granted_amount",
    "remarks",
)


#: The choice of a person: the recipient is not in the catalogue.
OUTSIDE = "outside"


#: More rows than a commission ever had, of a file and of the form that carries them all.
MOST_ROWS = 300


ERROR, WARNING = checks.ERROR, checks.WARNING


MAY_BE_PERSON = "may_be_person"


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row: ``field`` of :data:`FIELDS`, ``code`` (or a text), ``data`` of it."""

    field: str
    level: str
    code: str
    data: Mapping[str, Any] = member(default_factory=dict)

    @property
    def is_personal(self) -> bool:
        """Whether personal data may stand there: a person decides whether it is published."""
        found = self.data.get("finding")
        code = found.code if found else self.code
        return code in (checks.PERSONAL_DATA, MAY_BE_PERSON)


@dataclass
class Offer:
    """A row of the table.

    :param number: the row's number in the file, from 1
    :param values: field of :data:`FIELDS` → what the file or a person says
    :param choice: id of the organisation that a person chose, :data:`OUTSIDE`, ``""`` for none
    :param left_out: the person does not want the row
    :param organisation: the organisation the row is matched to
    :param guesses: organisations it may be, the best first
    :param numbers: field → what it says as a number
    :param problems: what was found
    """

    number: int
    values: dict[str, str]
    choice: str = ""
    left_out: bool = False
    organisation: Owner | None = None
    guesses: list[Owner] = member(default_factory=list)
    numbers: dict[str, Decimal] = member(default_factory=dict)
    problems: list[Problem] = member(default_factory=list)

    @property
    def is_granted(self) -> bool:
        """Whether the offer got money."""
        return self.granted > 0

    @property
    def granted(self) -> Decimal:
        """What was granted, in złoty."""
        return self.numbers.get("granted_amount", Decimal(0))

    @property
    def errors(self) -> list[Problem]:
        """What keeps the row from being published."""
        return [problem for problem in self.problems if problem.level == ERROR]

    @property
    def key(self) -> tuple[str, str]:
        """What tells the offer from the others of its call."""
        owner = self.organisation.id if self.organisation else self.values["organisation"]
        return polish.fold(owner), polish.fold(self.values["task"])


def total(offers: Iterable[Offer]) -> Decimal:
    """Return the sum of what was granted, in złoty."""
    return sum((o.granted for o in offers if not o.left_out), Decimal(0))


def personal_data_shown(offers: Iterable[Offer]) -> str:
    """Return what a form carries that shows what was found of personal data; empty for nothing.

    :param offers: rows that were looked through
    """
    found: dict[str, list[Any]] = {}
    for offer in offers:
        for problem in offer.problems:
            if problem.is_personal:
                finding = problem.data.get("finding")
                places = finding.data["places"] if finding else problem.data.get("places", ())
                said = [finding.field if finding else problem.code, list(map(asdict, places))]
                control = f"{problem.field}-{offer.number}"
                found.setdefault(control, [offer.values[problem.field]]).append(said)
    return personal_question.seen(found) if found else ""


def as_sent(offer: Offer) -> list[Any]:
    """Return what a person has said of a row, to compare with another sending of it."""
    return [offer.values, offer.choice, offer.left_out]
