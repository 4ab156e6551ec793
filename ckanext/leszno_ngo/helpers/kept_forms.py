"""What is kept of forms until it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.helpers.days import leszno_ngo_datetime
from ckanext.leszno_ngo.logic import kept_forms as store
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.views import kept_forms


@dataclass(frozen=True)
class Unsaved:
    """A text that is kept: ``opening`` is what its form says of itself, ``when`` for people."""

    opening: str
    number: str
    when: str
    title: str
    address: str


@dataclass(frozen=True)
class OpenForm:
    """A form that is being shown.

    ``filled`` is the kept text that is in it, ``unsaved`` are others of the same form;
    ``is_typed`` says that it shows something that is not stored.
    """

    opening: str
    number: str
    name: str
    account: str
    is_typed: bool
    filled: Unsaved | None
    unsaved: list[Unsaved]


def leszno_ngo_open_form(record_type: RecordType, record: Mapping[str, Any] | None) -> OpenForm:
    """Return what a form has to know so that nothing typed into it is lost.

    :param record: the stored record; ``None`` for a new one
    """
    id_ = record["id"] if record else store.NEW
    form, kept = kept_forms.opened(record_type.name, id_)
    is_typed = bool(kept) or tk.request.method == "POST"
    others = [] if is_typed else store.kept_of(form.account, record_type.name, id_)
    return OpenForm(
        form.signed,
        form.number,
        f"{record_type.name}:{id_}",
        form.account,
        is_typed,
        _unsaved(kept) if kept else None,
        [_unsaved(one) for one in others],
    )


def leszno_ngo_opening_control() -> str:
    """Return the name of the control by which a form says whose it is."""
    return store.CONTROL


def _unsaved(kept: store.Kept) -> Unsaved:
    form = kept.opening
    where = kept_forms.address(form, {kept_forms.FILLED: form.number})
    when = leszno_ngo_datetime(kept.at.isoformat())
    return Unsaved(form.signed, form.number, when, kept.value("title"), where)


def leszno_ngo_way_back() -> str:
    """Return the address of the form that was sent and not saved; empty for other requests."""
    return kept_forms.way_back()


def leszno_ngo_just_saved() -> list[str]:
    """Return the numbers of the forms saved since the last page."""
    return kept_forms.just_saved()
