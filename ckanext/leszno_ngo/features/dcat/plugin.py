"""The plugin ``leszno_ngo_dcat``: ckanext-dcat's catalogue kept to datasets."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.common import CKANConfig

from ckanext.leszno_ngo import feature_plugins
from ckanext.leszno_ngo.features.dcat import actions


class DcatPlugin(p.SingletonPlugin):
    """Chains ckanext-dcat's actions; needs the plugin ``dcat`` and the extra ``dcat``."""

    p.implements(p.IConfigurer)
    p.implements(p.IActions)

    def update_config(self, config: CKANConfig) -> None:
        """Look whether ckanext-dcat is on."""
        feature_plugins.require_plugins(self.name, "dcat")

    def get_actions(self) -> dict[str, Any]:
        """Chain ckanext-dcat's actions."""
        return {
            "dcat_catalog_search": actions.dcat_catalog_search,
            "dcat_catalog_show": actions.dcat_catalog_show,
            "dcat_dataset_show": actions.dcat_dataset_show,
        }
