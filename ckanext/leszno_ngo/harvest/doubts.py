"""What makes a whole set of rows doubtful, so that a person has to confirm it first. Pure.

Each row may be right by itself and all of them wrong together: a column sorted alone, two headings
swapped, a file saved in another encoding. So the plan is looked at as a whole before anything is
written; what a person confirms is that plan and no other, by its fingerprint.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from ckanext.leszno_ngo.harvest.compare import Change, Guards, Known, Plan
from ckanext.leszno_ngo.harvest.model import SourceError, display_text
from ckanext.leszno_ngo.harvest.rules import FieldRule, Rules, content_of

# Below this many records nothing is a mass change: one of three is one person's correction.
_FEWEST = 3
# Share of the records with a value that get another one, or lose it, from which a column other
# than names and numbers is taken to be a wrong one.
_MOST_OF_A_FIELD = 0.5
# Words that two names share, of all words of the longer one, below which they are two names.
_ALIKE = 0.5
_NAME = "title"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason to ask a person.

    :param code: ``vanished_share``, ``names_share``, ``identifiers_share``, ``field_share``,
        ``emptied``, ``garbled``, ``unreadable_share``.
    :param detail: data of the reason; ``field`` is a field's name.
    """

    code: str
    detail: Mapping[str, Any] = member(default_factory=dict)


class DoubtfulError(SourceError):
    """A set of rows that a person has to confirm.

    :param doubts: every reason, at least one.
    :param plan: the fingerprint of what would be done.
    """

    def __init__(self, doubts: Sequence[Doubt], plan: str) -> None:
        super().__init__(doubts[0].code, **doubts[0].detail)
        self.doubts = tuple(doubts)
        self.plan = plan


def fingerprint(plan: Plan) -> str:
    """Return the fingerprint of a plan: the same for the same rows and the same catalogue.

    :returns: 32 hexadecimal digits
    """
    digest = hashlib.blake2b(digest_size=16)
    lines = [
        f"{c.incoming.source_key}\0{c.record_id or ''}\0{content_of(c.incoming.record)}"
        f"\0{c.baseline.content if c.baseline else ''}"
        for c in (*plan.adds, *plan.changes)
    ]
    lines += [f"missing\0{baseline.record_id}" for baseline in plan.missing]
    for line in sorted(lines):
        digest.update(f"{len(line)}\0{line}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def check(plan: Plan, known: Known, rules: Rules, guards: Guards) -> None:
    """Ask for a confirmation when the plan as a whole is doubtful.

    :param plan: what a run would do, of all that the source gives or of the records asked for:
        only where it is all does a record that is not in it mean something
    :param known: what the catalogue knows
    :param rules: what is compared
    :param guards: the limits, and what a person has confirmed
    :raises DoubtfulError: with every reason, unless ``guards.confirmed`` is this plan
    """
    doubts = [
        *(_vanished(plan, known, guards) if guards.complete else ()),
        *_mass_changes(plan, known, rules, guards),
        *_garbled(plan, rules),
        *_unreadable(plan, guards),
    ]
    if doubts and fingerprint(plan) != guards.confirmed:
        raise DoubtfulError(doubts, fingerprint(plan))


def _vanished(plan: Plan, known: Known, guards: Guards) -> Iterable[Doubt]:
    """Too much is gone; what was marked in earlier runs counts on neither side."""
    missing = sum(1 for b in plan.missing if not b.marked)
    present = sum(1 for b in known.baselines.values() if b.active and not b.marked)
    if missing and missing / present > guards.max_vanished:
        yield Doubt(
            "vanished_share", {"missing": missing, "known": present, "limit": guards.max_vanished}
        )


def _mass_changes(plan: Plan, known: Known, rules: Rules, guards: Guards) -> Iterable[Doubt]:
    total = len(plan.changes) + plan.unchanged
    limit = guards.max_changed * total
    renamed = [c for c in plan.changes if _is_renamed(c, known)]
    if len(renamed) >= _FEWEST and len(renamed) > limit:
        yield _share("names_share", renamed, total, guards, row=renamed[0].incoming.row)
    numbered = [c for c in plan.changes if _is_renumbered(c, rules)]
    if len(numbered) >= _FEWEST and len(numbered) > limit:
        yield _share("identifiers_share", numbered, total, guards, row=numbered[0].incoming.row)
    yield from _changed_fields(plan, known, rules)


def _share(code: str, found: Sequence[Change], total: int, guards: Guards, **more: Any) -> Doubt:
    return Doubt(code, {"changed": len(found), "known": total, "limit": guards.max_changed, **more})


def _is_renamed(change: Change, known: Known) -> bool:
    name = str(change.incoming.record.get(_NAME) or "")
    if not name:
        return False
    before = change.baseline.record.get(_NAME) if change.baseline else None
    if before:
        return _plain(before) != _plain(name)
    # Another source's name of the same body may be written in another way.
    stands = known.title(change.record_id) if change.record_id else ""
    return bool(stands) and not _are_alike(stands, name)


def _plain(name: str) -> str:
    """Return a name as names are compared: case and signs aside, Polish letters as they are."""
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def _are_alike(one: str, other: str) -> bool:
    first, second = set(_plain(one).split()), set(_plain(other).split())
    return len(first & second) >= _ALIKE * min(len(first), len(second))


def _is_renumbered(change: Change, rules: Rules) -> bool:
    if change.baseline is None:
        return False
    before, now = change.baseline.record, change.incoming.record
    return any(
        before.get(name) and name in now and before[name] != now[name] for name in rules.identity
    )


def _changed_fields(plan: Plan, known: Known, rules: Rules) -> Iterable[Doubt]:
    """Yield the other fields of which most values would change, or vanish."""
    fields = [
        rule
        for rule in rules.fields
        if rule.name != _NAME and rule.name not in rules.identity and rule.merge == "replace"
    ]
    changed: Counter[str] = Counter()
    emptied: Counter[str] = Counter()
    for change in plan.changes:
        if change.baseline is not None:
            before, now = change.baseline.record, change.incoming.record
            emptied.update(rule.name for rule in fields if _is_emptied(rule, before, now))
            changed.update(rule.name for rule in fields if _is_other(rule, before, now))
    if max((*changed.values(), *emptied.values()), default=0) < _FEWEST:
        return
    had = _values_known(known, fields)
    for code, counted in (("emptied", emptied), ("field_share", changed)):
        for name, count in counted.items():
            if count >= _FEWEST and count > _MOST_OF_A_FIELD * had[name]:
                yield Doubt(code, {"field": name, "changed": count, "known": had[name]})


def _is_emptied(rule: FieldRule, before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    said = rule.name in now and rule.canonical(now[rule.name]) is None
    return said and rule.canonical(before.get(rule.name)) is not None


def _is_other(rule: FieldRule, before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    old, new = rule.canonical(before.get(rule.name)), rule.canonical(now.get(rule.name))
    return old is not None and new is not None and old != new


def _values_known(known: Known, fields: Sequence[FieldRule]) -> Counter[str]:
    had: Counter[str] = Counter()
    for baseline in known.baselines.values():
        if baseline.active and not baseline.marked:
            said = baseline.record
            had.update(r.name for r in fields if r.canonical(said.get(r.name)) is not None)
    return had


def _garbled(plan: Plan, rules: Rules) -> Iterable[Doubt]:
    """Yield one doubt for all texts that lost letters and are not in the catalogue yet."""
    by_name = {rule.name: rule for rule in rules.fields}
    found = [
        (change, field)
        for change in (*plan.adds, *plan.changes)
        for field in change.incoming.garbled
        if _is_new(by_name.get(field), change)
    ]
    if found:
        change, field = found[0]
        value = change.incoming.record.get(field, "")
        yield Doubt(
            "garbled",
            {
                "rows": len({c.incoming.row for c, _field in found}),
                "row": change.incoming.row,
                "field": field,
                "value": display_text(value) if isinstance(value, str) else "",
            },
        )


def _is_new(rule: FieldRule | None, change: Change) -> bool:
    if rule is None or change.baseline is None:
        return True
    before = change.baseline.record.get(rule.name)
    return rule.canonical(before) != rule.canonical(change.incoming.record.get(rule.name))


def _unreadable(plan: Plan, guards: Guards) -> Iterable[Doubt]:
    """Yield a doubt where many rows were refused because their letters could not be read."""
    bad = {r.row for r in plan.refusals if r.code == "encoding" and r.whole_row}
    if (plan.adds or plan.changes) and len(bad) > guards.max_changed * plan.rows:
        yield Doubt("unreadable_share", {"rows": len(bad), "known": plan.rows})
