"""Harvests of the OPP list: ckanext-harvest's own pipeline and ours, in records a second."""

from __future__ import annotations

import csv
import json
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import catalogue
from tests import counting

#: Rows that the pipeline of one object a record takes: its cost is the same for each.
STOCK_ROWS = 200

Figures = dict[str, float | int | str]


# ------------------------------------------------------------------------- measuring
class Clock:
    """Seconds of the wall and of this process's CPU, and the statements sent to the database."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0
        self.writes = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count what passes inside the block."""
        wall, cpu = time.perf_counter(), time.process_time()
        with counting.sql_statements() as seen:
            yield
        self.wall = time.perf_counter() - wall
        self.cpu = time.process_time() - cpu
        self.writes = len(seen.writes)

    def figures(self, rows: int) -> Figures:
        """Return the figures of a run over a number of rows."""
        return {
            "rows": rows,
            "seconds": round(self.wall, 2),
            "records_a_second": round(rows / self.wall, 1),
            "cpu_ms_a_record": round(1000 * self.cpu / rows, 2),
            "sql_writes": self.writes,
        }


def peak_memory() -> int:
    """Return the most memory (MB) that this process has held so far."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


# ------------------------------------------------------------------------- what is measured
def stock(path: Path) -> Figures:
    """Harvest rows by one harvest object a record, as ``ckan harvester run-test`` does."""
    from ckanext.harvest import queue
    from ckanext.harvest.model import HarvestObject

    from benchmarks.stock import OppHarvester

    harvester = OppHarvester(path, STOCK_ROWS, catalogue.organisation())
    job = _job(_source("stock"))
    clock = Clock()
    with clock.running():
        for id_ in queue.gather_stage(harvester, job):
            queue.fetch_and_import_stages(harvester, HarvestObject.get(id_))
    _expect(STOCK_ROWS)
    return clock.figures(STOCK_ROWS)


def ours(path: Path, owner_org: str, repeats: int = 1) -> list[Figures]:
    """Harvest a list for the first time and again with nothing changed.

    :param path: an OPP list
    :param owner_org: id of the records' organisation
    :param repeats: how many times again
    :returns: the figures of the first run, then of each repeat
    """
    from ckanext.leszno_ngo.harvest import jobs, store

    source = _source("leszno_ngo_opp")
    rows = _count(path)
    settings = {"owner_org": owner_org, "national": True, "tax_year": 2025}
    results = []
    for _ in range(1 + repeats):
        job_id = store.start_job(source.id)
        clock = Clock()
        with clock.running():
            report = jobs.perform(source, job_id, file=path, changes=settings)
        store.finish_job(job_id)
        if report.stop:
            raise RuntimeError(f"the harvest stopped: {report.stop}")
        figures = clock.figures(rows)
        results.append(
            figures
            | {"added": report.added, "unchanged": report.unchanged, "refused": _refused(report)}
        )
    _expect(results[0]["added"])
    return results


def _refused(report) -> int:
    return sum(1 for refusal in report.refusals if refusal.whole_row)


def _source(kind: str):
    from ckan import model
    from ckanext.harvest.model import HarvestSource

    source = HarvestSource(
        url="https://example.com/opp.csv", title="Wykaz OPP", type=kind, config="", active=True
    )
    model.Session.add(source)
    model.Session.commit()
    return source


def _job(source):
    from ckan import model
    from ckanext.harvest.model import HarvestJob

    job = HarvestJob(source=source, status="Running")
    model.Session.add(job)
    model.Session.commit()
    return job


def _expect(rows: int | float | str) -> None:
    stored, found = catalogue.records(), catalogue.indexed()
    if not stored == found == rows:
        raise RuntimeError(f"{rows} records expected, {stored} stored, {found} in the index")


# ------------------------------------------------------------------------- lists
def _count(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


_HEADINGS = ("LP", "KRS", "NIP", "Name", "Voivodeship", "County", "Municipality", "City")
_WORDS = (
    ("FUNDACJA", "STOWARZYSZENIE", "TOWARZYSTWO", "ZWIĄZEK", "KLUB"),
    ("PRZYJACIÓŁ", "POMOCY", "ROZWOJU", "SPORTU", "KULTURY", "ZDROWIA", "EDUKACJI", "DZIECI"),
    ("LESZNA", "WIELKOPOLSKI", "ŁODZI", "ŻUŁAW", "ŚLĄSKA", "MAZOWSZA", "POMORZA", "KASZUB"),
)


def generated(rows: int, folder: Path) -> Path:
    """Write an OPP list of generated organisations.

    :param rows: how many
    :param folder: where
    :returns: the file
    """
    chance = random.Random(rows)  # noqa: S311 (not for secrets)
    path = folder / f"opp-{rows}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["LP", "KRS", "NIP", "Name", "Voivodeship", "County", "Municipality", "City"]
        )
        for n in range(1, rows + 1):
            words = [chance.choice(column) for column in _WORDS]
            place = ("WIELKOPOLSKIE", "M. LESZNO", "M. LESZNO", "LESZNO")
            writer.writerow([n, f"{n:010d}", "", f'{" ".join(words)} "NR {n}"', *place])
    return path


def _tell(name: str, figures: Figures) -> None:
    sys.stdout.write(json.dumps({"benchmark": name, **figures}) + "\n")
    sys.stdout.flush()


def main(part: str, *arguments: str) -> None:
    """Run one part in this process and print its figures as JSON lines.

    :param part: ``stock PATH``, ``list PATH`` or ``generated ROWS``
    """
    app = catalogue.start()
    with app.test_request_context():
        catalogue.empty()
        if part == "stock":
            _tell("harvest_stock", stock(Path(arguments[0])))
            return
        owner = catalogue.organisation()
        _warm_up(owner)
        idle = peak_memory()
        with tempfile.TemporaryDirectory() as folder:
            rows = int(arguments[0]) if part == "generated" else 0
            path = generated(rows, Path(folder)) if rows else Path(arguments[0])
            first, again = ours(path, owner)
        name = f"harvest_{part}"
        _tell(f"{name}_first", first | {"memory_mb_above_idle": peak_memory() - idle})
        _tell(f"{name}_repeat", again)


def _warm_up(owner: str) -> None:
    """Load what any process that has answered a request has loaded."""
    import ckan.plugins.toolkit as tk

    record = {"name": "proba", "title": "Próba", "type": "ngo", "krs": "9", "owner_org": owner}
    context = {"ignore_auth": True, "user": catalogue.site_user()}
    made = tk.get_action("package_create")(dict(context), record)
    tk.get_action("package_search")(dict(context), {"q": "próba"})
    tk.get_action("dataset_purge")(dict(context), {"id": made["id"]})


if __name__ == "__main__":
    if not re.fullmatch("stock|list|generated", sys.argv[1]):
        raise SystemExit(main.__doc__)
    main(*sys.argv[1:])
