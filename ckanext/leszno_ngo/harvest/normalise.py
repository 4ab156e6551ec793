"""A raw row to a record of the catalogue, or to the reasons why it cannot be one.

What formats share is the order of things: identifiers first (a row without a right one is
refused), then every other field by itself (a wrong one is set aside and the row goes in), then
what follows from several fields. A field that the source leaves empty is not in the record. A
plugin's formats are functions as :func:`ckan` is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo import sent_json
from ckanext.leszno_ngo.harvest import values
from ckanext.leszno_ngo.harvest.model import MASKED, Incoming, RawRow, Refusal, display_text
from ckanext.leszno_ngo.harvest.sources.place import Municipality
from ckanext.leszno_ngo.harvest.values import ValueRefusedError


@dataclass(frozen=True, slots=True)
class RowSettings:
    """What a source's configuration says of its rows.

    :param state_date: the day for which the source speaks, ``yyyy-mm-dd``; None if not known.
    :param municipality: the municipality of the catalogue; None for none in particular.
    :param home: rows that name no place are of that municipality (the city's own register).
    :param mobile_phones: take mobile telephone numbers.
    :param month_first: dates in numbers are American.
    :param identity: fields of identity, strongest first.
    :param fields: fields of the record type; those that nobody has brought values of
        (:data:`.values.FIELDS`) are read as the type declares them.
    """

    state_date: str | None = None
    municipality: Municipality | None = None
    home: bool = False
    mobile_phones: bool = False
    month_first: bool = False
    identity: tuple[str, ...] = ()
    fields: tuple[values.Declared, ...] = ()


class Row:
    """A row on its way: what is taken of it so far, and what was set aside."""

    def __init__(self, row: RawRow, settings: RowSettings):
        self.number = row.number
        self.settings = settings
        self.record: dict[str, Any] = {}
        self.assumed: dict[str, Any] = {}
        self.refusals: list[Refusal] = []

    def take(self, field: str, value: str, convert: Callable[[str], Any]) -> None:
        """Put a value into the record, or set it aside with its reason."""
        if values.is_nothing(value):
            return
        try:
            converted = convert(value)
        except ValueRefusedError as error:
            self.set_aside(field, "" if error.hidden else value, error.code)
            return
        if isinstance(converted, values.MaskedText):
            self.refusals.append(masked(self.number, field, converted))
            converted = str(converted)
        if converted not in ("", []):
            self.record[field] = converted

    def set_aside(self, field: str, value: str, code: str) -> None:
        """Leave a field out, and say why."""
        self.refusals.append(
            Refusal(self.number, field, display_text(value), code, whole_row=False)
        )

    def refused(self) -> list[Refusal]:
        """Return the refusals of a row that does not go in; the first stands for the row."""
        first, *others = self.refusals
        return [self._whole(first.field, first.value, first.code), *others]

    def refused_for(self, field: str, code: str) -> list[Refusal]:
        """Return the refusals of a row that does not go in for one more reason."""
        return [self._whole(field, "", code), *self.refusals]

    def _whole(self, field: str, value: str, code: str) -> Refusal:
        # The report and the count of vanished records can still tell whose row it was.
        detail = {"key": self.key} if self.key else {}
        return Refusal(self.number, field, value, code, detail)

    @property
    def key(self) -> str:
        """The identity of the row, by its strongest identifier; ``""`` without one."""
        found = (name for name in self.settings.identity if name in self.record)
        name = next(found, "")
        return f"{name}:{self.record[name]}" if name else ""

    def incoming(self, state_date: str | None) -> Incoming:
        """Return the record.

        :param state_date: the day for which the source speaks
        """
        return Incoming(
            self.number,
            self.record,
            state_date,
            self.key,
            set_aside=tuple(self.refusals),
            assumed=self.assumed,
        )


def masked(row: int, field: str, value: values.MaskedText) -> Refusal:
    """Return what a report says of a text in which personal data was masked; the text goes in."""
    return Refusal(row, field, "", MASKED, {"kinds": list(value.kinds)}, whole_row=False)


def identify(row: Row, given: Mapping[str, str]) -> list[Refusal] | None:
    """Take the identifiers; return why the row is refused, or None when it has a right one."""
    for name in row.settings.identity:
        if name in given:
            row.take(name, given[name], values.FIELDS.get(name, values.line))
    if row.key:
        return None
    return row.refused() if row.refusals else row.refused_for("", "no_identifier")


def take_contact(row: Row, given: Mapping[str, str]) -> None:
    """Take e-mail and telephone, but no person's."""
    name = row.record.get("legal_name", "")
    row.take("email", given.get("email", ""), lambda value: values.email(value, name))
    mobile = row.settings.mobile_phones
    row.take("phone", given.get("phone", ""), lambda value: values.phone(value, mobile=mobile))


def ckan(row: RawRow, settings: RowSettings) -> Incoming | list[Refusal]:
    """Turn a record of another CKAN with this extension into a record of this one.

    Everything is checked again: the other catalogue is as foreign as a file.

    :param row: a row of :mod:`.sources.ckan`; lists are JSON.
    :param settings: ``identity``, ``fields``.
    :returns: the record, or the refusals of the row.
    """
    taken = Row(row, settings)
    given = {name: _lines(value) for name, value in row.values.items() if name != "id"}
    refused = identify(taken, given)
    if refused:
        return refused
    declared = {field.name: field for field in settings.fields}
    for name, value in given.items():
        if name in settings.identity:
            continue
        if name in values.FIELDS:
            taken.take(name, value, values.FIELDS[name])
        elif name not in ("email", "phone"):
            is_list = _is_list(row.values[name])
            taken.take(name, value, values.as_declared(declared.get(name), is_list=is_list))
    take_contact(taken, given)
    if not taken.record.get("title") and not taken.record.get("legal_name"):
        return taken.refused_for("title", "empty")
    return taken.incoming(settings.state_date)


def _is_list(value: str) -> bool:
    return value.startswith("[")


def _lines(value: str) -> str:
    """Return a list's entries one a line; any other value as it is."""
    if not _is_list(value):
        return value
    try:
        entries = sent_json.read(value)
    except ValueError:
        return value
    if not isinstance(entries, list):
        return value
    return "\n".join(" ".join(str(entry).split()) for entry in entries)
