"""The map of 10 000 entries: the answer for a whole city, and for a street of it.

Documents are sent to Solr as they are: no database takes part in a map.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks import catalogue, children, generated

#: What is measured: addresses by what they are.
ADDRESSES = {
    "city": "/mapa.geojson?bbox=16.35,51.74,16.85,51.94&zoom=12",
    "street": "/mapa.geojson?bbox=16.52,51.79,16.54,51.82&zoom=15",
    "page": "/mapa",
}
_REPEATS = 20


def run(count: int = 10_000) -> Iterator[dict[str, Any]]:
    """Measure.

    :param count: number of entries
    :returns: one dict an address: ``benchmark``, ``points``, ``ms`` (median; required: under 300)
        and ``bytes``, uncompressed (required of the answers: 200 000 at most)
    """
    yield from children.figures("points", str(count))


# ---------------------------------------------------------------- in a process with CKAN
def documents(count: int, **changes: Any) -> Iterator[dict[str, Any]]:
    """Yield documents of rooms all over Leszno, ten of them each in a place of its own.

    :param count: how many
    :param changes: keys of the documents that are otherwise
    """
    from ckanext.leszno_ngo import record_types
    from ckanext.leszno_ngo.features.map import cells

    core = generated.core("premises", "sala", "Sala do ćwiczeń")
    record_type = record_types.get("premises")
    assert record_type
    pattern = next(generated.documents([{**core, "kind": "meeting_room", "town": "Leszno"}]))
    for number in range(count):
        own = {"id": f"{changes.get('kind', 'room')}-{number}", "title": f"Sala nr {number}"}
        place = {
            "latitude": 51.80 + number // 10 % 40 / 500,
            "longitude": 16.53 + number // 400 % 25 / 300,
        }
        record = json.dumps({**core, **own, **place})
        cell = cells.indexed(record_type, place)
        indexed = {**own, **place, **cell, "index_id": own["id"], "validated_data_dict": record}
        yield {**pattern, **indexed, **changes}


def measure(count: int) -> None:
    """Fill the core, ask for each address, and print what it took as JSON lines."""
    client = catalogue.start().test_client()
    generated.send(documents(count))
    for name, address in ADDRESSES.items():
        size = len(client.get(address).data)
        times = [_timed(client, address) for _ in range(_REPEATS)]
        line = {"benchmark": f"map: {name}", "points": count, "ms": round(statistics.median(times))}
        sys.stdout.write(json.dumps({**line, "bytes": size}) + "\n")
    generated.send([])


def _timed(client: Any, address: str) -> float:
    start = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    assert answer.data
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    assert os.environ["CKAN_INI"]
    measure(int(sys.argv[1]))
