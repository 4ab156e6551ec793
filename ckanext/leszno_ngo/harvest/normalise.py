"""A raw row to a record of the catalogue, or to the reasons why it cannot be one.

One function a format; what they share is the order of things: identifiers first (a row
without a right one is refused), then every other field by itself (a wrong one is set
aside and the row goes in), then what follows from several fields (readable name, legal
form, status, place). A field that the source leaves empty is not in the record. Spheres
are derived later, from the record as a whole (``catalogue.derived``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.leszno_ngo import legal_forms, polish, text
from ckanext.leszno_ngo.harvest import values
from ckanext.leszno_ngo.harvest.model import MASKED, Incoming, RawRow, Refusal, display_text
from ckanext.leszno_ngo.harvest.sources.place import Municipality, plain
from ckanext.leszno_ngo.harvest.values import ValueRefusedError
from ckanext.leszno_ngo.values import address_cell

_PLACE = ("teryt", "voivodeship", "county", "municipality", "town")
_ADDRESS = ("street", "building_number", "postal_code", "seat", "address")


@dataclass(frozen=True, slots=True)
class RowSettings:
    """What a source's configuration says of its rows.

    :param state_date: the day for which the source speaks, ``yyyy-mm-dd``; None if not known.
    :param tax_year: the tax year of an OPP list, four digits (art. 27a).
    :param municipality: the municipality of the catalogue; None for none in particular.
    :param home: rows that name no place are of that municipality (the city's own register).
    :param register_prefix: put before the numbers of a register, so that two registers of
        one city do not give the same number (``SZ-`` and ``KS-``).
    :param legal_form: code of the legal form of all bodies of a register; ``""`` if they differ.
    :param mobile_phones: take mobile telephone numbers.
    :param month_first: dates in numbers are American.
    :param identity: fields of identity, strongest first.
    """

    state_date: str | None = None
    tax_year: str = ""
    municipality: Municipality | None = None
    home: bool = False
    register_prefix: str = ""
    legal_form: str = ""
    mobile_phones: bool = False
    month_first: bool = False
    identity: tuple[str, ...] = ("krs", "regon", "nip", "register_number")


class _Row:
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


def _identify(row: _Row, given: Mapping[str, str]) -> list[Refusal] | None:
    """Take the identifiers; return why the row is refused, or None when it has a right one."""
    for name in row.settings.identity:
        if name in given:
            row.take(name, given[name], values.FIELDS.get(name, values.line))
    if row.key:
        return None
    return row.refused() if row.refusals else row.refused_for("", "no_identifier")


def _take_all(row: _Row, given: Mapping[str, str], fields: Iterable[str]) -> None:
    for name in fields:
        if name in given and name not in row.settings.identity:
            convert = values.FIELDS[name]
            if convert is values.day and row.settings.month_first:
                convert = values.american_day
            row.take(name, given[name], convert)


def _take_name(row: _Row, given: Mapping[str, str]) -> list[Refusal] | None:
    """Take the name; return why the row is refused without one."""
    row.take("legal_name", given.get("legal_name", ""), values.line)
    if "legal_name" in row.record:
        row.record["title"] = (
            polish.readable_name(row.record["legal_name"]) or row.record["legal_name"]
        )
        return None
    codes = [refusal.code for refusal in row.refusals if refusal.field == "legal_name"]
    row.refusals = [refusal for refusal in row.refusals if refusal.field != "legal_name"]
    return row.refused_for("legal_name", codes[0] if codes else "empty")


def _take_contact(row: _Row, given: Mapping[str, str]) -> None:
    name = row.record.get("legal_name", "")
    row.take("email", given.get("email", ""), lambda value: values.email(value, name))
    mobile = row.settings.mobile_phones
    row.take("phone", given.get("phone", ""), lambda value: values.phone(value, mobile=mobile))


def _take_address(row: _Row, given: Mapping[str, str]) -> dict[str, str]:
    """Return the row's values with the parts of an address in one cell put in their places."""
    parts: dict[str, str] = {}
    for name in ("seat", "address"):
        written = given.get(name, "")
        if values.is_nothing(written):
            continue
        try:
            parts |= address_cell.address(values.line(written))
        except ValueRefusedError as error:
            row.set_aside(name, "" if error.hidden else written, error.code)
    return parts | {name: value for name, value in given.items() if value}


def _take_place(row: _Row, given: dict[str, str]) -> None:
    """Take the seat's place; a place in the catalogue's municipality gets its TERYT.

    Of a row that names no place at all, the municipality is only assumed: any source that names
    one knows better.
    """
    _take_all(row, given, _PLACE)
    # In a village without streets the register repeats its name as the street's.
    if plain(given.get("street", "")) == plain(given.get("town", "")):
        given.pop("street", None)
    home = row.settings.municipality
    if home is None or not (home.holds(given) or _is_at_home(row, home, given)):
        return
    name = polish.readable_name(home.names[0]) if home.names[0].isupper() else home.names[0]
    found = {"teryt": home.teryt, "voivodeship": home.voivodeship, "municipality": name}
    # From 61 on a county of TERYT is a city with powiat rights.
    if home.teryt[2:4] >= "61":
        found |= {"county": name, "town": name}
    named = not all(values.is_nothing(given.get(key, "")) for key in (*_PLACE, *_ADDRESS))
    target = row.record if named else row.assumed
    for field, value in found.items():
        target.setdefault(field, value)


def _is_at_home(row: _Row, home: Municipality, given: Mapping[str, str]) -> bool:
    """Tell whether a row of the city's own register that names no unit lies in the city."""
    units = ("teryt", "voivodeship", "county")
    if not row.settings.home or any(given.get(unit) for unit in units):
        return False
    names = {plain(name) for name in home.names}
    towns = {plain(row.record[key]) for key in ("municipality", "town") if key in row.record}
    return towns <= names


def _derive_status(row: _Row) -> None:
    record = row.record
    if "status" in record:
        return
    if "removed_date" in record:
        record["status"] = "removed"
        return
    named = legal_forms.status_from_name(record["legal_name"])
    if named:
        record["status"] = named


def opp(row: RawRow, settings: RowSettings) -> Incoming | list[Refusal]:
    """Turn a row of the OPP list into a record.

    :param row: a row of :mod:`.sources.opp_list`.
    :param settings: ``tax_year`` is the year for which the list gives the right to 1.5 %.
    :returns: the record (``opp`` is true: only such bodies are on the list, art. 27a), or
        the refusals of the row: the first stands for the row, the others
        (``whole_row`` false) tell what else was wrong with it.
    """
    taken = _Row(row, settings)
    refused = _identify(taken, row.values) or _take_name(taken, row.values)
    if refused:
        return refused
    given = _take_address(taken, row.values)
    _take_place(taken, given)
    taken.record["opp"] = True
    if settings.tax_year:
        taken.record["opp_tax_years"] = [settings.tax_year]
    _derive_form(taken, "")
    _derive_status(taken)
    return taken.incoming(settings.state_date)


def _derive_form(row: _Row, form: str) -> None:
    """Put in the legal form: what the source says, else what the name tells."""
    name = row.record["legal_name"]
    code = legal_forms.derive(form or None, name)
    if form and legal_forms.from_krs(form, name) is None:
        row.set_aside("legal_form", form, "legal_form")
    if code:
        row.record["legal_form"] = code


_REGISTER_FIELDS = (
    "status",
    "registered_date",
    "removed_date",
    "last_entry_date",
    "opp",
    "street",
    "building_number",
    "flat_number",
    "postal_code",
    "post_office",
    "website",
    "edelivery_address",
    "aims",
    "pkd_paid",
    "pkd_unpaid",
    "pkd_business",
)


def register(row: RawRow, settings: RowSettings) -> Incoming | list[Refusal]:
    """Turn a row of a city's register into a record.

    :param row: a row of :mod:`.sources.register_file`.
    :param settings: ``register_prefix``, ``legal_form``, ``home``, ``mobile_phones``.
    :returns: the record, or the refusals of the row.
    """
    taken = _Row(row, settings)
    given = dict(row.values)
    number = given.get("register_number", "")
    if settings.register_prefix and not values.is_nothing(number):
        given["register_number"] = settings.register_prefix + number
    refused = _identify(taken, given) or _take_name(taken, given)
    if refused:
        return refused
    given = _take_address(taken, given)
    _take_place(taken, given)
    _take_all(taken, given, _REGISTER_FIELDS)
    _take_contact(taken, given)
    if settings.legal_form:
        taken.record["legal_form"] = settings.legal_form
    else:
        form = given.get("legal_form", "")
        _derive_form(taken, "" if values.is_nothing(form) else text.clean(form, values.MAX_LINE))
    _derive_status(taken)
    return taken.incoming(settings.state_date)


def krs(row: RawRow, settings: RowSettings) -> Incoming | list[Refusal]:
    """Turn what the court register says of a body into a record.

    :param row: a row of :mod:`.sources.krs`; of a body removed from the register it has only
        the number and the status.
    :param settings: ``municipality``.
    :returns: the record, or the refusals of the row, as of :func:`opp`. The day for which
        it speaks is the extract's own (``stanZDnia``).
    """
    taken = _Row(row, settings)
    given = dict(row.values)
    refused = _identify(taken, given)
    if refused:
        return refused
    if given.get("status") == "removed":
        taken.record["status"] = "removed"
        return taken.incoming(settings.state_date)
    refused = _take_name(taken, given)
    if refused:
        return refused
    _take_place(taken, given)
    _take_all(taken, given, _REGISTER_FIELDS)
    _take_contact(taken, given)
    _derive_form(taken, text.clean(given.get("legal_form", ""), values.MAX_LINE))
    return taken.incoming(_state_date(taken, given))


def _state_date(row: _Row, given: Mapping[str, str]) -> str | None:
    row.take("state_date", given.get("state_date", ""), values.day)
    return row.record.pop("state_date", None) or row.settings.state_date


def ckan(row: RawRow, settings: RowSettings) -> Incoming | list[Refusal]:
    """Turn a record of another CKAN with this extension into a record of this one.

    Everything is checked again: the other catalogue is as foreign as a file.

    :param row: a row of :mod:`.sources.ckan`; lists are JSON.
    :param settings: ``identity``.
    :returns: the record, or the refusals of the row.
    """
    taken = _Row(row, settings)
    given = {name: _lines(value) for name, value in row.values.items() if name != "id"}
    refused = _identify(taken, given)
    if refused:
        return refused
    for name, value in given.items():
        if name in settings.identity:
            continue
        if name in values.FIELDS:
            taken.take(name, value, values.FIELDS[name])
        elif name not in ("email", "phone"):
            taken.take(name, value, _listed(row.values[name]))
    _take_contact(taken, given)
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
        entries = json.loads(value)
    except ValueError:
        return value
    if not isinstance(entries, list):
        return value
    return "\n".join(" ".join(str(entry).split()) for entry in entries)


def _listed(value: str) -> Callable[[str], Any]:
    """Return how a field that this module does not know is read: as it came, list or text."""
    if not _is_list(value):
        return values.long_text
    return lambda written: [values.line(entry) for entry in written.splitlines()]
