"""Versions of one record side by side: what a page shows of each field, and what is taken of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import merging
from ckanext.leszno_ngo.record_types import Field, RecordType

#: Name of the control by which a person chooses between two values of a field.
CHOICE = "choice-"
MINE, THEIRS = "mine", "theirs"
STATE = "state"


@dataclass(frozen=True)
class Shown:
    """A value as a page shows it.

    :param value: as ``package_show`` gives it; ``None`` for nothing
    :param field: the field's declaration, by whose ``display`` it is shown; ``None`` where the
        value is shown as the text it is
    """

    value: Any
    field: Field | None = None


@dataclass(frozen=True)
class Row:
    """A field in which versions of a record differ.

    :param name: the field's name
    :param label: what people call it (a text in both languages, or in the page's)
    :param base: the value both were made from, ``None`` where that version is not known
    :param by: who changed it (``merging.By``)
    """

    name: str
    label: Any
    base: Shown | None
    mine: Shown
    theirs: Shown
    by: str

    @property
    def proposed(self) -> str:
        """The value taken unless the person says otherwise; ``""`` where they have to say it."""
        return "" if self.by == "both" else self.by


def fields(package_type: str) -> list[str]:
    """Return the names of what the form of a type sends, in its order, and ``state``."""
    return [*_labels(package_type), STATE]


def rows(
    package_type: str,
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    base: Mapping[str, Any] | None = None,
    *,
    refused: Iterable[str] = (),
    names: Iterable[str] | None = None,
) -> list[Row]:
    """Return what a page shows of two versions of a record.

    :param mine: as a person sends it, brought to what would be kept
    :param theirs: as it is stored
    :param base: the version both were made from
    :param refused: fields whose value in ``mine`` is wrong: it is shown as it was typed
    :param names: the fields compared; those of the type's form where none are given
    """
    labels = {**_labels(package_type), STATE: tk._("State")}
    record_type = record_types.get(package_type)
    return rows_of(labels, mine, theirs, base, record_type, refused=refused, names=names)


def rows_of(
    labels: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    base: Mapping[str, Any] | None = None,
    record_type: RecordType | None = None,
    *,
    refused: Iterable[str] = (),
    names: Iterable[str] | None = None,
) -> list[Row]:
    """Return what a page shows of two versions of anything that has a form.

    :param labels: the fields compared, and what people call them
    :param record_type: by which values are shown; as the texts they are where none is given

    Other parameters as of :func:`rows`.
    """
    wrong = set(refused)
    found = merging.differences(names or list(labels), mine, theirs, base)
    return [
        Row(
            one.field,
            labels.get(one.field, one.field),
            None if base is None else _shown(record_type, one.field, one.base),
            _shown(None if one.field in wrong else record_type, one.field, one.mine),
            _shown(record_type, one.field, one.theirs),
            one.by,
        )
        for one in found
    ]


def _labels(package_type: str) -> dict[str, Any]:
    schema = tk.h.scheming_get_dataset_schema(package_type)
    if not schema:
        return _of_a_source()
    return {
        field["field_name"]: field.get("label") or field["field_name"]
        for field in schema["dataset_fields"]
        if field.get("form_snippet", "") is not None
    }


def _of_a_source() -> dict[str, str]:
    """The form of a harvest source, which has no schema of ckanext-scheming."""
    return {
        "title": tk._("Name of the source"),
        "url": tk._("Web address"),
        "source_type": tk._("What kind of source it is"),
        "frequency": tk._("Update frequency"),
        "owner_org": tk._("Organization"),
        "config": tk._("Options"),
        "notes": tk._("Description"),
        "name": tk._("Page address"),
    }


def _shown(record_type: RecordType | None, name: str, value: Any) -> Shown:
    value = merging.loaded(value)
    if merging.plain(value) == "":
        return Shown(None)
    if name == STATE:
        return Shown(_states().get(str(value), value))
    known = {field.name: field for field in record_type.fields} if record_type else {}
    field = known.get(name)
    if field is None:
        return Shown(_text(value))
    if field.index in {"amount", "number"} and isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return Shown(value)
    return Shown(value, field)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(_text(one) for one in value.values() if one)
    return "\n".join(map(_text, value)) if isinstance(value, list) else str(value)


def _states() -> dict[str, str]:
    return {
        "active": tk._("Published"),
        "draft": tk._("Draft"),
        "deleted": tk._("In the bin"),
    }


# ------------------------------------------------------------------ what is taken
def chosen(form: Mapping[str, Any]) -> dict[str, str]:
    """Return what a person chose: field → :data:`MINE` or :data:`THEIRS`."""
    return {
        name.removeprefix(CHOICE): value
        for name, value in form.items()
        if name.startswith(CHOICE) and value in (MINE, THEIRS)
    }


def taken(
    sent: Mapping[str, Any], stored: Mapping[str, Any], choices: Mapping[str, str]
) -> dict[str, Any]:
    """Put stored values in the place of those sent, where a person chose them.

    :param sent: what a form sends, rows of tables by the names of their controls
    :param stored: the record as ``package_show`` gives it
    :param choices: of :func:`chosen`
    """
    result = {name: value for name, value in sent.items() if not name.startswith(CHOICE)}
    for name, side in choices.items():
        if side == THEIRS:
            cell = re.compile(rf"{re.escape(name)}-\d+-.+")
            result = {n: v for n, v in result.items() if n != name and not cell.fullmatch(n)}
            result[name] = stored.get(name)
    return result
