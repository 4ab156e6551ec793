"""Harvester of a city's own register in a file."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.harvest.harvesters.base import LesznoNgoHarvester


class RegisterHarvester(LesznoNgoHarvester):
    """Harvester of a city's own register in a file."""

    kind = "register"
    brought_by = "leszno_ngo_cooperation"

    def title(self) -> str:
        """Return the harvester's name for people."""
        return tk._("Register file (CSV, XLSX)")

    def description(self) -> str:
        """Return the harvester's description for the form of sources."""
        return tk._(
            "A register of the office in a CSV or XLSX file. Give the file's web address; "
            "a file uploaded to this portal has one too."
        )
