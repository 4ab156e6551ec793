"""A form makes one record, however often it is sent.

Each opened form has a key of its own. The record made keeps it (in CKAN's ``plugin_data``, written
with the record in one transaction), so that the second sending finds it, at once or a day later.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

import sqlalchemy as sa
from ckan import model

#: Name of the control that carries the key.
CONTROL = "form_key"

_CONTEXT = "leszno_ngo_form_key"
_KEPT = "leszno_ngo_form"
_KEY = re.compile(r"[0-9a-f]{32}")


class AlreadyMade(Exception):  # noqa: N818 (it says what became of the form)
    """The form has made its record before.

    :param record_id: id of that record
    """

    def __init__(self, record_id: str) -> None:
        super().__init__(record_id)
        self.record_id = record_id


def new_key() -> str:
    """Return the key of a form that is being opened."""
    return uuid.uuid4().hex


def part_id(record_id: str, key: str | None, *content: str) -> str | None:
    """Return the id of a part (a document) that a form adds to a record: the same for the same.

    :param record_id: the record
    :param key: as the form sends it
    :param content: what the form says of the part; another content is another part
    :returns: the id, ``None`` for what is no key
    """
    if not key or not _KEY.fullmatch(key):
        return None
    told = "\0".join((key, *content))
    return str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_OID, record_id), told))


def say_key(context: Any, key: str | None) -> None:
    """Tell ``package_create`` which form asks.

    :param context: of the action
    :param key: as the form sends it; what is no key is left out
    """
    if key and _KEY.fullmatch(key):
        context[_CONTEXT] = key


def refuse_again(context: Any) -> None:
    """Raise where the form that asks has made its record; called under the writers' lock.

    :raises AlreadyMade: with that record
    """
    key = context.get(_CONTEXT)
    user = model.User.get(context.get("user")) if key else None
    if not key or user is None:
        return
    table = model.package_table
    query = sa.select(table.c.id).where(
        table.c.plugin_data[_KEPT].astext == key, table.c.creator_user_id == user.id
    )
    found = model.Session.scalars(query).first()
    if found:
        raise AlreadyMade(found)


def keep_key(context: Any, record_id: str) -> None:
    """Note the form's key with the record it makes, in the transaction that makes it.

    :param record_id: id of the new record
    """
    key = context.get(_CONTEXT)
    package = model.Package.get(record_id) if key else None
    if package is not None:
        package.plugin_data = {**(package.plugin_data or {}), _KEPT: key}  # type: ignore[assignment]
