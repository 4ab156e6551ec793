"""Files that people send: refused where they are too large, of a kind not listed, or no such kind.

One place for all roads. Every file of a resource passes CKAN's ``get_resource_uploader``; pictures
of departments, groups and accounts come through few actions (``logic.incoming``).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import magic
from werkzeug.datastructures import FileStorage

from ckanext.leszno_ngo import config, file_kinds

log = logging.getLogger(__name__)

_MEGABYTE = 1 << 20
#: What CKAN shows as a picture of a department or an account.
_PICTURES = ("png", "jpg", "jpeg", "gif")


def check_resource(resource: Mapping[str, Any]) -> None:
    """Check the file that comes with a resource, if one does.

    :param resource: a resource as an action takes it, before CKAN takes the file out
    :raises ckan.logic.ValidationError: the file is refused; the reason is under ``upload``
    """
    allowed = config.upload_types()
    _check(resource.get("upload"), "upload", tk.config["ckan.max_resource_size"], allowed)


def check_picture(data_dict: Mapping[str, Any]) -> None:
    """Check the picture of a department, a group or an account, if one comes.

    :param data_dict: as an action takes it
    :raises ckan.logic.ValidationError: the file is refused; the reason is under ``image_upload``
    """
    allowed = tuple(kind for kind in _PICTURES if kind in config.upload_types())
    _check(data_dict.get("image_upload"), "image_upload", tk.config["ckan.max_image_size"], allowed)


def _check(file: Any, field: str, limit: int, allowed: tuple[str, ...]) -> None:
    if not isinstance(file, FileStorage) or not file.filename:
        return
    message = _too_large(file, limit) or _wrong_kind(file, allowed)
    if message:
        raise tk.ValidationError({field: [message]})


def _too_large(file: FileStorage, limit: int) -> str | None:
    size = file.stream.seek(0, os.SEEK_END)
    file.stream.seek(0)
    return too_large(limit) if size > limit * _MEGABYTE else None


def too_large(limit: int) -> str:
    """Say that a file is too large.

    :param limit: the most that is taken, in MB
    """
    return tk._(
        "The file is larger than %(limit)s MB, the most that is taken here. Make it smaller (fewer "
        "or smaller pictures, a compressed PDF) or give the address of a place where it is"
    ) % {"limit": limit}


def _wrong_kind(file: FileStorage, allowed: tuple[str, ...]) -> str | None:
    name = file.filename or ""
    if file_kinds.ending(name) not in allowed:
        return tk._("Files of this kind are not taken: %(name)s. These are: %(allowed)s") % {
            "name": name[:100],
            "allowed": ", ".join(allowed),
        }
    head = file.stream.read(file_kinds.HEAD)
    file.stream.seek(0)
    try:
        if file_kinds.runs(head):
            return tk._("The file is a program or a script. Such files are not taken")
        if not file_kinds.is_as_named(name, head):
            return tk._(
                "The content of the file is not what its name says (%(ending)s). Save it again in "
                "the right format, or correct the ending of its name"
            ) % {"ending": file_kinds.ending(name)}
    except magic.MagicException:
        log.exception("libmagic does not work: no file can be taken")
        return tk._("The server cannot check files at the moment. Tell its administrator")
    return None
