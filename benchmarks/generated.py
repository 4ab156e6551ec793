"""Generated records of every type, in the shape in which ``package_show`` gives them.

What a field gets is read from its declaration, so a new type is measured with the others.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

#: Every so many records one is an organisation; the other types take turns.
ORGANISATIONS = 3
_WORDS = (
    "klub sportowy",
    "pomoc dzieciom",
    "przyjaciele szkoły",
    "ochrona zwierząt",
    "kultura i sztuka",
    "harcerze",
)
_DAY = dt.datetime.now(dt.timezone.utc).replace(hour=12, minute=0, second=0, microsecond=0)
_DAYS = {"date", "datetime"}

Record = dict[str, Any]


def mixed(count: int, organisations: Iterable[Record]) -> Iterator[Record]:
    """Yield records of all types: a third organisations, the rest in turns.

    :param count: how many records
    :param organisations: the organisations among them, at least a third of ``count``
    :returns: records; their links lead to the organisations that came before them
    """
    from ckanext.leszno_ngo import record_types

    others = [t for t in record_types.all_types() if t.name != "ngo"]
    ngos = iter(organisations)
    known: list[str] = []
    for number in range(count):
        if number % ORGANISATIONS == 0:
            record = next(ngos)
            known.append(record["id"])
            yield record
        else:
            yield _record(others[number % len(others)], number, known)


def _record(record_type: Any, number: int, organisations: list[str]) -> Record:
    words = _WORDS[number // ORGANISATIONS % len(_WORDS)]
    days = [field.name for field in record_type.fields if field.index in _DAYS]
    values = {
        field.name: value
        for field in record_type.fields
        if (value := _value(field, number, organisations, days)) is not None
    }
    name = f"{record_type.name}-{number}"
    return {**values, **core(record_type.name, name, f"Przykład: {words} nr {number}")}


def core(type_name: str, name: str, title: str) -> Record:
    """Return what CKAN itself keeps of a record."""
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
        "name": name,
        "title": title,
        "type": type_name,
        "state": "active",
        "private": False,
        "notes": f"{title}: dla mieszkańców Leszna.",
        "owner_org": None,
        "organization": None,
        "resources": [],
        "tags": [],
        "groups": [],
        "num_resources": 0,
        "num_tags": 0,
        "metadata_created": "2026-01-01T00:00:00.000000",
        "metadata_modified": "2026-01-01T00:00:00.000000",
    }


def _value(field: Any, number: int, organisations: list[str], days: Sequence[str] = ()) -> Any:
    if field.subfields:
        row = {
            column.name: value
            for column in field.subfields
            if (value := _value(column, number, organisations)) is not None
        }
        return [row]
    if field.link:
        chosen = organisations[number % len(organisations)] if organisations else None
        return [chosen] if chosen and field.is_list else chosen
    if field.vocabulary:
        return _codes(field, number)
    place = days.index(field.name) if field.name in days else 0
    if field.index in _DAYS and not field.required and (number // ORGANISATIONS + place) % 4:
        return None  # few calls are annulled
    return _plain(field, number, place)


def _codes(field: Any, number: int) -> Any:
    from ckanext.leszno_ngo import vocabularies

    codes = [term.code for term in vocabularies.get(field.vocabulary).terms]
    code = codes[number % len(codes)]
    return [code, codes[number * 7 % len(codes)]] if field.is_list else code


def _plain(field: Any, number: int, place: int) -> Any:
    # What follows in the form follows in time: a call opens, offers end, results are known.
    moment = _DAY + dt.timedelta(days=number % 700 - 600 + 45 * place)
    kinds = {
        "date": moment.date().isoformat(),
        "datetime": moment.isoformat(),
        "amount": float(1_000 + number % 90_000),
        "number": number % 500,
        "flag": number % 40 == 0,
        "text": f"Opis zadania: {_WORDS[number % len(_WORDS)]}",
    }
    if field.name in {"latitude", "longitude"}:
        return (51.84 if field.name == "latitude" else 16.57) + number % 100 / 10_000
    return kinds.get(field.index)


def documents(records: Iterable[Record]) -> Iterator[dict[str, Any]]:
    """Yield the index documents of records, as the extension makes them."""
    import ckan.plugins.toolkit as tk

    from ckanext.leszno_ngo.search import index

    for record in records:
        shown = json.dumps(record)
        document = {
            "index_id": record["id"],
            "site_id": tk.config["ckan.site_id"],
            "entity_type": "package",
            "dataset_type": record["type"],
            "capacity": "public",
            "permission_labels": ["public"],
            "title_string": record["title"],
            "metadata_created": "2026-01-01T00:00:00Z",
            "metadata_modified": "2026-01-01T00:00:00Z",
            "data_dict": shown,
            "validated_data_dict": shown,
            **{key: record[key] for key in ("id", "name", "title", "notes", "state")},
            **_dates(record),
        }
        yield index.before_dataset_index(document)


def _dates(record: Record) -> dict[str, str]:
    """Days in the form to which CKAN brings them before plugins see the document."""
    return {
        key: f"{value}T00:00:00Z"
        for key, value in record.items()
        if key.endswith("_date") and isinstance(value, str) and len(value) == 10
    }


def send(documents: Iterable[dict[str, Any]]) -> None:
    """Empty the core and fill it, 500 documents a request."""
    from ckan.lib.search.common import make_connection

    connection = make_connection()
    connection.delete(q="*:*", commit=True)
    batches = iter(documents)
    while batch := list(itertools.islice(batches, 500)):
        connection.add(batch, commit=False)
    connection.commit()
    connection.optimize()
