"""Files that people send: refused where they are too large, of a kind not listed, or no such kind.

One place for all roads. Every file of a resource passes CKAN's ``get_resource_uploader``; pictures
of departments, groups and accounts come through few actions (``logic.incoming``).
"""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import magic
from werkzeug.datastructures import FileStorage

from ckanext.leszno_ngo import archives, config, file_kinds, text

log = logging.getLogger(__name__)

_MEGABYTE = 1 << 20
#: What CKAN shows as a picture of a department or an account.
_PICTURE_FIELDS = ("image_upload", "logo_upload")
_PICTURES = ("png", "jpg", "jpeg", "gif")
#: How many times the largest file's size an archive's content may have.
_UNPACKED = 20


def check_resource(resource: Mapping[str, Any]) -> None:
    """Check the file that comes with a resource, if one does.

    :param resource: a resource as an action takes it, before CKAN takes the file out
    :raises ckan.logic.ValidationError: the file is refused; the reason is under ``upload``
    """
    allowed = config.upload_types()
    _check(resource.get("upload"), "upload", tk.config["ckan.max_resource_size"], allowed)


def check_picture(data_dict: Mapping[str, Any]) -> None:
    """Check the picture of a department, a group, an account or the portal, if one comes.

    :param data_dict: as an action takes it
    :raises ckan.logic.ValidationError: the file is refused; the reason is under the field's name
    """
    allowed = tuple(kind for kind in _PICTURES if kind in config.upload_types())
    for field in _PICTURE_FIELDS:
        _check(data_dict.get(field), field, tk.config["ckan.max_image_size"], allowed)


def check_file(data_dict: Mapping[str, Any]) -> None:
    """Check a file that belongs to nothing yet (``file_create``), whatever it comes as.

    :param data_dict: as the action takes it
    :raises ckan.logic.ValidationError: the file is refused; the reason is under ``upload``
    """
    upload, name = data_dict.get("upload"), data_dict.get("name")
    if isinstance(upload, FileStorage):
        named = FileStorage(upload.stream, str(name or upload.filename or ""))
        return check_resource({"upload": named})
    if isinstance(upload, (str, bytes)):
        content = upload.encode() if isinstance(upload, str) else upload
        return check_resource({"upload": FileStorage(io.BytesIO(content), str(name or ""))})
    return None


def _check(file: Any, field: str, limit: int, allowed: tuple[str, ...]) -> None:
    if not isinstance(file, FileStorage) or not file.filename:
        return
    message = _too_large(file, limit) or _wrong_kind(file, allowed) or _harmful_inside(file)
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
    try:
        if file_kinds.is_executable(head):
            return tk._("The file is a program or a script. Such files are not taken")
        if not file_kinds.is_as_named(name, head) or _is_text_no_more(file, head):
            return tk._(
                "The content of the file is not what its name says (%(ending)s). Save it again in "
                "the right format, or correct the ending of its name"
            ) % {"ending": file_kinds.ending(name)}
    except magic.MagicException:
        log.exception("libmagic does not work: no file can be taken")
        return tk._("The server cannot check files at the moment. Tell its administrator")
    finally:
        file.stream.seek(0)
    return None


def _is_text_no_more(file: FileStorage, head: bytes) -> bool:
    """Whether something else than text follows where a file begins as one."""
    pieces = iter(lambda: file.stream.read(_MEGABYTE), b"")
    return file_kinds.is_of_bytes(file.filename or "", head) and any(b"\0" in p for p in pieces)


def _harmful_inside(file: FileStorage) -> str | None:
    most = _UNPACKED * tk.config["ckan.max_resource_size"] * _MEGABYTE
    try:
        archives.inspect(file.stream, file.filename or "", most)
    except archives.ArchiveError as error:
        return _message(error)
    return None


def _message(error: archives.ArchiveError) -> str:
    if not error.member:
        return _reason(error.code)
    where = tk._("In the file: %(member)s.") % {"member": text.clean(error.member, 200)}
    return f"{where} {_reason(error.code)}"


def _reason(code: str) -> str:
    reasons = {
        "program": tk._("This is a program or a script. Send the archive again without it"),
        "macros": tk._(
            "There are macros. Save the document without them (docx, xlsx, pptx, odt, ods) and "
            "send it again"
        ),
        "active": tk._(
            "This picture or page has a script, or takes something from another address. Save it "
            "without them, or send a picture as PNG"
        ),
        "external": tk._(
            "The document takes its template, a picture or values from elsewhere, or starts a "
            "program (DDE). Break these links in the program that made it, or send a PDF"
        ),
        "embedded": tk._(
            "A file is embedded in the document that cannot be checked. Take it out, and send it "
            "as a file of its own"
        ),
        "name": tk._(
            "The name leads out of the archive's folder or hides what the file is. Rename it"
        ),
        "link": tk._("This is a link and no file. Put the file itself into the archive"),
        "encrypted": tk._(
            "It is protected by a password and cannot be checked. Take the password off"
        ),
        "kind": tk._("Archives of this kind cannot be checked. Pack the files as ZIP"),
        "damaged": tk._("It is damaged or not what its name says. Pack or save it again"),
        "members": tk._(
            "More than %(most)s files are packed in it. Divide them into several archives"
        )
        % {"most": archives.MEMBERS},
        "depth": tk._("Too many archives are packed in each other. Pack the files once"),
        "size": tk._(
            "Unpacked it is too large, or far larger than packed. Divide it into several archives"
        ),
        "time": tk._("It takes too long to check. Divide it into several files"),
    }
    return reasons[code]
