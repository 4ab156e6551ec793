"""Options of the cooperation's sources, and the sentences for what is wrong with their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckan.types import Context
from flask import has_request_context

from ckanext.leszno_ngo import vocabularies
from ckanext.leszno_ngo.cooperation import past_results
from ckanext.leszno_ngo.harvest import settings
from ckanext.leszno_ngo.harvest.settings import BadOptionError, Problem, Settings
from ckanext.leszno_ngo.harvest.source_kinds import Option
from ckanext.leszno_ngo.languages import N_
from ckanext.leszno_ngo.record_types import RecordType

_LONGEST = 500
_MOST_VALUES = 200
#: How the court register is read: all of it, or what has changed.
FULL, BULLETIN = "full", "bulletin"


def _values(value: Any) -> dict[str, str | list[str]]:
    if not isinstance(value, dict) or len(value) > _MOST_VALUES:
        raise BadOptionError("values")
    return {str(name).strip(): _field_value(said) for name, said in value.items()}


def _field_value(said: Any) -> str | list[str]:
    if isinstance(said, list) and all(isinstance(one, str) for one in said):
        return list(said)
    if isinstance(said, bool):
        return str(said).lower()
    if isinstance(said, (str, int, float)) and len(str(said)) <= _LONGEST:
        return str(said)
    raise BadOptionError("values")


NATIONAL: Mapping[str, Option] = {
    "national": Option(
        settings.flag,
        False,
        "take rows of all municipalities, not only the portal's own.",
        click.Option(
            ["--national/--municipality"],
            default=None,
            help="Take the rows of the whole country, or of the portal's municipality (the "
            "default).",
        ),
    )
}
REGISTER: Mapping[str, Option] = {
    **NATIONAL,
    "register_prefix": Option(
        settings.text, "", "put before the numbers of a register, to tell two registers apart."
    ),
    "legal_form": Option(settings.text, "", "code of the legal form of all bodies of a register."),
}
OPP: Mapping[str, Option] = {
    **NATIONAL,
    "tax_year": Option(
        settings.year,
        None,
        "the tax year of an OPP list.",
        click.Option(["--tax-year"], type=int, help="Tax year of an OPP list."),
    ),
}
KRS: Mapping[str, Option] = {
    "mode": Option(
        settings.choice(FULL, BULLETIN),
        FULL,
        "`full`, or `bulletin` for what changed since the last good run.",
        click.Option(
            ["--mode"],
            type=click.Choice([FULL, BULLETIN]),
            help="Of KRS: everything, or changes.",
        ),
    ),
    "base_url": Option(
        settings.address, "", "the API's address, where it is not the source's own."
    ),
}
RESULTS: Mapping[str, Option] = {
    "call": Option(
        settings.text,
        "",
        "id or page address of the call they are of; none means outside a call.",
    ),
    "values": Option(
        _values,
        {},
        "field → value that every record gets, over those of the call: `year`, `mode`, "
        "`granted_date`, `spheres`, `legal_basis`, `task_start_date`, `funder` …",
    ),
}

#: Code → sentence, of registers of organisations.
REGISTER_TEXTS: Mapping[str, str] = {
    "spheres": N_("this sphere is not known"),
    "legal_form": N_("this legal form is not known"),
}
#: Code → sentence, of the court register.
KRS_TEXTS: Mapping[str, str] = {
    "answered_other": N_("The register answered about another number: %(found)s"),
    "day": N_("The register's bulletin is published since %(first)s"),
}
#: Code → sentence, of tables of results.
RESULTS_TEXTS: Mapping[str, str] = {
    "no_call": N_("There is no call %(name)s. Correct call"),
    "no_results": N_("Records of the type %(name)s are not made of a table of results"),
    "search_away": N_("The search does not answer, so names cannot be matched. Run it again"),
    "more_than_asked": N_("more was granted than was asked for"),
    "not_granted": N_("no money was granted, so no grant was made of it"),
    "number_wrong": N_("this is not a KRS or NIP number"),
    "number_unknown": N_("the catalogue has no organisation with this number"),
    "organisation_unknown": N_(
        "the catalogue has no organisation of this name, so the grant has the name alone"
    ),
    "grant_exists": N_("the call has this grant already, entered otherwise: %(title)s"),
    "call": N_("%(key)s: there is no such call"),
    "values": N_(
        "%(key)s: give the names of fields with a text, a number or a list of texts each: "
        '{"year": 2024, "mode": "open_call", "spheres": ["17"]}'
    ),
    "fields": N_("%(key)s: there is no field %(name)s. There are: %(known)s"),
    "codes": N_("%(key)s, %(name)s: this code is not known. There are: %(known)s"),
}


def register_problems(own: Settings, _type: RecordType) -> Iterator[Problem]:
    """Give what is wrong with the legal form of all bodies of a register."""
    form, forms = own.options["legal_form"], vocabularies.get("legal_form").codes
    if form and form not in forms:
        yield Problem("legal_form", "vocabulary", {"known": ", ".join(forms)})


def results_problems(own: Settings, record_type: RecordType) -> Iterator[Problem]:
    """Give what is wrong with the call that results are of, and with values of every record."""
    call = own.options["call"]
    call_type = past_results.made_by(record_type) if call else None
    if call and not (call_type and past_results.call_of(call_type, call, _saver())):
        yield Problem("call", "call")
    fields = {field.name: field for field in record_type.harvested_fields}
    for name, value in own.options["values"].items():
        if name not in fields:
            yield Problem("values", "fields", {"name": name, "known": ", ".join(fields)})
        elif fields[name].vocabulary:
            codes = vocabularies.get(str(fields[name].vocabulary)).codes
            given = value if isinstance(value, list) else [value]
            if not set(given) <= set(codes):
                yield Problem("values", "codes", {"name": name, "known": ", ".join(codes)})


def _saver() -> Context:
    """Return the context of who saves a source: outside a request it is the operator's command."""
    if has_request_context():
        return Context(user=tk.current_user.name)
    return Context(ignore_auth=True)
