"""The plugin ``leszno_ngo_dane_gov_pl``: registers as the national portal takes them in."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.features.dane_gov_pl.views import dane_gov_pl


@tk.blanket.blueprints([dane_gov_pl])  # type: ignore[arg-type]
class DaneGovPlPlugin(p.SingletonPlugin):
    """``/api/leszno-ngo/dane-gov-pl.json``, ``.xml`` and ``.md5``."""
