"""The register's files in CKAN's own storage, where a resource's upload is.

A file is made whole beside that storage first, in the same file system, and then takes the place
of the old one by a rename: a full disk, a killed process or an error leaves the old file.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from ckan.lib import files, uploader
from werkzeug.datastructures import FileStorage

from ckanext.leszno_ngo.registers.errors import RegisterError

_WORKSHOP = "leszno_ngo_registers"
# CKAN's limit is for what people upload; a register is as large as it is (in MB).
_NO_LIMIT = 1 << 20


@contextmanager
def workshop(name: str) -> Iterator[Path]:
    """Give a folder to make a register's files in; what a killed run left there is removed.

    :param name: name of the record type; the caller has the register's lock
    :raises RegisterError: ``storage`` when the portal keeps no files
    """
    root = uploader.get_storage_path()
    if not root:
        raise RegisterError("storage")
    folder = Path(root) / _WORKSHOP / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(path: Path, resource: str, file_name: str) -> None:
    """Put a finished file in the place of a resource's old one.

    :param path: the file; it may be gone afterwards
    :param resource: id of the resource
    :param file_name: the end of the resource's address
    :raises OSError: the file could not be put there
    """
    with path.open("rb") as stream:
        upload = uploader.get_resource_uploader(
            {"id": resource, "url": file_name, "upload": FileStorage(stream, file_name)}
        )
        if type(upload) is not uploader.ResourceUpload:
            upload.upload(resource, _NO_LIMIT)
            return
    target = Path(upload.get_path(resource))
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(path, target)


def copy(resource: dict[str, Any], path: Path) -> None:
    """Copy a resource's file out of the storage.

    :param resource: as ``package_show`` gives it
    :param path: where to
    :raises OSError: the file is not there, or not readable
    """
    upload = uploader.get_resource_uploader({"id": resource["id"], "url": resource["url"]})
    if isinstance(upload, uploader.FKResourceUpload):
        stored = cast(Any, upload.storage)
        try:
            pieces = stored.stream(files.FileData(upload.get_path(resource["id"])))
            with path.open("wb") as target:
                target.writelines(pieces)
        except files.exc.FilesError as error:
            raise FileNotFoundError(resource["id"]) from error
        return
    shutil.copyfile(cast(Any, upload).get_path(resource["id"]), path)


def is_there(resource: dict[str, Any]) -> bool:
    """Tell whether a resource's file is in the storage, where that can be seen."""
    upload = uploader.get_resource_uploader({"id": resource["id"], "url": resource["url"]})
    if type(upload) is not uploader.ResourceUpload:
        return True
    return Path(upload.get_path(resource["id"])).is_file()
