"""How each kind of source is read: address or file → rows that are records, or refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from ckanext.leszno_ngo import config
from ckanext.leszno_ngo.catalogue import derived
from ckanext.leszno_ngo.harvest import normalise
from ckanext.leszno_ngo.harvest.budget import Budget
from ckanext.leszno_ngo.harvest.fingerprints import Fingerprints
from ckanext.leszno_ngo.harvest.garbled import is_garbled
from ckanext.leszno_ngo.harvest.http import Client, Policy, credentials_of, keys_of
from ckanext.leszno_ngo.harvest.model import Incoming, RawRow, Refusal, SourceError
from ckanext.leszno_ngo.harvest.normalise import RowSettings
from ckanext.leszno_ngo.harvest.prepare import Source
from ckanext.leszno_ngo.harvest.settings import WHOLE_SET_OPTIONS, is_by_hand
from ckanext.leszno_ngo.harvest.snapshot import Catalogue, rules_of
from ckanext.leszno_ngo.harvest.source_kinds import SOURCE_KINDS, SourceKind
from ckanext.leszno_ngo.harvest.sources import ckan
from ckanext.leszno_ngo.harvest.sources.lines import Limits
from ckanext.leszno_ngo.harvest.sources.place import Municipality
from ckanext.leszno_ngo.harvest.sources.table import Table
from ckanext.leszno_ngo.harvest.values import Declared
from ckanext.leszno_ngo.record_types import RecordType

#: A row as the source gave it (None where it could not be read) and what became of it.
Read = tuple["RawRow | None", "Incoming | Refusal"]

_Settings = TypeVar("_Settings")


@dataclass(frozen=True)
class Reader:
    """An opened source.

    :param rows: what it gives, in its order; raises ``SourceError``, also after rows.
    :param complete: whether these are all its records.
    :param unknown: headings of columns that mean no field.
    :param dropped: headings of columns left out because they hold people.
    :param other_sheets: titles of sheets that are not read.
    """

    rows: Iterable[Read]
    complete: bool = True
    unknown: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()


def opened(
    source: Source, record_type: RecordType, catalogue: Catalogue, budget: Budget
) -> AbstractContextManager[Reader]:
    """Open a source.

    :param source: the source
    :param record_type: type of its records
    :param catalogue: what the catalogue knows; sources asked for single records ask for those
    :param budget: the time and the memory of the run
    :returns: a context manager that gives the :class:`Reader`
    :raises SourceError: when the source cannot be used
    """
    return SOURCE_KINDS[source.settings.kind].open(source, record_type, catalogue, budget)


def municipality() -> Municipality:
    """Return the catalogue's municipality."""
    ours = config.municipality()
    return Municipality(ours.teryt, ours.voivodeship, (ours.name,))


def client_for(source: Source, min_interval: float = 0.0) -> Client:
    """Return a client that fetches a source by the portal's policy, with its keys.

    :param min_interval: least seconds between two requests
    """
    limits = config.harvest_limits()
    trusted = limits.credentials and source.rights.of_sysadmin
    return Client(
        Policy(
            user_agent=limits.user_agent,
            read_timeout=float(limits.timeout),
            max_bytes=limits.max_bytes,
            tries=limits.retries + 1,
            min_interval=min_interval,
            refuse_private=not limits.allow_private_addresses,
        ),
        credentials=credentials_of(Path(limits.credentials)) if trusted else {},
        keys=keys_of(source.secret_addresses),
    )


@contextmanager
def opened_file(source: Source) -> Iterator[Path]:
    """Open a source that is a file: fetched, or loaded by the command.

    :raises SourceError: there is none, or it cannot be fetched
    """
    if source.file is not None:
        if not source.file.is_file():
            raise SourceError("no_file", name=source.file.name)
        yield source.file
        return
    if is_by_hand(source.url):
        raise SourceError("by_hand")
    with client_for(source).fetch(source.url) as answer:
        yield answer.path


def limits_for(budget: Budget) -> Limits:
    """Return what a file may cost."""
    return Limits(max_bytes=config.harvest_limits().max_bytes, budget=budget)


def of_table(table: Table, rows: Iterable[Read]) -> Reader:
    """Return the reader of a table's rows."""
    return Reader(
        rows,
        unknown=tuple(table.unknown),
        dropped=tuple(table.dropped),
        other_sheets=table.other_sheets,
    )


@contextmanager
def ckan_portal(
    source: Source, record_type: RecordType, _known: Catalogue, budget: Budget
) -> Iterator[Reader]:
    """Open another CKAN with this extension."""
    fields = record_type.harvested_fields
    names = sorted(field.name for field in fields)
    other = ckan.CkanCatalogue(client_for(source), source.url, record_type.name, names)
    declared = tuple(Declared(f.name, f.index, f.vocabulary, f.is_list) for f in fields)
    settings = RowSettings(identity=record_type.identity, fields=declared)
    yield Reader(records(within(budget, other.rows()), normalise.ckan, settings, record_type))


def within(budget: Budget, rows: Iterable[RawRow | Refusal]) -> Iterator[RawRow | Refusal]:
    """Yield rows as long as the budget lasts; readers of files ask it themselves."""
    for row in rows:
        budget.check()
        yield row


def records(
    rows: Iterable[RawRow | Refusal],
    convert: Callable[[RawRow, _Settings], Incoming | list[Refusal]],
    settings: _Settings,
    record_type: RecordType,
    known: Catalogue | None = None,
) -> Iterator[Read]:
    """Yield rows as records; those that ``known`` recognises are not read again."""
    fingerprints = Fingerprints((convert.__name__, settings, record_type.name))
    names = frozenset(rule.name for rule in rules_of(record_type).fields)
    for raw in rows:
        if isinstance(raw, Refusal):
            yield None, raw
            continue
        fingerprint = fingerprints.of(raw) if known else ""
        before = known.recognised(fingerprint) if known else None
        if before is not None:
            yield raw, Incoming(raw.number, before.record, None, before.key, (), fingerprint)
            continue
        outcome = convert(raw, settings)
        if isinstance(outcome, Incoming):
            said = _only_source_values(raw, outcome, record_type, names)
            # A row of which something was set aside is read, and told, again every time.
            yield raw, said if said.set_aside else replace(said, fingerprint=fingerprint)
        else:
            for refusal in outcome:
                yield raw, refusal


def _only_source_values(
    raw: RawRow, row: Incoming, record_type: RecordType, names: frozenset[str]
) -> Incoming:
    """Return a row with only what its source says of the fields that it may set.

    A field that the source has and leaves empty is said to be empty; one that it does not have,
    or whose value was set aside, it says nothing about. What was derived nobody said.
    """
    declared = derived.without(record_type, row.record)
    said = {name: value for name, value in declared.items() if name in names}
    set_aside = {refusal.field for refusal in row.set_aside}
    for name in raw.values.keys() & names:
        if name not in row.record and name not in set_aside:
            said[name] = ""
    garbled = tuple(name for name, value in raw.values.items() if is_garbled(value))
    return replace(row, record=said, garbled=garbled)


#: The kinds of every catalogue.
COMMON: Mapping[str, SourceKind] = {
    "ckan": SourceKind(ckan_portal, priority=20, options=WHOLE_SET_OPTIONS, record_type="ngo"),
}
