"""Sources of the cooperation: registers of NGOs, and tables of results of past years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ckanext.leszno_ngo import config
from ckanext.leszno_ngo.cooperation import normalise, source_options
from ckanext.leszno_ngo.cooperation.normalise import BodySettings
from ckanext.leszno_ngo.cooperation.past_results import PastResults
from ckanext.leszno_ngo.cooperation.sources import krs, opp_list, register_file, results_file
from ckanext.leszno_ngo.harvest import readers, store
from ckanext.leszno_ngo.harvest.budget import Budget
from ckanext.leszno_ngo.harvest.date_order import MONTH_FIRST
from ckanext.leszno_ngo.harvest.prepare import Source
from ckanext.leszno_ngo.harvest.readers import Reader
from ckanext.leszno_ngo.harvest.settings import COMMON_OPTIONS, WHOLE_SET_OPTIONS
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
    settings = BodySettings(
        municipality=readers.municipality(),
        home=not own.options["national"],
        register_prefix=own.options["register_prefix"],
        legal_form=own.options["legal_form"],
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
    own, home = source.settings.options, readers.municipality()
    wanted = None if own["national"] else home
    settings = BodySettings(
        tax_year=str(own["tax_year"] or ""), municipality=home, identity=record_type.identity
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
    address = own.options["base_url"] or source.url
    api = krs.KrsApi(readers.client_for(source, interval), address)
    numbers = known.numbers("krs")
    if own.options["mode"] == source_options.BULLETIN:
        numbers = _changed(api, numbers, known, store.last_good_run(source.id))
    settings = BodySettings(municipality=readers.municipality(), identity=record_type.identity)
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


#: Name → kind.
SOURCE_KINDS: Mapping[str, SourceKind] = {
    "register": SourceKind(
        register_source,
        priority=30,
        options=(
            *WHOLE_SET_OPTIONS,
            "columns",
            "mobile_phones",
            "date_order",
        ),
        record_type="ngo",
        problems=source_options.register_problems,
        own=source_options.REGISTER,
        texts=source_options.REGISTER_TEXTS,
    ),
    "krs": SourceKind(
        krs_source,
        priority=40,
        options=(*COMMON_OPTIONS, "min_interval"),
        record_type="ngo",
        own=source_options.KRS,
        texts=source_options.KRS_TEXTS,
        usual_address=config.krs_url,
    ),
    "results": SourceKind(
        results_source,
        priority=15,
        options=(*WHOLE_SET_OPTIONS, "columns"),
        record_type="grant",
        problems=source_options.results_problems,
        own=source_options.RESULTS,
        texts=source_options.RESULTS_TEXTS,
    ),
    "opp": SourceKind(
        opp_source,
        priority=10,
        options=WHOLE_SET_OPTIONS,
        record_type="ngo",
        own=source_options.OPP,
    ),
}
