"""``make bench``: every benchmark, figures as JSON lines on standard output.

Each measurement is a process of its own, so that memory and caches are those of a fresh start.
How to read the figures: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import children, export, harvest, points, search

OPP_LIST = children.ROOT.parent / "shared" / "data" / "opp" / "opp-list-2025.csv"
#: Rows of the generated lists: the cost of a record must not grow with their number.
SIZES = (10_000, 20_000)

_PARTS = ("harvest", "search", "export", "map")

Line = dict[str, Any]


def main(arguments: list[str]) -> None:
    """Run the benchmarks.

    :param arguments: of the command line, see ``--help``
    """
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", help="harvest, search, export, map; all of them by default"
    )
    parser.add_argument(
        "--rows",
        type=int,
        nargs="*",
        default=list(SIZES),
        help=f"sizes of the generated lists, default {SIZES}; 10000 100000 for the whole check",
    )
    chosen = parser.parse_args(arguments)
    parts = chosen.parts or list(_PARTS)
    if unknown := set(parts) - set(_PARTS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    if "harvest" in parts:
        _print(harvests(chosen.rows))
    if "search" in parts:
        _print(search.run())
    if "export" in parts:
        _print(export.run())
    if "map" in parts:
        _print(points.run())


def harvests(sizes: list[int]) -> Iterator[Line]:
    """Measure harvests, and how they compare.

    :param sizes: rows of the generated lists
    :returns: the figures of each run, then ``harvest_ratios``
    """
    with tempfile.TemporaryDirectory() as folder:
        path = OPP_LIST if OPP_LIST.exists() else harvest.generated(9_181, Path(folder))
        lines: dict[str, Line] = {}
        for line in [
            *children.figures("harvest", "stock", str(path)),
            *children.figures("harvest", "list", str(path)),
        ]:
            lines[line["benchmark"]] = line
            yield line
    costs: list[tuple[float, float]] = []
    for size in sorted(sizes):
        for line in children.figures("harvest", "generated", str(size)):
            yield line
            if line["benchmark"] == "harvest_generated_first":
                costs.append((line["seconds"] / line["rows"], line["cpu_ms_a_record"]))
    stock, first = lines["harvest_stock"], lines["harvest_list_first"]
    repeat = lines["harvest_list_repeat"]
    yield {
        "benchmark": "harvest_ratios",
        "first_to_stock": round(first["records_a_second"] / stock["records_a_second"], 1),
        "repeat_to_first": round(first["seconds"] / repeat["seconds"], 1),
        # Linear cost: about 1. Of the two, CPU is the steadier on a machine that does other work.
        "seconds_a_record_largest_to_smallest": _ratio([seconds for seconds, _ in costs]),
        "cpu_a_record_largest_to_smallest": _ratio([cpu for _, cpu in costs]),
    }


def _ratio(costs: list[float]) -> float | None:
    return round(costs[-1] / costs[0], 2) if costs else None


def _print(lines: Iterator[Line]) -> None:
    for line in lines:
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
