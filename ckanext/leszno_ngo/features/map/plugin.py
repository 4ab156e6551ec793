"""The plugin ``leszno_ngo_map``: ``/mapa`` and the maps of single records."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig

from ckanext.leszno_ngo.features.map import cells, helpers
from ckanext.leszno_ngo.features.map.views import on_map
from ckanext.leszno_ngo.interfaces import Contribution, IRecordTypes


@tk.blanket.blueprints([on_map])  # type: ignore[arg-type]
@tk.blanket.helpers(helpers)
class MapPlugin(p.SingletonPlugin, IRecordTypes):
    """Maps; need the extra ``map``."""

    p.implements(p.IConfigurer)

    def update_config(self, config_: CKANConfig) -> None:
        """Register templates, scripts and outlines."""
        tk.add_template_directory(config_, "templates")
        tk.add_public_directory(config_, "public")
        tk.add_resource("assets", "leszno_ngo_map")

    def get_index_contributions(self) -> Mapping[str, Contribution]:
        """Return the cells of the map that a record is in."""
        return {"map_cells": cells.indexed}
