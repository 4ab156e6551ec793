"""The same list harvested as ckanext-harvest's documentation tells one to: an object a record."""

from __future__ import annotations

import csv
import json
from itertools import islice
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest.harvesters import HarvesterBase
from ckanext.harvest.model import HarvestJob, HarvestObject

from benchmarks import catalogue
from ckanext.leszno_ngo import polish


class OppHarvester(HarvesterBase):
    """Gathers rows, "fetches" nothing, and imports each by ``package_create``.

    :param path: the OPP list
    :param rows: how many of its rows
    :param owner_org: id of the records' organisation
    """

    def __init__(self, path: Path, rows: int, owner_org: str) -> None:
        self._path = path
        self._rows = rows
        self._owner_org = owner_org

    def gather_stage(self, harvest_job: HarvestJob) -> list[str]:
        """Make a harvest object for each row."""
        ids = []
        with self._path.open(encoding="utf-8-sig", newline="") as file:
            for row in islice(csv.DictReader(file), self._rows):
                content = json.dumps(row)
                found = HarvestObject(guid=row["KRS"], job=harvest_job, content=content)
                found.save()
                ids.append(found.id)
        return ids

    def fetch_stage(self, _harvest_object: HarvestObject) -> bool:
        """Do nothing: the row is in the object."""
        return True

    def import_stage(self, harvest_object: HarvestObject) -> bool:
        """Create the record."""
        row = json.loads(harvest_object.content)
        context = {"ignore_auth": True, "user": catalogue.site_user(), "leszno_ngo_harvest": True}
        made = tk.get_action("package_create")(context, self._record(row))
        harvest_object.package_id = made["id"]
        harvest_object.current = True
        harvest_object.add()
        model.Session.commit()
        return True

    def _record(self, row: dict[str, str]) -> dict[str, Any]:
        title = polish.readable_name(row["Name"])
        return {
            "type": "ngo",
            "name": f"{polish.slug(title)[:80]}-{row['KRS']}",
            "title": title,
            "legal_name": row["Name"],
            "krs": row["KRS"],
            "nip": row["NIP"],
            "opp": True,
            "opp_tax_years": ["2025"],
            "status": "active",
            "voivodeship": polish.slug(row["Voivodeship"]),
            "county": row["County"].lower(),
            "municipality": row["Municipality"].title(),
            "town": row["City"].title(),
            "owner_org": self._owner_org,
            "sources": [{"id": "opp", "title": "Wykaz OPP", "fields": ["title", "krs", "nip"]}],
        }
