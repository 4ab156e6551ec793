"""Harvester of the national list of public-benefit organisations."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.harvest.harvesters.base import LesznoNgoHarvester


class OppHarvester(LesznoNgoHarvester):
    """Harvester of the national list of public-benefit organisations."""

    kind = "opp"
    brought_by = "leszno_ngo_cooperation"

    def title(self) -> str:
        """Return the harvester's name for people."""
        return tk._("OPP list (1.5% of tax)")

    def description(self) -> str:
        """Return the harvester's description for the form of sources."""
        return tk._(
            "The national list of public-benefit organisations, cut down to the municipality "
            "of this portal."
        )
