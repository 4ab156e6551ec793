"""The extension's plugin: blankets and interface methods of one line each."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.lib.plugins import DefaultTranslation
from ckan.types import Context

from ckanext.leszno_ngo.catalogue import shown
from ckanext.leszno_ngo.helpers import HELPERS
from ckanext.leszno_ngo.logic import catalogue_rdf
from ckanext.leszno_ngo.registers import changes
from ckanext.leszno_ngo.search import index, query


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.cli
@tk.blanket.config_declarations
@tk.blanket.helpers(HELPERS)
@tk.blanket.validators
class LesznoNgoPlugin(p.SingletonPlugin, DefaultTranslation):
    """Record types of the programme of cooperation: pages, search, actions and commands."""

    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.ITranslation)
    p.implements(p.IDomainObjectModification, inherit=True)

    def update_config(self, config_: CKANConfig) -> None:
        """Register templates and assets."""
        tk.add_template_directory(config_, "templates")
        tk.add_public_directory(config_, "public")
        tk.add_resource("assets", "leszno_ngo")

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Add what the record's type declares to its index document."""
        return index.before_dataset_index(pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Turn a person's words into a query."""
        return query.build(search_params)

    def after_dataset_show(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Add what the record's dates say now."""
        shown.after_dataset_show(pkg_dict)

    def after_dataset_search(
        self, search_results: dict[str, Any], search_params: dict[str, Any]
    ) -> dict[str, Any]:
        """Add to each record found what its dates say now."""
        return shown.after_dataset_search(search_results)

    def notify(self, entity: Any, operation: str) -> None:
        """Have the register of a changed record published again."""
        changes.notice(entity)


class LesznoNgoDcatPlugin(p.SingletonPlugin):
    """Keeps ckanext-dcat's catalogue to datasets; needs the plugin ``dcat``."""

    p.implements(p.IActions)

    def get_actions(self) -> dict[str, Any]:
        """Chain ckanext-dcat's actions."""
        return {
            "dcat_catalog_search": catalogue_rdf.dcat_catalog_search,
            "dcat_catalog_show": catalogue_rdf.dcat_catalog_show,
            "dcat_dataset_show": catalogue_rdf.dcat_dataset_show,
        }
