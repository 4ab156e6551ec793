"""The map of everything that has a place, and the small map on a record's page."""

from ckanext.leszno_ngo.feature_plugins import require_libraries

require_libraries("leszno_ngo_map", "ckanext-leszno_ngo[map]", "xstatic.pkg.leaflet")
