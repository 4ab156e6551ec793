"""The plugin ``leszno_ngo_report``: the yearly report on the programme, as a page and as DOCX."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig

from ckanext.leszno_ngo import feature_plugins
from ckanext.leszno_ngo.cooperation.report.views import report


@tk.blanket.blueprints([report])  # type: ignore[arg-type]
class ReportPlugin(p.SingletonPlugin):
    """The yearly report; needs ``leszno_ngo_cooperation`` and the extra ``report``."""

    p.implements(p.IConfigurer)

    def update_config(self, config_: CKANConfig) -> None:
        """Register the templates."""
        feature_plugins.require_plugins(self.name, "leszno_ngo_cooperation")
        tk.add_template_directory(config_, "templates")
