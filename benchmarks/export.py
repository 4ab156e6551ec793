"""Exports: everything in an index of 100 000 organisations as one file, over the whole road.

Documents are sent to Solr as they are: no database takes part in an export but for one statement.
The file is read as a client reads it, piece by piece; each format is a process of its own.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks import catalogue, children
from benchmarks.harvest import peak_memory

#: What is measured: the addresses of files.
ADDRESSES = ("/ngo.csv", "/ngo.jsonl")
_BATCH = 2_000
_FORMS = ["fundacja", "stowarzyszenie_rejestrowe", "uks", "osp"]
_SPHERES = ["1", "3", "7", "14", "15", "16", "17", "18"]


def run(count: int = 100_000) -> Iterator[dict[str, Any]]:
    """Measure.

    :param count: number of records
    :returns: one dict a file: ``benchmark``, ``records``, ``seconds``, ``rows_a_second``
        (required of CSV: 5 000), ``rows_a_cpu_second`` (of the Python process,
        steadier on a machine that does other work), ``megabytes``, ``memory_mb_above_idle``
        (required: under 100)
    """
    children.figures("export", "load", str(count))
    for address in ADDRESSES:
        yield from children.figures("export", "measure", address)
    children.figures("export", "load", "0")


# ---------------------------------------------------------------- in a process with CKAN
def load(count: int) -> None:
    """Empty the core and send the documents.

    :param count: how many
    """
    from ckan.lib.search.common import make_connection

    connection = make_connection(decode_dates=False)
    connection.delete(q="*:*", commit=True)
    for start in range(0, count, _BATCH):
        numbers = range(start, min(start + _BATCH, count))
        connection.add([_document(number) for number in numbers], commit=False)
    connection.commit()
    connection.optimize()


def _document(number: int) -> dict[str, Any]:
    import ckan.plugins.toolkit as tk

    record = _record(number)
    return {
        "index_id": record["id"],
        "site_id": tk.config["ckan.site_id"],
        "entity_type": "package",
        "dataset_type": record["type"],
        "capacity": "public",
        "permission_labels": ["public"],
        "title_string": record["title"],
        "metadata_modified": "2026-01-01T00:00:00Z",
        "validated_data_dict": json.dumps(record),
        **{key: record[key] for key in ("id", "name", "title", "state")},
    }


def _record(number: int) -> dict[str, Any]:
    """A record as full as those that the harvest makes of the national list."""
    krs = f"{number:010}"
    return {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "name": f"krs-{krs}",
        "title": f"Stowarzyszenie Przyjaciół „Łączności” nr {number % 30_000}",
        "legal_name": f"STOWARZYSZENIE PRZYJACIÓŁ „ŁĄCZNOŚCI” NR {number % 30_000}",
        "type": "ngo",
        "state": "active",
        "private": False,
        "notes": "Działa na rzecz mieszkańców; prowadzi świetlicę, zajęcia i poradnię.",
        "krs": krs,
        "regon": f"{number:09}",
        "nip": f"{number:010}",
        "legal_form": _FORMS[number % len(_FORMS)],
        "status": "active",
        "spheres": [_SPHERES[number % 8], _SPHERES[number * 3 % 8]],
        "spheres_source": "derived",
        "opp": number % 2 == 0,
        "opp_tax_years": ["2024", "2025"],
        "voivodeship": "wielkopolskie",
        "county": "Leszno",
        "municipality": "Leszno",
        "teryt": "3063011",
        "town": "Leszno",
        "street": "Słowiańska",
        "building_number": str(number % 90),
        "postal_code": "64-100",
        "latitude": 51.84,
        "longitude": 16.57,
        "email": f"biuro{number}@example.org",
        "website": f"https://organizacja-{number}.example.org",
        "registered_date": "2004-03-02",
        "sources": [{"id": "opp", "title": "Wykaz OPP", "fields": ["krs", "title"]}],
        "owner_org": None,
        "organization": None,
        "resources": [],
        "tags": [],
        "groups": [],
        "extras": [],
        "metadata_created": "2026-01-01T00:00:00.000000",
        "metadata_modified": "2026-01-01T00:00:00.000000",
    }


def measure(address: str) -> None:
    """Read a file as a client does, and print what it took as a JSON line."""
    app = catalogue.start()
    client = app.test_client()
    # What any process that has answered a request has loaded.
    client.get(f"{address}?q=nr+17&status=removed")
    idle = peak_memory()
    start, worked = time.perf_counter(), time.process_time()
    answer = client.get(address, buffered=False)
    assert answer.status_code == 200, answer.status
    count, size = 0, 0
    for piece in answer.response:
        count += piece.count(b"\n")
        size += len(piece)
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    records = int(answer.headers["X-Total-Count"])
    assert count >= records > 0
    line = {
        "benchmark": f"export {address}",
        "records": records,
        "seconds": round(seconds, 2),
        "rows_a_second": round(records / seconds),
        "rows_a_cpu_second": round(records / worked),
        "megabytes": round(size / 1_000_000, 1),
        "memory_mb_above_idle": peak_memory() - idle,
    }
    sys.stdout.write(json.dumps(line) + "\n")


def _main(task: str, argument: str) -> None:
    if task == "measure":
        measure(argument)
        return
    catalogue.start()
    load(int(argument))


if __name__ == "__main__":
    assert os.environ["CKAN_INI"]
    _main(sys.argv[1], sys.argv[2])
