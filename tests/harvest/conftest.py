"""Harvests into a real catalogue: sources, runs and what they left."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.harvest import fake_server


@pytest.fixture
def server():
    """A server that plays the KRS API and serves files."""
    with fake_server.running() as running:
        yield running


@pytest.fixture
def open_network(ckan_config, monkeypatch):
    """Let sources be on the loopback, and do not wait between requests."""
    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.harvest.allow_private_addresses", True)
    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.harvest.retries", 0)
    monkeypatch.setitem(ckan_config, "ckanext.leszno_ngo.krs.min_interval", "0")


@dataclass
class Harvest:
    """Harvests sources and reads what they left."""

    folder: Path
    official: str
    _count: int = 0

    def source(self, kind: str = "register", url: str = "", **options: Any) -> str:
        """Make a harvest source; return its id."""
        from ckan.tests.helpers import call_action

        self._count += 1
        made = call_action(
            "harvest_source_create",
            {"user": self.official},
            name=f"source-{self._count}",
            title=f"Source {self._count}",
            url=url or f"file:{self._count}.csv",
            source_type=f"leszno_ngo_{kind}",
            frequency="MANUAL",
            config=json.dumps(options) if options else "",
        )
        return made["id"]

    def run(self, source_id: str, content: str | None = None, **keywords: Any):
        """Run a source, on a file with some content when that is given; return the report."""
        from ckanext.harvest.model import HarvestSource

        from ckanext.leszno_ngo.harvest import jobs, store

        file = keywords.pop("file", None)
        if content is not None:
            file = self.folder / "source.csv"
            file.write_text(content, encoding="utf-8")
        source = HarvestSource.get(source_id)
        self.job_id = store.start_job(source_id)
        report = jobs.perform(source, self.job_id, file=file, **keywords)
        jobs.finish(self.job_id, source_id)
        return report

    def job(self) -> dict[str, Any]:
        """Return the last job as its page shows it."""
        from ckan.tests.helpers import call_action

        return call_action("harvest_job_show", id=self.job_id)

    def records(self) -> dict[str, dict[str, Any]]:
        """Return all records as ``package_show`` gives them, by KRS number or else by name."""
        from ckan import model

        from ckanext.leszno_ngo.catalogue import stored

        ids = [i for (i,) in model.Session.query(model.Package.id).filter_by(type="ngo")]
        shown = [s.custom for s in stored.load_many(sorted(ids))]
        model.Session.rollback()
        return {record.get("krs") or record["name"]: record for record in shown}

    def edit(self, record: dict[str, Any], **values: Any) -> None:
        """Change a record as an official does."""
        from ckan.tests.helpers import call_action

        call_action("package_patch", {"user": self.official}, id=record["id"], **values)


@pytest.fixture
def harvest(clean_catalogue, tmp_path):
    """Harvest into an empty catalogue."""
    from ckan.tests import factories

    return Harvest(tmp_path, factories.Sysadmin()["name"])


@pytest.fixture
def later(monkeypatch):
    """Move the harvest's clock: ``later(days=6)`` is six days after the test began."""
    import datetime as dt

    from ckanext.leszno_ngo.harvest import store

    began = store.now()

    def move(days: int) -> None:
        monkeypatch.setattr(store, "now", lambda: began + dt.timedelta(days=days))

    return move
