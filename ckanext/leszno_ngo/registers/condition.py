"""How current a register is: when it last had everything, and why it has not now.

Kept in CKAN's table ``system_info``, so that an emptied Redis, where the marks of
:mod:`~ckanext.leszno_ngo.registers.changes` are, cannot make an old register look new.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.leszno_ngo import config, datetimes
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.registers import identity
from ckanext.leszno_ngo.registers.errors import RegisterError

_KEY = "ckanext.leszno_ngo.register.{}"
#: Changes may wait this many delays (``registers.delay``), and an hour, before somebody is told.
_PATIENCE_DELAYS = 20
_PATIENCE = dt.timedelta(hours=1)

_FIRST_CHANGES = sa.text(
    "SELECT name, (SELECT min(changed) FROM leszno_ngo_change AS noted "
    "WHERE asked.types::jsonb ? noted.type AND noted.changed > asked.checked) AS since "
    "FROM json_to_recordset(cast(:asked AS json)) "
    "AS asked(name text, types json, checked timestamptz)"
)


@dataclass(frozen=True)
class Stale:
    """A register that lacks changes.

    :param type_name: the record type
    :param dataset_id: the register's dataset
    :param since: the first change that it lacks, or the first failure to publish it
    :param error: why it could not be published; ``None`` where nothing has tried
    """

    type_name: str
    dataset_id: str
    since: dt.datetime
    error: RegisterError | None

    @property
    def day(self) -> str:
        """The day of ``since`` in Poland, ``yyyy-mm-dd``."""
        return datetimes.today(self.since).isoformat()


def checked(type_name: str, began: dt.datetime) -> None:
    """Note that a register has everything that there was when its reading began.

    :param type_name: the record type
    :param began: the moment, with a time zone
    """
    _write(type_name, {"checked": began.isoformat()})


def failed(type_name: str, error: Exception, began: dt.datetime) -> None:
    """Note that a register could not be published; its last good state stays.

    :param type_name: the record type
    :param error: why
    :param began: the moment, with a time zone; that of the first failure in a row is kept
    """
    known = _read([type_name]).get(type_name, {})
    code, data = "other", {"error": type(error).__name__}
    if isinstance(error, RegisterError):
        code, data = error.code, error.data
    first = known.get("failed") or began.isoformat()
    _write(type_name, {**known, "failed": first, "code": code, "data": data})


def stale(types: Iterable[RecordType], now: dt.datetime) -> list[Stale]:
    """Return the registers that lack changes; three SQL statements, however many types there are.

    :param types: record types
    :param now: the moment, with a time zone
    :returns: in the order of the types; a register that is current or was never published is none
    """
    wanted = {one.name: one for one in types if one.register}
    known = _read(wanted)
    datasets = _datasets(known)
    lacking = _first_changes([(wanted[name], one.get("checked")) for name, one in known.items()])
    found = []
    for name in (one for one in wanted if one in datasets):
        since, entry = lacking.get(name), known[name]
        if "failed" in entry:
            error = RegisterError(entry["code"], **entry["data"])
            first = since or dt.datetime.fromisoformat(entry["failed"])
            found.append(Stale(name, datasets[name], first, error))
        elif since and now - since > _patience():
            found.append(Stale(name, datasets[name], since, None))
    return found


def _patience() -> dt.timedelta:
    return _PATIENCE + _PATIENCE_DELAYS * dt.timedelta(seconds=config.registers().delay)


def _datasets(names: Iterable[str]) -> dict[str, str]:
    """Return the ids of the datasets of registers, by record type."""
    register_of = model.Package.extras[identity.REGISTER_OF].astext
    rows = model.Session.execute(
        sa.select(register_of, model.Package.id).where(
            model.Package.type == identity.DATASET_TYPE, register_of.in_(names)
        )
    )
    return dict(rows.tuples().all())


def _first_changes(
    checked_at: Iterable[tuple[RecordType, str | None]],
) -> dict[str, dt.datetime]:
    """Return when the first record changed that a register, or a name in it, lacks."""
    asked = [
        {"name": one.name, "types": one.named_types, "checked": moment}
        for one, moment in checked_at
        if moment
    ]
    rows = model.Session.execute(_FIRST_CHANGES, {"asked": json.dumps(asked)})
    return {row.name: row.since for row in rows if row.since}


def _read(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    keys = {_KEY.format(name): name for name in names}
    rows = model.Session.execute(
        sa.select(model.SystemInfo.key, model.SystemInfo.value).where(
            model.SystemInfo.key.in_(list(keys))
        )
    )
    return {keys[row.key]: json.loads(row.value) for row in rows}


def _write(type_name: str, known: dict[str, Any]) -> None:
    model.set_system_info(_KEY.format(type_name), json.dumps(known, sort_keys=True))
