"""A raw row of a register of organisations to a record, or to the reasons why it cannot be one.

One function a format; what they share with other sources is ``harvest.normalise``: identifiers
first, then every other field by itself, then what follows from several fields (readable name,
legal form, status, place). Spheres are derived later, from the record as a whole
(``catalogue.derived``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ckanext.leszno_ngo import polish, text
from ckanext.leszno_ngo.cooperation import legal_forms
from ckanext.leszno_ngo.harvest import values
from ckanext.leszno_ngo.harvest.model import Incoming, RawRow, Refusal
from ckanext.leszno_ngo.harvest.normalise import Row, RowSettings, identify, take_contact
from ckanext.leszno_ngo.harvest.sources.place import Municipality, plain
from ckanext.leszno_ngo.harvest.values import ValueRefusedError
from ckanext.leszno_ngo.values import address_cell


@dataclass(frozen=True, slots=True)
class BodySettings(RowSettings):
    """What a source's configuration says of its bodies.

    :param tax_year: the tax year of an OPP list, four digits (art. 27a).
    :param register_prefix: put before the numbers of a register, so that two registers of
        one city do not give the same number (``SZ-`` and ``KS-``).
    :param legal_form: code of the legal form of all bodies of a register; ``""`` if they differ.
    """

    tax_year: str = ""
    register_prefix: str = ""
    legal_form: str = ""
    identity: tuple[str, ...] = ("krs", "regon", "nip", "register_number")


_PLACE = ("teryt", "voivodeship", "county", "municipality", "town")
_ADDRESS = ("street", "building_number", "postal_code", "seat", "address")


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


def opp(row: RawRow, settings: BodySettings) -> Incoming | list[Refusal]:
    """Turn a row of the OPP list into a record.

    :param row: a row of :mod:`.sources.opp_list`.
    :param settings: ``tax_year`` is the year for which the list gives the right to 1.5 %.
    :returns: the record (``opp`` is true: only such bodies are on the list, art. 27a), or
        the refusals of the row: the first stands for the row, the others
        (``whole_row`` false) tell what else was wrong with it.
    """
    taken = Row(row, settings)
    refused = identify(taken, row.values) or _take_name(taken, row.values)
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


def register(row: RawRow, settings: BodySettings) -> Incoming | list[Refusal]:
    """Turn a row of a city's register into a record.

    :param row: a row of :mod:`.sources.register_file`.
    :param settings: ``register_prefix``, ``legal_form``, ``home``, ``mobile_phones``.
    :returns: the record, or the refusals of the row.
    """
    taken = Row(row, settings)
    given = dict(row.values)
    number = given.get("register_number", "")
    if settings.register_prefix and not values.is_nothing(number):
        given["register_number"] = settings.register_prefix + number
    refused = identify(taken, given) or _take_name(taken, given)
    if refused:
        return refused
    given = _take_address(taken, given)
    _take_place(taken, given)
    _take_all(taken, given, _REGISTER_FIELDS)
    take_contact(taken, given)
    if settings.legal_form:
        taken.record["legal_form"] = settings.legal_form
    else:
        form = given.get("legal_form", "")
        _derive_form(taken, "" if values.is_nothing(form) else text.clean(form, values.MAX_LINE))
    _derive_status(taken)
    return taken.incoming(settings.state_date)


def krs(row: RawRow, settings: BodySettings) -> Incoming | list[Refusal]:
    """Turn what the court register says of a body into a record.

    :param row: a row of :mod:`.sources.krs`; of a body removed from the register it has only
        the number and the status.
    :param settings: ``municipality``.
    :returns: the record, or the refusals of the row, as of :func:`opp`. The day for which
        it speaks is the extract's own (``stanZDnia``).
    """
    taken = Row(row, settings)
    given = dict(row.values)
    refused = identify(taken, given)
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
    take_contact(taken, given)
    _derive_form(taken, text.clean(given.get("legal_form", ""), values.MAX_LINE))
    return taken.incoming(_state_date(taken, given))


def _state_date(row: Row, given: Mapping[str, str]) -> str | None:
    row.take("state_date", given.get("state_date", ""), values.day)
    return row.record.pop("state_date", None) or row.settings.state_date


def _take_name(row: Row, given: Mapping[str, str]) -> list[Refusal] | None:
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


def _take_all(row: Row, given: Mapping[str, str], fields: Iterable[str]) -> None:
    for name in fields:
        if name in given and name not in row.settings.identity:
            convert = values.FIELDS[name]
            if convert is values.day and row.settings.month_first:
                convert = values.american_day
            row.take(name, given[name], convert)


def _take_address(row: Row, given: Mapping[str, str]) -> dict[str, str]:
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


def _take_place(row: Row, given: dict[str, str]) -> None:
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


def _is_at_home(row: Row, home: Municipality, given: Mapping[str, str]) -> bool:
    """Tell whether a row of the city's own register that names no unit lies in the city."""
    units = ("teryt", "voivodeship", "county")
    if not row.settings.home or any(given.get(unit) for unit in units):
        return False
    names = {plain(name) for name in home.names}
    towns = {plain(row.record[key]) for key in ("municipality", "town") if key in row.record}
    return towns <= names


def _derive_status(row: Row) -> None:
    record = row.record
    if "status" in record:
        return
    if "removed_date" in record:
        record["status"] = "removed"
        return
    named = legal_forms.status_from_name(record["legal_name"])
    if named:
        record["status"] = named


def _derive_form(row: Row, form: str) -> None:
    """Put in the legal form: what the source says, else what the name tells."""
    name = row.record["legal_name"]
    code = legal_forms.derive(form or None, name)
    if form and legal_forms.from_krs(form, name) is None:
        row.set_aside("legal_form", form, "legal_form")
    if code:
        row.record["legal_form"] = code
