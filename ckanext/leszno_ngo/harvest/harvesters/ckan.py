"""Harvester of another CKAN with this extension."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.harvest.harvesters.base import LesznoNgoHarvester


class CkanHarvester(LesznoNgoHarvester):
    """Harvester of another CKAN with this extension."""

    kind = "ckan"

    def title(self) -> str:
        """Return the harvester's name for people."""
        return tk._("Another catalogue of this kind (CKAN)")

    def description(self) -> str:
        """Return the harvester's description for the form of sources."""
        return tk._("Records of another CKAN portal that has this extension.")
