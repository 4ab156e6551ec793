"""The panel at the top of a record's page: what people want to know first (``key_facts``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckanext.leszno_ngo.catalogue.money import GRANTED, NOTHING, Sum
from ckanext.leszno_ngo.exports.display_values import address
from ckanext.leszno_ngo.record_types import Field, KeyFact, RecordType
from ckanext.leszno_ngo.search.backlinks import BackLinks
from ckanext.leszno_ngo.views.pages.profile import ADDRESS_FIELDS


@dataclass(frozen=True)
class Linked:
    """Records of one type that point at the record.

    ``group`` is the first of the type's groups on the page; ``count`` and ``total`` (``None`` for
    a type whose money is not added up) are of all of them.
    """

    group: BackLinks
    count: int
    total: Sum | None


@dataclass(frozen=True)
class Fact:
    """A question and what the record answers.

    ``rows`` are pairs (field, value), ``address`` its lines, ``linked`` what points at the record;
    ``missing`` is the field that an official may complete where nothing answers.
    """

    declared: KeyFact
    rows: list[tuple[Field, Any]] = field(default_factory=list)
    address: list[str] = field(default_factory=list)
    linked: list[Linked] = field(default_factory=list)
    missing: str = ""

    @property
    def is_known(self) -> bool:
        """Whether something answers."""
        return bool(self.rows or self.address or self.linked)


def facts(
    record_type: RecordType, record: Mapping[str, Any], groups: Sequence[BackLinks]
) -> list[Fact]:
    """Return the facts of a record, in the order of its type's file.

    :param record: as ``package_show`` gives it
    :param groups: what points at it
    :returns: those that are known, and those that must say that they are not
    """
    made = (_fact(record_type, declared, record, groups) for declared in record_type.key_facts)
    return [fact for fact in made if fact.is_known or not fact.declared.optional]


def button(record_type: RecordType, record: Mapping[str, Any]) -> str:
    """Return the address of the panel's button; empty where the record has none now.

    :param record: as ``package_show`` gives it
    """
    action = record_type.action
    state = (record.get("computed") or {}).get("state")
    if not action or (action.states and state not in action.states):
        return ""
    return next((str(record[name]) for name in action.fields if record.get(name)), "")


def _fact(
    record_type: RecordType,
    declared: KeyFact,
    record: Mapping[str, Any],
    groups: Sequence[BackLinks],
) -> Fact:
    known = [name for name in declared.fields if record.get(name) not in (None, "", [], False)]
    known = known[:1] if declared.first else known
    lines = address(record) if any(name in ADDRESS_FIELDS for name in declared.fields) else []
    rows = [(record_type.field(n), record[n]) for n in known if n not in ADDRESS_FIELDS]
    linked = [one for one in (_linked(name, groups) for name in declared.linked) if one]
    return Fact(declared, rows, lines, linked, next(iter(declared.fields), ""))


def _linked(type_name: str, groups: Sequence[BackLinks]) -> Linked | None:
    own = [group for group in groups if group.type.name == type_name]
    if not own:
        return None
    sums = [group.total[GRANTED] for group in own if group.total is not None]
    total = sum(sums, NOTHING) if sums else None
    return Linked(own[0], sum(group.count for group in own), total)
