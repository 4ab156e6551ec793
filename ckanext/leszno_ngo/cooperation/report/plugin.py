"""The plugin ``leszno_ngo_report``: the yearly report on the programme, as a page and as DOCX."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig

from ckanext.leszno_ngo import feature_plugins
from ckanext.leszno_ngo.cooperation.report.views import report
from ckanext.leszno_ngo.interfaces import IRecordTypes


@tk.blanket.blueprints([report])  # type: ignore[arg-type]
class ReportPlugin(p.SingletonPlugin, IRecordTypes):
    """The yearly report; needs ``leszno_ngo_cooperation`` and the extra ``report``."""

    p.implements(p.IConfigurer)

    def update_config(self, config_: CKANConfig) -> None:
        """Register the templates."""
        feature_plugins.require_plugins(self.name, "leszno_ngo_cooperation")
        tk.add_template_directory(config_, "templates")

    def get_vocabulary_directories(self) -> Sequence[Path]:
        """Return the words that lead a search to the report."""
        return [Path(__file__).parent / "vocabularies"]
