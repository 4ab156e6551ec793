"""Delete for good: a record with its files and tables, one file of a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import uploader

from ckanext.leszno_ngo.catalogue.contexts import site_user


def purge_record(id_: str) -> None:
    """Purge a record with its files and tables, and commit; nothing where there is none.

    What is left of it is its id, for copies of the catalogue that must be told
    (``leszno_ngo_change``).

    :param id_: its id
    """
    package = model.Package.get(id_)
    if package is None:
        return
    for resource in package.resources_all:
        _delete_content(resource)
    tk.get_action("dataset_purge")(_context(), {"id": id_})


def purge_file(id_: str) -> None:
    """Delete a file of a dataset, and commit.

    :param id_: id of the resource
    """
    _delete_content(model.Resource.get(id_))
    tk.get_action("resource_delete")(_context(), {"id": id_})


def _delete_content(resource: Any) -> None:
    if resource.extras.get("datastore_active") and p.plugin_loaded("datastore"):
        tk.get_action("datastore_delete")(_context(), {"resource_id": resource.id, "force": True})
    if resource.url_type == "upload":
        upload: Any = uploader.get_resource_uploader({"id": resource.id, "url": resource.url})
        if hasattr(upload, "delete"):  # of an extension that keeps files elsewhere
            upload.delete(resource.id)
        else:
            Path(upload.get_path(resource.id)).unlink(missing_ok=True)


def _context() -> Any:
    return {"ignore_auth": True, "user": site_user()}
