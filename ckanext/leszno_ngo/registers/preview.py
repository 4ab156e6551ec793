"""The preview of a register's table, by the views that the portal gives to files with a DataStore.

CKAN makes such views when a file is loaded by its own loaders, which a register does not need.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.lib import datapreview
from ckan.types import Context

from ckanext.leszno_ngo.registers import dataset_description


def add(resource_id: str, user: str) -> None:
    """Add the portal's usual views (``ckan.views.default_views``) to a file that has none.

    :param resource_id: a resource whose table is in the DataStore
    :param user: name of the user who adds them
    """

    def context() -> Context:
        return {"ignore_auth": True, "user": user}

    if tk.get_action("resource_view_list")(context(), {"id": resource_id}):
        return
    resource = tk.get_action("resource_show")(context(), {"id": resource_id})
    package = tk.get_action("package_show")(context(), {"id": resource["package_id"]})
    for plugin in datapreview.get_default_view_plugins(get_datastore_views=True):
        if plugin.can_view({"resource": resource, "package": package}):
            view = {
                "resource_id": resource_id,
                "view_type": plugin.info()["name"],
                "title": dataset_description.text("preview"),
            }
            tk.get_action("resource_view_create")(context(), view)
