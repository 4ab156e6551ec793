"""Clearing a source: the records that only it has ever written go to the bin, and can come back.

A record stays that another source gives, that a person made or changed, that another record links
to, or that whoever clears may not delete. What is remembered of a cleared record is set aside with
it (``CLEARED``), so that the next run brings the record in anew, or a restoration goes on with it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as member
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context
from ckanext.harvest.model import HarvestObject, HarvestObjectExtra
from sqlalchemy.orm import aliased

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.harvest import decisions, edited, store
from ckanext.leszno_ngo.logic import publishing, readable

#: Key of ``harvest_object_extra``: when a record was cleared and what its state was, in JSON.
CLEARED = "cleared"
#: Why a record stays, in the order in which it is asked.
REASONS = ("other_source", "edited", "linked", "not_yours")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_object = HarvestObject.__table__
_extra = HarvestObjectExtra.__table__
_package = model.package_table


@dataclass(frozen=True)
class Entry:
    """A record of a source.

    :param object_id: the harvest object that remembers what the source said of it
    :param title: its title; ``""``, as its name, where who asks may not see it
    :param state: its state, by CKAN's name
    """

    object_id: str
    id: str
    type: str
    name: str
    title: str
    state: str
    private: bool
    owner_org: str | None


@dataclass(frozen=True)
class Preview:
    """What clearing a source would do.

    :param remove: records that would go to the bin
    :param keep: reason (:data:`REASONS`) → records that would stay
    """

    remove: list[Entry] = member(default_factory=list)
    keep: dict[str, list[Entry]] = member(default_factory=dict)


@dataclass(frozen=True)
class Restoration:
    """What became of the records that were cleared last.

    :param restored: how many are back
    :param failed: (id, why) of those that are not
    """

    restored: int
    failed: list[tuple[str, str]]


def preview(context: Context, source_id: str) -> Preview:
    """Say what clearing a source would remove.

    :param context: of whoever would do it
    :param source_id: the source
    :returns: the records by what would become of them; SQL statements do not grow with their
        number, but for some for each 500 and one question of rights for each department
    """
    found = Preview()
    rights: dict[tuple[str | None, bool], bool] = {}
    rows = list(_rows(source_id))
    seen = readable.records(context, (entry.id for entry, _ in rows))
    linked = _linked_to({entry.id for entry, _ in rows})
    differing = edited.differing([entry.object_id for entry, reason in rows if not reason])
    for entry, known in rows:
        reason = known or ("edited" if entry.id in differing else "")
        reason = reason or ("linked" if entry.id in linked else "")
        if not reason:
            kind = (entry.owner_org, publishing.is_public(vars(entry)))
            if kind not in rights:
                rights[kind] = _may_delete(context, entry)
            reason = "" if rights[kind] else "not_yours"
        shown = entry if entry.id in seen else replace(entry, title="", name="")
        (found.keep.setdefault(reason, []) if reason else found.remove).append(shown)
    return found


def clear(context: Context, source_id: str) -> Preview:
    """Send to the bin what :func:`preview` says.

    :param context: of whoever does it
    :param source_id: the source
    :returns: what was removed and what stayed
    :raises SourceError: ``running`` while the source is harvested
    """
    with store.source_lock(source_id):
        found = preview(context, source_id)
        moment = store.now().isoformat()
        for entry in found.remove:
            cleared = _fresh(context)
            cleared[decisions.NOT_DECIDED] = True  # type: ignore[literal-required]
            tk.get_action("package_delete")(cleared, {"id": entry.id})
            _set_aside(entry, moment)
    return found


def last_cleared(source_id: str) -> tuple[dt.datetime, int] | None:
    """Return when a source was cleared last and how many records can be restored, if any can."""
    moments = [moment for _, _, moment, _ in _cleared(source_id)]
    return (dt.datetime.fromisoformat(moments[0]), len(moments)) if moments else None


def restore(context: Context, source_id: str) -> Restoration:
    """Bring back the records that were cleared last, as far as nothing stands in their place.

    :param context: of whoever does it
    :param source_id: the source
    :returns: what came back, and why the others did not
    :raises SourceError: ``running`` while the source is harvested
    """
    restored, failed = 0, []
    with store.source_lock(source_id):
        for object_id, entry, _, state in _cleared(source_id):
            why = _restore(context, source_id, object_id, entry, state)
            restored += not why
            failed += [(entry.id, why)] if why else []
    return Restoration(restored, failed)


# ---------------------------------------------------------------------------------- what stays
def _rows(source_id: str) -> Iterator[tuple[Entry, str]]:
    """Yield the records of a source with the reason why they stay, as far as it is the data's."""
    other = aliased(HarvestObject)
    of_other = sa.exists().where(
        other.package_id == _object.c.package_id,
        other.harvest_source_id != source_id,
        other.current.is_(True),
    )
    query = (
        sa.select(_object.c.id, *_of_package(), of_other, edited.question())
        .join(_package, _package.c.id == _object.c.package_id)
        .where(
            _object.c.harvest_source_id == source_id,
            _object.c.current.is_(True),
            _package.c.state != model.State.DELETED,
        )
        .order_by(_package.c.title, _package.c.id)
    )
    for *entry, has_other, is_edited in model.Session.execute(query):
        yield Entry(*entry), "other_source" if has_other else "edited" if is_edited else ""


def _of_package() -> list[sa.Column[Any]]:
    names = ("id", "type", "name", "title", "state", "private", "owner_org")
    return [_package.c[name] for name in names]


def _linked_to(ids: Collection[str]) -> set[str]:
    """Return those of some records that other records link to; a statement a record type."""
    found: set[str] = set()
    for record_type in record_types.all_types():
        fields = [f for f in record_type.fields if f.link or any(s.link for s in f.subfields)]
        if not fields:
            continue
        said = sa.func.concat_ws(" ", *(_package.c.extras[field.name].astext for field in fields))
        query = sa.select(said).where(
            _package.c.type == record_type.name, _package.c.state != model.State.DELETED
        )
        for text in model.Session.scalars(query):
            found.update(_ID.findall(text or ""))
    return found & set(ids)


def _may_delete(context: Context, entry: Entry) -> bool:
    try:
        tk.check_access("package_delete", _fresh(context), {"id": entry.id})
    except tk.NotAuthorized:
        return False
    return True


def _fresh(context: Context) -> Context:
    return tk.fresh_context(context)


# ---------------------------------------------------------------------------------- memory
def _set_aside(entry: Entry, moment: str) -> None:
    """Forget what the source said of a record, in a way that can be taken back; commits."""
    _set_current([entry.object_id], current=False)
    store.set_extra(entry.object_id, CLEARED, json.dumps({"at": moment, "state": entry.state}))
    model.Session.commit()


def _set_current(object_ids: Sequence[str], *, current: bool) -> None:
    model.Session.execute(
        sa.update(_object).where(_object.c.id.in_(object_ids)).values(current=current)
    )


def _cleared(source_id: str) -> list[tuple[str, Entry, str, str]]:
    """Return what was cleared last: harvest object, record, moment, state before."""
    query = (
        sa.select(_extra.c.value, _object.c.id, *_of_package())
        .join(_object, _object.c.id == _extra.c.harvest_object_id)
        .join(_package, _package.c.id == _object.c.package_id)
        .where(
            _extra.c.key == CLEARED,
            _object.c.harvest_source_id == source_id,
            _package.c.state == model.State.DELETED,
        )
        .order_by(_package.c.title, _package.c.id)
    )
    rows = [(json.loads(value), Entry(*entry)) for value, *entry in model.Session.execute(query)]
    last = max((kept["at"] for kept, _ in rows), default="")
    return [(e.object_id, e, k["at"], k["state"]) for k, e in rows if k["at"] == last]


def _restore(context: Context, source_id: str, object_id: str, entry: Entry, state: str) -> str:
    """Bring one record back; return why it cannot be, ``""`` when it is there."""
    again = aliased(HarvestObject)
    stands_for_it = sa.exists().where(
        _object.c.id == object_id,
        again.guid == _object.c.guid,
        again.harvest_source_id == source_id,
        again.current.is_(True),
    )
    if model.Session.scalar(sa.select(stands_for_it)):
        return tk._("the source has brought it in again")
    try:
        data = {"id": entry.id, "state": state}
        tk.get_action("package_patch")(_fresh(context), data)
    except tk.NotAuthorized:
        return tk._("you may not restore it")
    except tk.ValidationError as error:
        model.Session.rollback()
        return "; ".join(f"{name}: {said}" for name, said in error.error_summary.items())
    _set_current([object_id], current=True)
    store.set_extra(object_id, CLEARED, "")
    model.Session.commit()
    return ""
