"""Harvester of the tables in which commissions give the results of calls."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.harvest.harvesters.base import LesznoNgoHarvester


class ResultsHarvester(LesznoNgoHarvester):
    """Harvester of the tables in which commissions give the results of calls."""

    kind = "results"
    brought_by = "leszno_ngo_cooperation"

    def title(self) -> str:
        """Return the harvester's name for people."""
        return tk._("Results of a call (CSV, XLSX)")

    def description(self) -> str:
        """Return the harvester's description for the form of sources."""
        return tk._(
            "The commission's table of a past year: organisation, KRS or NIP, task, points, "
            "amounts asked and granted, remarks. Every row with money becomes an archive entry of "
            "a grant."
        )
