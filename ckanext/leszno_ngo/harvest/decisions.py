"""What people decided against a source's values: by record, field and value, whichever source.

A source that is deleted and made anew, or fetched from elsewhere, says the same again; that is no
new question. So what stands in the place of which value is a table of its own
(``leszno_ngo_harvest_decision``), beside what is remembered of each source.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins as p
import sqlalchemy as sa
from ckan import model
from ckan.types import Context
from sqlalchemy.dialects.postgresql import insert

from ckanext.leszno_ngo.harvest.merge import Merge
from ckanext.leszno_ngo.harvest.rules import digest_of
from ckanext.leszno_ngo.record_types import RecordType

#: (field, digest of a source's value) → whether its difference was dismissed.
Decisions = Mapping[tuple[str, str], bool]

table = sa.table(
    "leszno_ngo_harvest_decision",
    sa.column("record_id", sa.Text),
    sa.column("field", sa.Text),
    sa.column("digest", sa.Text),
    sa.column("dismissed", sa.Boolean),
)
_KEY = (table.c.record_id, table.c.field, table.c.digest)
#: In the place of a field: the record itself, which a person has deleted; the digest is that of the
#: key by which a source knew it.
_RECORD = ""
#: In the context of a deletion that is no person's decision about the record.
NOT_DECIDED = "leszno_ngo_not_decided"


def decisions_for(record_ids: Collection[str]) -> Mapping[str, Decisions]:
    """Return what was decided of records; one SQL statement.

    :param record_ids: ids of records
    :returns: record's id → its decisions; a record without any is not in it
    """
    found: dict[str, dict[tuple[str, str], bool]] = {}
    if record_ids:
        query = sa.select(table).where(table.c.record_id.in_(list(record_ids)))
        for row in model.Session.execute(query):
            found.setdefault(row.record_id, {})[row.field, row.digest] = row.dismissed
    return found


def heard(said: Mapping[str, Any], decided: Decisions) -> dict[str, Any]:
    """Return what of a source's words was decided against: it is as if the source had said it.

    :param said: what the source says now
    :param decided: the record's decisions
    :returns: field → value; of a list that sources add to, the entries that a person took out
    """
    words = {n: v for n, v in said.items() if (n, digest_of(v)) in decided}
    for name, value in said.items():
        if isinstance(value, list) and name not in words:
            out = [entry for entry in value if (name, digest_of([entry])) in decided]
            words.update({name: out} if out else {})
    return words


def undismissed(kept: Mapping[str, Any], decided: Decisions) -> dict[str, Any]:
    """Return the differences that nobody has dismissed.

    :param kept: field → the source's value
    :param decided: the record's decisions
    """
    return {n: value for n, value in kept.items() if not decided.get((n, digest_of(value)))}


def note(merged: Mapping[str, Merge], known: Mapping[str, Decisions]) -> bool:
    """Note where a person's value stands, and forget where it does no more; in the transaction.

    :param merged: record's id → what came of comparing it
    :param known: what was noted before
    :returns: whether anything was written
    """
    new, gone = [], []
    for record_id, merge in merged.items():
        before = known.get(record_id, {})
        stands = set(_against(merge))
        new += [(record_id, *key) for key in stands if key not in before]
        heard_now = {(name, digest_of(value)) for name, value in merge.said.items()}
        gone += [(record_id, *key) for key in before if key in heard_now and key not in stands]
    if gone:
        model.Session.execute(sa.delete(table).where(sa.tuple_(*_KEY).in_(gone)))
    _write(new, dismissed=False)
    return bool(new or gone)


def dismiss(record_id: str, field: str, value: Any) -> None:
    """Note that nobody is to be asked again about a source's value, in the transaction.

    :param record_id: the record
    :param field: name of the field
    :param value: the source's value
    """
    _write([(record_id, field, digest_of(value))], dismissed=True)


# ------------------------------------------------------------------------ whole records
def note_deleted(context: Context, record_id: str) -> None:
    """Note that a person has deleted a record of a source, in the transaction of the deletion.

    :param context: of the action; a deletion that undoes a source's work has ``NOT_DECIDED``
    :param record_id: id or name of the record
    """
    # What is written in bulk is a source's work, or the undo of it.
    if context.get("leszno_ngo_batch") or not p.plugin_loaded("harvest"):
        return
    package = model.Package.get(record_id)
    if package is None:
        return
    if context.get(NOT_DECIDED):
        of_record = sa.and_(table.c.record_id == package.id, table.c.field == _RECORD)
        model.Session.execute(sa.delete(table).where(of_record))
        return
    known = sa.table("harvest_object", sa.column("guid"), sa.column("package_id"))
    query = sa.select(known.c.guid).where(known.c.package_id == package.id).distinct()
    keys = [str(key) for key in model.Session.scalars(query)]
    is_harvested = keys or package.extras.get("sources", "[]") != "[]"
    if is_harvested:
        _write([(package.id, _RECORD, digest_of(key)) for key in keys or [""]], dismissed=False)


@dataclass
class Deleted:
    """The records of a type that people deleted, some of which they have restored since.

    ``numbers`` are those of records still deleted, ``keys`` those by which sources knew any.
    """

    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    keys: dict[tuple[str, str], tuple[str, bool]] = field(default_factory=dict)

    def find(
        self, key: str, title: Any, numbers: Collection[tuple[str, str]]
    ) -> tuple[str, bool] | None:
        """Find the record that a row would make anew.

        :param key: the row's identity in its source
        :param title: its title; a key alone may be another record's in another source
        :param numbers: its numbers (field, value)
        :returns: the record's id, and whether it is still deleted
        """
        by_number = next((self.numbers[one] for one in numbers if one in self.numbers), None)
        if by_number:
            return by_number, True
        return None if numbers else self.keys.get((digest_of(key), str(title)))


def deleted(record_type: RecordType) -> Deleted:
    """Return the records of a type that people deleted; one SQL statement."""
    package = model.package_table
    columns = [package.c.extras[name].astext for name in record_type.identity]
    query = (
        sa.select(package.c.id, package.c.title, package.c.state, table.c.digest, *columns)
        .join(table, table.c.record_id == package.c.id)
        .where(table.c.field == _RECORD, package.c.type == record_type.name)
    )
    found = Deleted()
    for id_, title, state, digest, *values in model.Session.execute(query):
        is_deleted = state == model.State.DELETED
        found.keys[digest, str(title)] = (id_, is_deleted)
        if is_deleted:
            numbers = zip(record_type.identity, values, strict=True)
            found.numbers.update({(name, value): id_ for name, value in numbers if value})
    return found


def _against(merge: Merge) -> Iterator[tuple[str, str]]:
    for name, value in merge.kept.items():
        yield name, digest_of(value)
    for name, entries in merge.taken_out.items():
        for entry in entries:
            yield name, digest_of([entry])


def _write(keys: Sequence[tuple[str, str, str]], *, dismissed: bool) -> None:
    if keys:
        names = ("record_id", "field", "digest")
        rows = [{**dict(zip(names, key, strict=True)), "dismissed": dismissed} for key in keys]
        statement = insert(table).values(rows)
        model.Session.execute(
            statement.on_conflict_do_update(index_elements=names, set_={"dismissed": True})
            if dismissed
            else statement.on_conflict_do_nothing()
        )
