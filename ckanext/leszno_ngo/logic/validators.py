"""Validators of the record types' fields (named in ``schemas/*.yaml``).

Messages name what is wrong and what to do, in the reader's language. Validators that need the
field's declaration are scheming validators: they take ``(field, schema)`` and return the validator.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from ckanext.scheming.validation import scheming_validator
from flask import has_request_context

from ckanext.leszno_ngo import (
    bounds,
    identifiers,
    personal_data,
    polish,
    sent_json,
    text,
    values,
)
from ckanext.leszno_ngo.catalogue import addresses, identity, links, page_names
from ckanext.leszno_ngo.logic import flattened
from ckanext.leszno_ngo.logic.publishing import leszno_ngo_may_be_draft, leszno_ngo_publishing
from ckanext.leszno_ngo.logic.record_validators import (
    leszno_ngo_checks,
    leszno_ngo_datetime,
    leszno_ngo_datetime_end,
    leszno_ngo_decimal,
    leszno_ngo_link,
    leszno_ngo_link_list,
    leszno_ngo_money,
    leszno_ngo_no_blank_rows,
    leszno_ngo_number,
    leszno_ngo_percent,
    leszno_ngo_same_day,
    leszno_ngo_year,
)
from ckanext.leszno_ngo.logic.stored_values import leszno_ngo_as_sent, leszno_ngo_stored_values
from ckanext.leszno_ngo.logic.value_messages import (
    brought_to_form,
    require_plain,
    too_long,
)
from ckanext.leszno_ngo.request_state import once_a_request

_MAX_LIST = 200

__all__ = [
    "leszno_ngo_any_identifier",
    "leszno_ngo_as_sent",
    "leszno_ngo_both_coordinates",
    "leszno_ngo_building_number",
    "leszno_ngo_checks",
    "leszno_ngo_county",
    "leszno_ngo_date",
    "leszno_ngo_datetime",
    "leszno_ngo_datetime_end",
    "leszno_ngo_decimal",
    "leszno_ngo_district",
    "leszno_ngo_edelivery_address",
    "leszno_ngo_email",
    "leszno_ngo_flag",
    "leszno_ngo_flag_output",
    "leszno_ngo_followable",
    "leszno_ngo_if_empty_first_of",
    "leszno_ngo_json_output",
    "leszno_ngo_krs",
    "leszno_ngo_latitude",
    "leszno_ngo_link",
    "leszno_ngo_link_list",
    "leszno_ngo_list",
    "leszno_ngo_long_text",
    "leszno_ngo_longitude",
    "leszno_ngo_may_be_draft",
    "leszno_ngo_money",
    "leszno_ngo_nip",
    "leszno_ngo_no_blank_rows",
    "leszno_ngo_no_personal_data",
    "leszno_ngo_number",
    "leszno_ngo_number_output",
    "leszno_ngo_page_address",
    "leszno_ngo_percent",
    "leszno_ngo_phone",
    "leszno_ngo_pkd_list",
    "leszno_ngo_place_name",
    "leszno_ngo_postal_code",
    "leszno_ngo_provenance",
    "leszno_ngo_publishing",
    "leszno_ngo_regon",
    "leszno_ngo_same_day",
    "leszno_ngo_stored_values",
    "leszno_ngo_street",
    "leszno_ngo_teryt",
    "leszno_ngo_text",
    "leszno_ngo_unique",
    "leszno_ngo_web_address",
    "leszno_ngo_web_address_list",
    "leszno_ngo_year",
    "leszno_ngo_year_list",
]


# ---------------------------------------------------------------------------------- texts
def leszno_ngo_text(value: Any) -> str:
    """Clean a line of text: no control characters or surplus white space; HTML is refused."""
    return _cleaned(value, bounds.NAME)


def leszno_ngo_long_text(value: Any) -> str:
    """Clean a longer text; line breaks stay."""
    return _cleaned(value, bounds.TEXT, lines=True)


def _cleaned(value: Any, limit: int, lines: bool = False) -> str:
    if not isinstance(value, str):
        raise tk.Invalid(tk._("Give a text here"))
    require_plain(value, limit)
    cleaned = text.clean(value, limit, lines=lines)
    if value.strip() and not cleaned:
        raise tk.Invalid(tk._("This text has no character that is seen. Type it again"))
    return cleaned


def leszno_ngo_if_empty_first_of(*fields: str) -> Callable[..., None]:
    """Take the first of other fields that has a value, where this one has none.

    CKAN's ``if_empty_same_as`` fails with a ``KeyError`` when the other field was left out.
    """

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        if data.get(key) and data[key] is not tk.missing:
            return
        values = (data.get((*key[:-1], field)) for field in fields)
        data[key] = next((v for v in values if v and v is not tk.missing), "")

    return validator


def leszno_ngo_no_personal_data(value: str) -> str:
    """Refuse a text with a PESEL number: personal data must never be published (GDPR art. 5)."""
    if isinstance(value, str) and any(f.kind == "pesel" for f in personal_data.find(value)):
        raise tk.Invalid(
            tk._("There is a PESEL number in this text. Remove it: personal data is not published")
        )
    return value


def leszno_ngo_page_address(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Make the end of the page's address where none is given.

    A stored record keeps the one it has; a new one gets its title's, with a number behind it when
    another record has that.
    """
    value = data.get(key)
    if value and value is not tk.missing:
        return
    package = context.get("package")
    data[key] = package.name if package else free_address(_title(data))


def _title(data: FlattenDataDict) -> str:
    values = (data.get((name,)) for name in ("title", "legal_name"))
    return next((value for value in values if isinstance(value, str) and value), "")


def free_address(title: str) -> str:
    """Return the end of a page's address that no record has.

    :param title: what it is made of; a number is put behind it where it is taken
    """
    wanted = polish.slug(title)
    if len(wanted) < 2:  # CKAN's least
        wanted = f"wpis-{wanted}".rstrip("-")
    names = page_names.candidates(wanted)
    return next(name for name in names if not model.Package.get(name))


# ---------------------------------------------------------------------------------- identifiers
def leszno_ngo_krs(value: str) -> str:
    """Bring a KRS number to 10 digits; leading zeros are restored."""
    return _identifier(identifiers.normalise_krs, value, lambda: tk._("a KRS number"), "0000031247")


def leszno_ngo_nip(value: str) -> str:
    """Bring a NIP to 10 digits and check its control digit."""
    return _identifier(identifiers.normalise_nip, value, lambda: tk._("a NIP"), "6970020756")


def leszno_ngo_regon(value: str) -> str:
    """Bring a REGON to 9 or 14 digits and check its control digits."""
    return _identifier(identifiers.normalise_regon, value, lambda: tk._("a REGON"), "000660995")


def leszno_ngo_teryt(value: str) -> str:
    """Bring a TERYT identifier of a municipality to 7 digits."""
    return _identifier(
        identifiers.normalise_teryt, value, lambda: tk._("a TERYT identifier"), "3063011"
    )


def _identifier(
    normalise: Callable[[str], str], value: Any, what: Callable[[], str], example: str
) -> str:
    if not isinstance(value, str):
        value = str(value)
    try:
        return normalise(value)
    except identifiers.IdentifierError as error:
        reasons = {
            "checksum": tk._("its control digit does not fit, so a digit is mistyped"),
            "length": tk._("it has too many or too few digits"),
            "characters": tk._("it has characters other than digits"),
        }
        reason = reasons.get(error.code, tk._("it is empty"))
        raise tk.Invalid(
            tk._("This is not %(what)s: %(reason)s. Example of a right one: %(example)s")
            % {"what": what(), "reason": reason, "example": example}
        ) from error


@scheming_validator
def leszno_ngo_unique(field: dict[str, Any], schema: dict[str, Any]) -> Callable[..., None]:
    """Refuse an identifier that another active record of the type has, naming that record.

    A record that is not public holds its numbers in its own department alone: else a department
    could keep others from publishing theirs, and none of them would see why.

    A bulk writer passes ``context["leszno_ngo_identity"]`` (an ``IdentityIndex``) so that no
    query is made per record.
    """
    record_type = schema["dataset_type"]
    name = field["field_name"]

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        value = data.get(key)
        if not value or value is tk.missing or errors.get(key):
            return
        index = context.get("leszno_ngo_identity")
        if index is None:
            identity.lock()
            index = identity.DatabaseIdentity()
        own = _own_id(data, context)
        others = [one for one in index.owners(record_type, name, value) if one.id != own]
        taken = [one for one in others if one.is_public or _is_of_department(one, data, context)]
        if taken:
            errors[key].append(_taken_by(taken, record_type, context))
        elif others:
            _say_hidden()

    return validator


@once_a_request
def _say_hidden() -> None:
    """Tell the official at a form that a hidden record has the number, once; not which one it is.

    A harvest and the API have nobody who reads it.
    """
    if not has_request_context() or tk.request.path.startswith("/api/"):
        return
    said = tk._(
        "An entry of another department that is not public has the same number. This one can "
        "be published, that one then cannot. Ask the administrator of the catalogue whether "
        "both are needed"
    )
    tk.h.flash_notice(said)


def _is_of_department(other: identity.Owner, data: FlattenDataDict, context: Context) -> bool:
    """Whether a record is of the department whose record is being written."""
    package, given = context.get("package"), data.get(("owner_org",))
    if not given or given is tk.missing:
        given = package.owner_org if package else None
    if other.department == given:
        return True
    unit = model.Group.get(given) if isinstance(given, str) else None
    return unit is not None and unit.id == other.department


def _taken_by(others: Sequence[identity.Owner], record_type: str, context: Context) -> str:
    """Name the record that has an identifier, if the writer may know of it."""
    for other in others:
        if other.is_public or links.may_see(context, other.id):
            text = tk._("%(title)s has this number already: /%(type)s/%(name)s. Edit that record")
            return text % {"title": other.title, "type": record_type, "name": other.name}
    return tk._("An entry of this department that you may not see has this number already")


def _own_id(data: FlattenDataDict, context: Context) -> str | None:
    package = context.get("package")
    return package.id if package else data.get(("id",))


@scheming_validator
def leszno_ngo_any_identifier(
    _field: dict[str, Any] | None, schema: dict[str, Any]
) -> Callable[..., None]:
    """Demand at least one identifier (the fields of ``record_type.identity``)."""
    fields = schema["record_type"]["identity"]

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        values = [flattened.value(data, field) for field in fields]
        if not any(values) and not any(errors.get((field,)) for field in fields):
            errors.setdefault((fields[0],), []).append(
                tk._("Give at least one number: KRS, REGON, NIP or the city's own register number")
            )

    return validator


# ---------------------------------------------------------------------------------- kinds of value
def leszno_ngo_date(value: Any) -> str:
    """Bring a date (ISO, ``dd.mm.yyyy`` and other Polish spellings) to ``yyyy-mm-dd``."""
    return brought_to_form("day", str(value))


def leszno_ngo_flag(value: Any) -> str:
    """Bring yes/no in any spelling to ``true``/``false``; a missing value is ``false``."""
    if value is tk.missing or value is None or not str(value).strip():
        return "false"
    return "true" if brought_to_form("flag", str(value)) else "false"


def leszno_ngo_flag_output(value: Any) -> bool:
    """Give a stored flag out as JSON's ``true`` or ``false``."""
    return str(value).lower() == "true"


def leszno_ngo_list(value: Any) -> str:
    """Store a list of strings as JSON.

    Accepts a list, the JSON of one, or lines of text (what the form sends). Empty entries and
    repeated ones are dropped, the order stays; an entry is a line of text.
    """
    if isinstance(value, str) and len(value) > bounds.LISTED:
        raise tk.Invalid(too_long(len(value), bounds.LISTED))
    entries = [_cleaned(str(entry), bounds.NAME) for entry in _entries(value)]
    unique = list(dict.fromkeys(entry for entry in entries if entry))
    if len(unique) > _MAX_LIST:
        raise tk.Invalid(
            tk._("There are %(count)d entries, the most is %(limit)d")
            % {"count": len(unique), "limit": _MAX_LIST}
        )
    return json.dumps(unique, ensure_ascii=False)


def _entries(value: Any) -> list[Any]:
    if value is tk.missing or value is None:
        return []
    if isinstance(value, (list, tuple)):
        return list(value)
    if isinstance(value, str) and value.lstrip().startswith("["):
        with suppress(ValueError):
            return sent_json.listed(value)
    return str(value).splitlines()


def _checked_list(value: str, check: Callable[[str], str]) -> str:
    return json.dumps([check(entry) for entry in _texts_of(value)], ensure_ascii=False)


def _texts_of(value: Any) -> list[str]:
    """Read what :func:`leszno_ngo_list` has made; where it has refused the value, that is said.

    CKAN goes on with the next validator of the field then.
    """
    try:
        entries = sent_json.listed(value)
    except ValueError as error:
        raise tk.StopOnError from error
    if len(entries) > _MAX_LIST or not all(isinstance(entry, str) for entry in entries):
        raise tk.StopOnError
    return entries


def leszno_ngo_json_output(value: Any) -> Any:
    """Give stored JSON out as what it is."""
    return json.loads(value) if isinstance(value, str) and value else value


def leszno_ngo_year_list(value: str) -> str:
    """Check a list of years (JSON from :func:`leszno_ngo_list`)."""
    message = tk._('"%s" is not a year. Write four digits, one year a line')
    return _list_of("years", value, message)


def leszno_ngo_pkd_list(value: str) -> str:
    """Check a list of PKD codes; ``9499Z`` becomes ``94.99.Z`` (PKD 2007, PKD 2025).

    A division (``86``), group (``86.9``) or class (``86.90``) alone is a code, too: the register of
    courts has such entries.
    """
    message = tk._('"%s" is not a PKD code. Write one code a line, for example 94.99.Z')
    return _list_of("pkd", value, message)


def _list_of(kind: str, value: str, message: str) -> str:
    """Bring the entries of a list to their form; a wrong one is named."""
    entries = _texts_of(value)
    for entry in entries:
        _refuse_wrong(kind, entry, message)
    found = values.KINDS[kind]("\n".join(entries)) if entries else []
    return json.dumps(found, ensure_ascii=False)


def _refuse_wrong(kind: str, entry: str, message: str) -> None:
    try:
        values.KINDS[kind](entry)
    except values.ValueRefusedError as error:
        raise tk.Invalid(message % entry) from error


def leszno_ngo_web_address(value: str) -> str:
    """Check an address of a web page; ``https://`` is put before one that has no scheme."""
    return brought_to_form("web_address", value)


def leszno_ngo_email(value: str) -> str:
    """Check an e-mail address and bring it to small letters."""
    return brought_to_form("email", value)


def leszno_ngo_edelivery_address(value: str) -> str:
    """Check an address of the state's base of electronic addresses (e-Doręczenia)."""
    return brought_to_form("edelivery_address", value)


def leszno_ngo_followable(value: Any) -> Any:
    """Check an address that may be anything that does no harm (``catalogue.addresses``).

    The file name of an upload and an address without a scheme pass, as CKAN has them.
    """
    message = addresses.fault(value) if isinstance(value, str) else ""
    if message:
        raise tk.Invalid(message)
    return value


def leszno_ngo_web_address_list(value: str) -> str:
    """Check a list of addresses of web pages (JSON from :func:`leszno_ngo_list`)."""
    return _checked_list(value, leszno_ngo_web_address)


def leszno_ngo_phone(value: str) -> str:
    """Check telephone numbers and bring them to the international spelling (ITU-T E.123)."""
    return brought_to_form("phone", value)


def leszno_ngo_postal_code(value: str) -> str:
    """Bring a Polish postal code to ``NN-NNN``."""
    return brought_to_form("postal_code", value)


def leszno_ngo_building_number(value: str) -> str:
    """Bring a number of a house or flat to its short spelling: ``772B``."""
    return brought_to_form("building_number", value)


def leszno_ngo_street(value: str) -> str:
    """Bring a street's name in capitals to the usual letters."""
    return brought_to_form("street", value)


def leszno_ngo_place_name(value: str) -> str:
    """Bring a town's name in capitals to the usual letters."""
    return brought_to_form("place_name", value)


def leszno_ngo_district(value: str) -> str:
    """Bring a district's name in capitals to the usual letters."""
    return brought_to_form("district", value)


def leszno_ngo_county(value: str) -> str:
    """Bring a county's name to its usual letters, without the word "powiat"."""
    return brought_to_form("county", value)


def leszno_ngo_latitude(value: Any) -> str:
    """Check a latitude inside Poland (degrees, WGS 84)."""
    return brought_to_form("latitude", str(value))


def leszno_ngo_longitude(value: Any) -> str:
    """Check a longitude inside Poland (degrees, WGS 84)."""
    return brought_to_form("longitude", str(value))


def leszno_ngo_number_output(value: Any) -> float | str | None:
    """Give a stored number out as JSON's number, and what is none as it is stored."""
    try:
        return float(value) if value not in (None, "") else None
    except ValueError:
        return value


# ---------------------------------------------------------------------------------- whole record
@scheming_validator
def leszno_ngo_both_coordinates(
    _field: dict[str, Any] | None, schema: dict[str, Any]
) -> Callable[..., None]:
    """Demand both coordinates or none (the fields of ``record_type.place``)."""
    place = schema["record_type"]["place"]

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        given = {name: bool(flattened.value(data, name)) for name in place.values()}
        for name, present in given.items():
            if not present and any(given.values()):
                errors.setdefault((name,), []).append(tk._("Give both coordinates or none"))

    return validator


def leszno_ngo_provenance(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Let only the harvest say where values came from.

    Anyone else's value is replaced by the one stored, so that a form or an API update never
    forges or loses provenance. The harvest sets ``context["leszno_ngo_harvest"]``.
    """
    if context.get("leszno_ngo_harvest"):
        value = data.get(key)
        if value is tk.missing or value is None:
            value = []
        data[key] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return
    package = context.get("package")
    stored = package.extras.get(key[0]) if package else None
    data[key] = stored or "[]"
