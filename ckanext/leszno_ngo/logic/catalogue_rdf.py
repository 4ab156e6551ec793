"""ckanext-dcat's actions kept to datasets: a record of ours is not a ``dcat:Dataset``.

ckanext-dcat leaves out harvest sources and showcases alone, so that each organisation would be a
dataset. The registers are datasets; records have RDF of their own (``views.linked``).
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict

_DATASETS = "+dataset_type:dataset"


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_show(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Write the catalogue with its datasets, ``dataset_type:dataset`` alone."""
    return next_action(context, _narrowed(data_dict))


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_search(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Write the datasets that a search finds, ``dataset_type:dataset`` alone."""
    return next_action(context, _narrowed(data_dict))


@tk.chained_action
def dcat_dataset_show(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Write a dataset; ``NotFound`` for a record of another type."""
    shown = tk.get_action("package_show")(tk.fresh_context(context), {"id": data_dict["id"]})
    if shown["type"] != "dataset":
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return next_action(context, data_dict)


def _narrowed(data_dict: DataDict) -> DataDict:
    asked = data_dict.get("fq")
    return {**data_dict, "fq": f"{_DATASETS} +({asked})" if asked else _DATASETS}
