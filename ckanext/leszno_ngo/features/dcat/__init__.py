"""The catalogue of datasets in DCAT-AP 3, by ckanext-dcat."""

from ckanext.leszno_ngo.feature_plugins import require_libraries

require_libraries("leszno_ngo_dcat", "ckanext-leszno_ngo[dcat]", "ckanext.dcat")
