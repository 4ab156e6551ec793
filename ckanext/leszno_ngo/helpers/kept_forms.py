"""What is kept of forms until it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.leszno_ngo import config
from ckanext.leszno_ngo.helpers.days import leszno_ngo_datetime
from ckanext.leszno_ngo.logic import kept_forms as store
from ckanext.leszno_ngo.logic.page_parts import RECORD_FORMS
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.views.shared import ckan_forms, form_kinds, form_secrets, kept_forms


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
    ``is_typed`` says that it shows something that is not stored; ``secrets`` names controls that
    the browser does not keep.
    """

    opening: str
    number: str
    name: str
    account: str
    secrets: str
    is_typed: bool
    filled: Unsaved | None
    unsaved: list[Unsaved]


def leszno_ngo_open_form(form: str, subject: str | None = None) -> OpenForm:
    """Return what a form has to know so that nothing typed into it is lost.

    :param form: a record type's name, or another name of ``views.shared.form_kinds``
    :param subject: the id of what it is about; nothing for a form that makes something new
    """
    subject = subject or store.NEW
    opening, kept = kept_forms.opened(form, subject)
    is_typed = bool(kept) or tk.request.method == "POST"
    others = [] if is_typed else store.kept_of(opening.account, form, subject)
    return OpenForm(
        opening.signed,
        opening.number,
        f"{form}:{subject}",
        opening.account,
        " ".join(form_secrets.controls(form)),
        is_typed,
        _unsaved(kept) if kept else None,
        [_unsaved(one) for one in others],
    )


def leszno_ngo_form_of_page() -> OpenForm | None:
    """Return the form of CKAN that the page is; ``None`` for other pages."""
    found = ckan_forms.of_page() if tk.current_user.is_authenticated else None
    return leszno_ngo_open_form(*found) if found else None


def leszno_ngo_form_of_record(page: str, record_type: RecordType) -> str:
    """Return the name of the form of a record's page, a name of ``page_parts.RECORD_FORMS``."""
    return form_kinds.of_record(page, record_type.name)


def leszno_ngo_record_forms(
    record_type: RecordType, record: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Return the forms on pages of their own that the reader may open for a public record.

    :returns: what the link says, and its address
    """
    if record["state"] != model.State.ACTIVE:
        return []
    return [
        (form.label(), tk.h.url_for(form.endpoint.format(type=record_type.name), id=record["name"]))
        for form in RECORD_FORMS.values()
        if form.label
        and form.fits(record_type)
        and tk.h.check_access(form.action, {"id": record["id"]})
    ]


def leszno_ngo_opening_control() -> str:
    """Return the name of the control by which a form says whose it is."""
    return store.CONTROL


def _unsaved(kept: store.Kept) -> Unsaved:
    form = kept.opening
    where = form_kinds.address(form, {kept_forms.FILLED: form.number})
    when = leszno_ngo_datetime(kept.at.isoformat())
    return Unsaved(form.signed, form.number, when, kept.value("title") or kept.value("name"), where)


def leszno_ngo_way_back() -> str:
    """Return the address of the form that was sent and not saved; empty for other requests."""
    return kept_forms.way_back()


def leszno_ngo_just_saved() -> list[str]:
    """Return the numbers of the forms that the account has saved of late."""
    return kept_forms.just_saved()


def leszno_ngo_days_kept() -> int:
    """Return for how many days what is typed into a form and not saved is kept."""
    return config.retention().kept_forms


def leszno_ngo_shown_values() -> str:
    """Return what a form of CKAN shows when it is opened, as its control carries it."""
    return ckan_forms.shown_values(kept_forms.FILLED_WITH.get())
