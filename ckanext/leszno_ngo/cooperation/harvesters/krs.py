"""Harvester of the National Court Register's open API."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.harvest.harvesters.base import LesznoNgoHarvester


class KrsHarvester(LesznoNgoHarvester):
    """Harvester of the National Court Register's open API."""

    kind = "krs"
    brought_by = "leszno_ngo_cooperation"

    def title(self) -> str:
        """Return the harvester's name for people."""
        return tk._("National Court Register (KRS)")

    def description(self) -> str:
        """Return the harvester's description for the form of sources."""
        return tk._(
            "Refreshes records whose KRS number is known, from the open API of the Ministry of "
            "Justice."
        )
