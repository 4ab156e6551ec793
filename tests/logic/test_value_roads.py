"""A value typed into a form and the same value of a source come to one value, or to one refusal."""

import json
from decimal import Decimal
from functools import partial

import pytest
from ckan.plugins import toolkit as tk

from ckanext.leszno_ngo import bounds
from ckanext.leszno_ngo.cooperation.award_results import judging
from ckanext.leszno_ngo.cooperation.award_results.offers import FIELDS, Offer
from ckanext.leszno_ngo.harvest import values as harvested
from ckanext.leszno_ngo.logic import validators
from ckanext.leszno_ngo.values import KINDS, ValueRefusedError
from tests.cooperation import loaded
from tests.pure.test_values import SPELLINGS

#: What a harvest alone asks: nothing of persons.
OF_PERSONS = {"personal_data", "private_email", "mobile_phone"}
CONVERTERS = {
    **harvested.FIELDS,
    "email": partial(harvested.email, name=""),
    "phone": partial(harvested.phone, mobile=True),
}
#: What whole records and stored choices are checked by is no matter of one value.
NOT_OF_ONE_VALUE = {
    *("leszno_ngo_unique", "leszno_ngo_any_identifier", "leszno_ngo_no_personal_data"),
}
SAMPLES = [
    *(value for cases in SPELLINGS.values() for value in cases),
    *("https://user:pw@leszno.pl", "KLUB SPORTOWY", "1", "Rynek 1/2", "0", "\u0664", "86,9"),
]


def by_results(value):
    """What a table of results makes of an amount, or why not."""
    offer = Offer(1, {**dict.fromkeys(FIELDS, ""), "asked_amount": value})
    judging.read(offer)
    (code,) = [one.code for one in offer.problems if one.field == "asked_amount"] or [None]
    return code or offer.numbers["asked_amount"]


@pytest.mark.parametrize("value", [*SPELLINGS["amount"], *SPELLINGS["whole_number"], "12,345"])
def test_a_table_of_results_reads_amounts_as_forms_do(value):
    try:
        expected = Decimal(KINDS["amount"](value))
    except ValueRefusedError as error:
        expected = error.code
        with pytest.raises(tk.Invalid):
            validators.leszno_ngo_money(value)
    else:
        assert Decimal(validators.leszno_ngo_money(value)) == expected
    assert by_results(value) == expected


def fields():
    """Fields that a source fills and a person types: name and validators, each once."""
    found = {}
    for file in sorted(loaded.SCHEMAS.glob("*.yaml")):
        schema = loaded.read(file.stem)
        declared = schema.get("dataset_fields", ()) if "record_type" in schema else ()
        for field in map(loaded.expanded, declared):
            chain = field.get("validators", "").split()
            if field["field_name"] in CONVERTERS and not any("scheming" in v for v in chain):
                typed = [v for v in chain if v in validators.__all__ and v not in NOT_OF_ONE_VALUE]
                found[field["field_name"], tuple(typed)] = None
    return list(found)


def by_form(names, value):
    try:
        for name in names:
            value = getattr(validators, name)(value)
    except tk.Invalid:
        return None
    return value


def by_harvest(convert, value):
    """What a source's value is in the record; None where it is refused."""
    try:
        converted = convert(value)
    except ValueRefusedError as error:
        return error.code if error.code in OF_PERSONS else None
    if isinstance(converted, harvested.MaskedText):
        return "personal_data"
    if isinstance(converted, bool):
        return "true" if converted else "false"
    return json.dumps(converted, ensure_ascii=False) if isinstance(converted, list) else converted


def test_fields_of_both_roads_are_found():
    names = {name for name, _ in fields()}
    assert {"phone", "email", "website", "postal_code", "opp", "krs", "pkd_paid", "town"} <= names


@pytest.mark.parametrize(("name", "chain"), fields())
def test_both_roads_lead_to_one_value(name, chain):
    differ = {}
    for value in SAMPLES:
        if harvested.is_nothing(value) or len(value) > bounds.NAME:  # a source's texts are cut
            continue
        if "<b>" in value:  # a source's markup becomes text, a person is asked to take it out
            continue
        source, form = by_harvest(CONVERTERS[name], value), by_form(chain, value)
        if source != form and source not in {*OF_PERSONS, ""}:  # "" is a filler of registers
            differ[value[:60]] = source, form
    assert not differ
