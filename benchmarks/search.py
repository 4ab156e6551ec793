"""Search beside stock CKAN: the same 10 000 records in a core of ours and in one of CKAN's own.

The records are of all types, a third of them organisations. With the same queries are timed:
``package_search``, its answer over the API, and the pages of two types. Stock CKAN runs in a
process of its own, without this extension, on CKAN's schema; the two take turns so that a busy
machine slows both alike. Documents are sent to Solr as they are: no database takes part in a
search.
"""

from __future__ import annotations

import csv
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import catalogue, children, generated

REGISTER = children.ROOT.parent / "shared" / "data" / "opp" / "opp-list-2025.csv"

ROUNDS = 4
REPEATS = 5
QUERIES = [
    "",
    "klub sportowy",
    "pomoc dzieciom niepełnosprawnym",
    "stowarzyszenie przyjaciół szkoły muzycznej",
    "fundacja",
    "ochrona zwierząt",
    "kultura i sztuka",
    "harcerze",
]
_FACETS = ["vocab_spheres", "legal_form", "status"]
_FORMS = ["fundacja", "stowarzyszenie_rejestrowe", "uks", "osp"]
_SPHERES = ["1", "3", "7", "14", "15", "16", "17", "18"]
_WORDS = ["SPORTOWE", "PRZYJACIÓŁ SZKOŁY", "POMOCY DZIECIOM", "OCHRONY ZWIERZĄT", "KULTURY"]


def run(count: int = 10_000) -> Iterator[dict[str, Any]]:
    """Measure, and compare with stock CKAN.

    :param count: number of records
    :returns: one dict a figure: ``benchmark``, ``unit`` (``ms``, median), ``stock``, ``ours``,
        ``ratio`` (ours / stock; required: 1 at most), ``records``
    """
    own = os.environ["CKAN_SOLR_URL"]
    stock = os.environ["LESZNO_NGO_STOCK_SOLR_URL"]
    with tempfile.TemporaryDirectory() as folder:
        plain = _stock_ini(Path(folder))
        _child("load", os.environ["CKAN_INI"], own, count)
        _child("load", os.environ["CKAN_INI"], stock, count)
        times: dict[str, dict[str, list[float]]] = {"stock": {}, "ours": {}}
        for _ in range(ROUNDS):
            for name, ini, url in (
                ("stock", plain, stock),
                ("ours", os.environ["CKAN_INI"], own),
            ):
                for line in _child("measure", ini, url, count):
                    times[name].setdefault(line["what"], []).extend(line["ms"])
        for url in (own, stock):
            _child("load", os.environ["CKAN_INI"], url, 0)
    for what in times["ours"]:
        ours, theirs = (statistics.median(times[name][what]) for name in ("ours", "stock"))
        yield {
            "benchmark": f"search: {what}",
            "unit": "ms",
            "stock": round(theirs, 2),
            "ours": round(ours, 2),
            "ratio": round(ours / theirs, 2),
            "records": count,
        }


def _stock_ini(folder: Path) -> str:
    """The tests' configuration without this extension: its types are left to CKAN and scheming."""
    path = folder / "stock.ini"
    path.write_text(
        "[app:main]\n"
        f"use = config:{os.environ['CKAN_INI']}\n"
        "ckan.plugins = activity scheming_datasets\n",
        encoding="utf-8",
    )
    return str(path)


def _child(task: str, ini: str, solr: str, count: int) -> list[dict[str, Any]]:
    core = {"CKAN_INI": ini, "CKAN_SOLR_URL": solr}
    return children.figures("search", task, str(count), begin='{"what"', **core)


# ---------------------------------------------------------------- in a process with CKAN
def load(count: int) -> None:
    """Fill the core with records of all types."""
    generated.send(generated.documents(generated.mixed(count, organisations())))


def organisations() -> Iterator[dict[str, Any]]:
    """Generated organisations; names are those of the national OPP list where it is at hand."""
    from ckanext.leszno_ngo import polish

    for number, name in enumerate(_names()):
        yield _organisation(number, polish.readable_name(name), name)


def _names() -> Iterator[str]:
    if REGISTER.exists():
        with REGISTER.open(encoding="utf-8-sig", newline="") as stream:
            yield from (row["Name"] for row in csv.DictReader(stream))
    for number in itertools.count(1):
        yield f"STOWARZYSZENIE {_WORDS[number % len(_WORDS)]} NR {number}"


def _organisation(number: int, title: str, legal_name: str) -> dict[str, Any]:
    krs = f"{number:010}"
    return {
        **generated.core("ngo", f"krs-{krs}", title),
        "legal_name": legal_name,
        "notes": f"{title} działa na rzecz mieszkańców.",
        "krs": krs,
        "legal_form": _FORMS[number % len(_FORMS)],
        "spheres": [_SPHERES[number % 8], _SPHERES[number * 3 % 8]],
        "status": "active",
        "opp": number % 2 == 0,
        "opp_tax_years": ["2024"],
        "town": "Leszno",
        "voivodeship": "wielkopolskie",
    }


def measure() -> None:
    """Print the times of each kind of search as JSON lines."""
    app = catalogue.start()
    client = app.test_client()
    kinds: dict[str, Callable[[str], None]] = {
        "package_search": lambda q: _package_search(app, q),
        "API": lambda q: _get(client, "/api/3/action/package_search", q),
        "page": lambda q: _get(client, "/ngo/", q),
        "page of calls": lambda q: _get(client, "/call-for-offers/", q),
    }
    for what, search in kinds.items():
        for q in QUERIES:
            search(q)
        times = [_timed(search, q) for _ in range(REPEATS) for q in QUERIES]
        sys.stdout.write(json.dumps({"what": what, "ms": times}) + "\n")


def _timed(search: Callable[[str], None], q: str) -> float:
    start = time.perf_counter()
    search(q)
    return (time.perf_counter() - start) * 1000


def _package_search(app: Any, q: str) -> None:
    import ckan.plugins.toolkit as tk

    parameters = {"q": q, "fq": "dataset_type:ngo", "rows": 20, "facet.field": _FACETS}
    with app.test_request_context():
        found = tk.get_action("package_search")({"ignore_auth": False, "user": ""}, parameters)
    assert q or found["count"], "the core is empty"


def _get(client: Any, path: str, q: str) -> None:
    arguments: dict[str, Any] = {"q": q}
    if path.startswith("/api"):
        arguments |= {"fq": "dataset_type:ngo", "rows": 20, "facet.field": json.dumps(_FACETS)}
    answer = client.get(path, query_string=arguments)
    assert answer.status_code == 200, (path, q, answer.status_code)


def _main(task: str, count: int) -> None:
    if task == "measure":
        measure()
        return
    catalogue.start()
    load(count)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _main(sys.argv[1], int(sys.argv[2]))
    else:
        for line in run():
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
