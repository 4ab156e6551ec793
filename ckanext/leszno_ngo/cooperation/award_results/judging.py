"""Rows of a commission's table, read and matched to organisations."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo import identifiers, personal_data, polish, record_types
from ckanext.leszno_ngo.catalogue import checks, personal_places
from ckanext.leszno_ngo.catalogue.identity import Owner, PreloadedIdentity
from ckanext.leszno_ngo.cooperation.award_results.made_records import made_type, results_of
from ckanext.leszno_ngo.cooperation.award_results.offers import (
    ERROR,
    MAY_BE_PERSON,
    OUTSIDE,
    WARNING,
    Offer,
    Problem,
)
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.search import suggest
from ckanext.leszno_ngo.values import KINDS, ValueRefusedError

_NUMBERS = ("points", "asked_amount", "granted_amount")


_NOTHING = frozenset({"", "-", "–", "—", "0"})


_GUESSES = 5


def judge(record_type: RecordType, offers: Sequence[Offer]) -> None:
    """Match every row to an organisation and note what is wrong in it.

    One SQL statement for all numbers and choices; one request to Solr for each row that no number
    and no choice decides.

    :param record_type: the call's type, with ``results``
    :param offers: the rows; ``organisation``, ``guesses``, ``numbers``, ``problems`` are set
    :raises ckan.lib.search.SearchError: Solr is away
    """
    results = results_of(record_type)
    link = made_type(results).field(results.recipient).link
    assert link
    matcher = Matcher(link.types[0])
    seen: dict[tuple[str, str], int] = {}
    for offer in offers:
        read(offer)
        if offer.left_out:
            continue
        matcher.match(offer)
        if may_be_person(offer):
            offer.problems.append(Problem("organisation", WARNING, MAY_BE_PERSON))
        if offer.key in seen:
            data = {"row": seen[offer.key]}
            offer.problems.append(Problem("task", ERROR, "repeated", data))
        seen.setdefault(offer.key, offer.number)


class Matcher:
    """Finds the organisation a row means.

    All numbers are read by one SQL statement; a name is one request to Solr.

    :param type_name: the record type of the organisations
    """

    def __init__(self, type_name: str) -> None:
        self._type = record_types.get(type_name)
        assert self._type
        self._known = PreloadedIdentity(type_name, self._type.identity)

    def match(self, offer: Offer) -> None:
        """Set the row's ``organisation``, or its ``guesses``; a problem where it is not known.

        :raises ckan.lib.search.SearchError: Solr is away
        """
        by_number = self._by_number(offer)
        if offer.choice == OUTSIDE:
            return
        if offer.choice:
            offer.organisation = _owner(self._type.name, offer.choice)  # type: ignore[union-attr]
        offer.organisation = offer.organisation or by_number
        if offer.organisation is None:
            self._by_name(offer)
        if offer.organisation is None:
            offer.problems.append(Problem("organisation", ERROR, "organisation_unknown"))

    def _by_number(self, offer: Offer) -> Owner | None:
        text = offer.values["number"]
        if not text:
            return None
        found = {
            owner.id: owner
            for kind, value in identifiers.guess(text)
            for owner in self._known.owners(self._type.name, kind, value)  # type: ignore[union-attr]
            if owner.is_public
        }
        if not found:
            wrong = not identifiers.guess(text)
            code = "number_wrong" if wrong else "number_unknown"
            offer.problems.append(Problem("number", WARNING, code, {"value": text}))
        return next(iter(found.values())) if len(found) == 1 else None

    def _by_name(self, offer: Offer) -> None:
        name = offer.values["organisation"]
        offer.guesses = guesses(name, self._type.name)  # type: ignore[union-attr]
        same = [owner for owner in offer.guesses if _plain(owner.title) == _plain(name)]
        if len(same) == 1:
            offer.organisation = same[0]


def guesses(name: str, type_name: str) -> list[Owner]:
    """Return the organisations that a name may mean, the best first; one request to Solr.

    :param name: as somebody wrote it
    :param type_name: the record type looked for
    """
    return [
        Owner(found["id"], found["name"], found["title"])
        for found in suggest.resembling(name, [type_name], _GUESSES)
    ]


def _plain(text: str) -> str:
    letters = (sign if sign.isalnum() else " " for sign in polish.fold(text))
    return " ".join("".join(letters).split())


def _owner(type_name: str, id_: str) -> Owner | None:
    table = model.package_table
    query = sa.select(table.c.id, table.c.name, table.c.title).where(
        table.c.id == id_,
        table.c.type == type_name,
        table.c.state == model.State.ACTIVE,
        table.c.private.is_(False),
    )
    row = model.Session.execute(query).first()
    return Owner(*row) if row else None


def read(offer: Offer) -> None:
    """Read what a row says by itself, forgetting what was found out about it before.

    :param offer: the row; ``numbers`` and ``problems`` are set
    """
    offer.problems, offer.numbers, offer.guesses, offer.organisation = [], {}, [], None
    if not offer.left_out:
        _read_numbers(offer)
        _check_words(offer)


def _read_numbers(offer: Offer) -> None:
    for name in _NUMBERS:
        text = offer.values[name].strip()
        if text in _NOTHING:
            continue
        try:
            offer.numbers[name] = Decimal(KINDS["amount"](text))
        except ValueRefusedError as error:
            offer.problems.append(Problem(name, ERROR, error.code, {"value": text}))
    asked, granted = (offer.numbers.get(name) for name in _NUMBERS[1:])
    if asked is not None and granted is not None and granted > asked:
        offer.problems.append(Problem("granted_amount", ERROR, "more_than_asked"))


def _check_words(offer: Offer) -> None:
    for name in ("organisation", "task"):
        if not offer.values[name]:
            offer.problems.append(Problem(name, ERROR, "empty"))
    for name in ("organisation", "task", "remarks"):
        places = personal_places.in_text(offer.values[name])
        if places:
            problem = Problem(name, WARNING, checks.PERSONAL_DATA, {"places": tuple(places)})
            offer.problems.append(problem)


def may_be_person(offer: Offer) -> bool:
    """Whether a row that is matched to no organisation may name a person.

    :param offer: a row after matching
    """
    return offer.organisation is None and personal_data.may_be_person(offer.values["organisation"])
