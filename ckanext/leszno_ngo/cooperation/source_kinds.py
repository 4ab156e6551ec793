"""Sources of the cooperation: registers of NGOs, and tables of results of past years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import has_request_context

from ckanext.leszno_ngo import config, vocabularies
from ckanext.leszno_ngo.cooperation import normalise, past_results
from ckanext.leszno_ngo.cooperation.past_results import PastResults
from ckanext.leszno_ngo.cooperation.sources import krs, opp_list, register_file, results_file
from ckanext.leszno_ngo.harvest import readers, store
from ckanext.leszno_ngo.harvest.budget import Budget
from ckanext.leszno_ngo.harvest.date_order import MONTH_FIRST
from ckanext.leszno_ngo.harvest.normalise import RowSettings
from ckanext.leszno_ngo.harvest.prepare import Source
from ckanext.leszno_ngo.harvest.readers import Reader
from ckanext.leszno_ngo.harvest.settings import (
    COMMON_OPTIONS,
    WHOLE_SET_OPTIONS,
    Problem,
    Settings,
)
from ckanext.leszno_ngo.harvest.snapshot import Catalogue
from ckanext.leszno_ngo.harvest.source_kinds import SourceKind
from ckanext.leszno_ngo.record_types import RecordType

# A longer gap than this is caught up by asking for every record.
_MOST_BULLETINS = 31


@contextmanager
def register_source(
    source: Source, record_type: RecordType, known: Catalogue, budget: Budget
) -> Iterator[Reader]:
    """Open a city's own register in a file."""
    own = source.settings
    settings = RowSettings(
        municipality=readers.municipality(),
        home=not own.national,
        register_prefix=own.register_prefix,
        legal_form=own.legal_form,
        mobile_phones=own.mobile_phones,
        month_first=own.date_order == MONTH_FIRST,
        identity=record_type.identity,
    )
    with readers.opened_file(source) as path:
        table = register_file.open_register(
            path, limits=readers.limits_for(budget), columns=own.columns
        )
        rows = register_file.rows(table)
        yield readers.of_table(
            table, readers.records(rows, normalise.register, settings, record_type, known)
        )


@contextmanager
def opp_source(
    source: Source, record_type: RecordType, known: Catalogue, budget: Budget
) -> Iterator[Reader]:
    """Open the list of organisations that may get 1.5 % of the tax."""
    own = source.settings
    home = readers.municipality()
    wanted = None if own.national else home
    settings = RowSettings(
        tax_year=str(own.tax_year or ""), municipality=home, identity=record_type.identity
    )
    with readers.opened_file(source) as path:
        table = opp_list.open_list(path, wanted, limits=readers.limits_for(budget))
        rows = opp_list.rows(table, wanted)
        yield readers.of_table(
            table, readers.records(rows, normalise.opp, settings, record_type, known)
        )


@contextmanager
def krs_source(
    source: Source, record_type: RecordType, known: Catalogue, budget: Budget
) -> Iterator[Reader]:
    """Open the API of the National Court Register."""
    own = source.settings
    interval = config.krs_min_interval() if own.min_interval is None else own.min_interval
    address = own.base_url or source.url
    api = krs.KrsApi(readers.client_for(source, interval), address)
    numbers = known.numbers("krs")
    if own.mode == "bulletin":
        numbers = _changed(api, numbers, known, store.last_good_run(source.id))
    settings = RowSettings(municipality=readers.municipality(), identity=record_type.identity)
    rows = readers.records(
        readers.within(budget, api.rows(numbers)), normalise.krs, settings, record_type
    )
    yield Reader(rows, complete=False)


def _changed(
    api: krs.KrsApi, numbers: list[str], known: Catalogue, since: dt.datetime | None
) -> list[str]:
    """Return the numbers to ask for: changed since the last good run, or never asked for."""
    today = store.now().date()
    if since is None or (today - since.date()).days > _MOST_BULLETINS:
        return numbers
    days = (since.date() + dt.timedelta(days=n) for n in range((today - since.date()).days + 1))
    changed = {number for day in days for number in api.bulletin(day)}
    return [n for n in numbers if n in changed or f"krs:{n}" not in known.baselines]


@contextmanager
def results_source(
    source: Source, record_type: RecordType, known: Catalogue, budget: Budget
) -> Iterator[Reader]:
    """Open a table of a commission's results of a past year."""
    reading = PastResults(record_type, source.settings, known, source.rights)
    with readers.opened_file(source) as path:
        columns = source.settings.columns
        table = results_file.open_results(path, limits=readers.limits_for(budget), columns=columns)
        rows = results_file.rows(table)
        records = readers.records(rows, reading.results, reading.given, record_type, known)
        yield readers.of_table(table, records)


def _unknown_form(own: Settings, _type: RecordType) -> list[Problem]:
    """Return what is wrong with the legal form of all bodies of a register."""
    forms = vocabularies.get("legal_form").codes
    if not own.legal_form or own.legal_form in forms:
        return []
    return [Problem("legal_form", "vocabulary", {"known": ", ".join(forms)})]


def _unknown_call(own: Settings, record_type: RecordType) -> list[Problem]:
    """Return what is wrong with the call that the results are of."""
    if not own.call:
        return []
    call_type = past_results.made_by(record_type)
    found = call_type and past_results.call_of(call_type, own.call, _saver())
    return [] if found else [Problem("call", "call")]


def _saver() -> Context:
    """Return the context of who saves a source: outside a request it is the operator's command."""
    if has_request_context():
        return Context(user=tk.current_user.name)
    return Context(ignore_auth=True)


#: Name → kind.
SOURCE_KINDS: Mapping[str, SourceKind] = {
    "register": SourceKind(
        register_source,
        priority=30,
        options=(
            *WHOLE_SET_OPTIONS,
            "columns",
            "national",
            "register_prefix",
            "legal_form",
            "mobile_phones",
            "date_order",
        ),
        problems=_unknown_form,
    ),
    "krs": SourceKind(
        krs_source, priority=40, options=(*COMMON_OPTIONS, "mode", "base_url", "min_interval")
    ),
    "results": SourceKind(
        results_source,
        priority=15,
        options=(*WHOLE_SET_OPTIONS, "columns", "call", "values"),
        record_type="grant",
        problems=_unknown_call,
    ),
    "opp": SourceKind(
        opp_source, priority=10, options=(*WHOLE_SET_OPTIONS, "national", "tax_year")
    ),
}
