"""Lines of ``ckan.plugins`` that portals have from older versions."""

#: Of version 0.2.0, in which every feature was part of the engine or of the cooperation.
OF_0_2 = [
    "leszno_ngo",
    "leszno_ngo_cooperation",
    "leszno_ngo_register_harvester",
    "leszno_ngo_opp_harvester",
    "leszno_ngo_krs_harvester",
    "leszno_ngo_ckan_harvester",
    "leszno_ngo_results_harvester",
    "leszno_ngo_dcat",
    "activity",
    "dcat",
    "scheming_datasets",
    "harvest",
]
