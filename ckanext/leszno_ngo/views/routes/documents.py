"""Documents of a record (an announcement, rules, a form, minutes): added, described, taken away.

They are CKAN's resources. CKAN's own pages for them speak of datasets and data files; an
official has one plain page instead.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from ckanext.leszno_ngo import record_types
from ckanext.leszno_ngo.catalogue import form_keys
from ckanext.leszno_ngo.logic import findings, restoring
from ckanext.leszno_ngo.logic.kept_forms import Kept
from ckanext.leszno_ngo.record_types import RecordType
from ckanext.leszno_ngo.views.shared import form_kinds, kept_forms, personal_data_asked
from ckanext.leszno_ngo.views.shared.contexts import request_context
from ckanext.leszno_ngo.views.shared.per_type import add_routes

log = logging.getLogger(__name__)

documents = Blueprint("leszno_ngo_documents", __name__)

_PIECE = 1 << 20
_FIELDS = ("name", "description", "url")


@dataclass
class Page:
    """What the page shows.

    :param typed: what stands in the boxes of a new document
    :param errors: box → what is wrong with it; ``""`` → what is wrong with the record
    :param asked: pairs (box, what may be personal data in it)
    :param seen: what the form carries when it is sent again
    """

    record_type: RecordType
    record: Mapping[str, Any]
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    seen: str = ""


@documents.record
def _add_routes(state: BlueprintSetupState) -> None:
    add_routes(state, "documents", "documents/<id>", show, methods=["GET", "POST"])


def show(package_type: str, id: str) -> ResponseReturnValue:
    """List a record's documents, add one, take one away and bring it back.

    :param package_type: name of a record type
    :param id: the record's id or name
    :returns: the page; after a change a redirection to it; 403 for those who may not edit
    """
    try:
        record = tk.get_action("package_show")(request_context(), {"id": id})
        tk.check_access("package_update", request_context(), {"id": record["id"]})
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You may not change the documents of this entry"))
    record_type = record_types.get(package_type)
    if record_type is None or record["type"] != package_type:
        return tk.abort(404)
    page = Page(record_type, record)
    if tk.request.method == "POST" and _change(page):
        return tk.redirect_to(f"leszno_ngo_documents.documents_{package_type}", id=record["name"])
    kept = kept_forms.asked_for(form_kinds.of_record("documents", package_type), record["id"])
    if kept:
        page.typed = {name: kept.value(name) for name in _FIELDS}
    return tk.render(
        "leszno_ngo/documents.html",
        {
            "page": page,
            "record_type": record_type,
            "record": record,
            "dataset_type": package_type,
            "form_key": _form_key(kept),
            "removed": restoring.removed_documents(record),
        },
    )


def _form_key(kept: Kept | None) -> str:
    known = kept.value(form_keys.CONTROL) if kept else tk.request.form.get(form_keys.CONTROL)
    return known or form_keys.new_key()


def _change(page: Page) -> bool:
    """Do what the form asks for; returns whether it is done."""
    removed, restored = (tk.request.form.get(name) for name in ("remove", "restore"))
    if restored:
        return _restore(page, restored)
    return _remove(page, removed) if removed else _add(page)


def _restore(page: Page, id_: str) -> bool:
    try:
        is_there = restoring.restore_document(request_context(), page.record, id_)
    except tk.ValidationError as error:
        page.errors[""] = _messages(error.error_dict)
        return False
    if is_there:
        tk.h.flash_success(tk._("The document is on the page of the entry again"))
    else:
        tk.h.flash_notice(tk._("The document is there already, or cannot be brought back"))
    return True


def _remove(page: Page, id_: str) -> bool:
    if id_ not in {document["id"] for document in page.record["resources"]}:
        return True  # Another window has taken it away already.
    try:
        tk.get_action("resource_delete")(request_context(), {"id": id_})
    except tk.ValidationError as error:
        page.errors[""] = _messages(error.error_dict)
        return False
    tk.h.flash_success(tk._("The document is removed. You can bring it back below"))
    return True


def _add(page: Page) -> bool:
    page.typed = {name: tk.request.form.get(name, "").strip() for name in _FIELDS}
    file = tk.request.files.get("upload")
    has_file = bool(file and file.filename)
    if not page.typed["name"]:
        page.errors["name"] = [tk._("Say what the document is, for example: Rules of the call")]
    if has_file and page.typed["url"]:
        page.errors["upload"] = [tk._("Give a file or an address, not both")]
    elif not has_file and not tk.h.leszno_ngo_is_web_address(page.typed["url"]):
        page.errors["upload" if not page.typed["url"] else "url"] = [
            tk._("Choose a file or give its address, beginning with https://")
        ]
    if page.errors or _is_asked(page, has_file=has_file):
        return False
    new: dict[str, Any] = {"package_id": page.record["id"], **page.typed}
    if has_file:
        new["upload"] = file
    id_ = _id(page, file if has_file else None)
    if id_:
        new["id"] = id_
    try:
        if not _is_there(page, id_):
            tk.get_action("resource_create")(request_context(), new)
    except tk.ValidationError as error:
        if _is_there(page, id_):  # another sending of this form was the first
            tk.h.flash_success(tk._("The document is added"))
            return True
        _sort_out(page, error.error_dict)
        return False
    tk.h.flash_success(tk._("The document is added"))
    return True


def _is_asked(page: Page, *, has_file: bool) -> bool:
    """Ask once about what may be personal data, unless the record is nobody's but officials'."""
    if page.record["state"] != model.State.ACTIVE or page.record.get("private"):
        return False
    texts = {name: page.typed[name] for name in ("name", "description")}
    found = personal_data_asked.in_texts(texts, personal_data_asked.answer())
    page.asked = [(name, findings.said_personal_data(places)) for name, places in found.items()]
    page.seen = personal_data_asked.seen({name: texts[name] for name in found})
    if page.asked and has_file:
        page.errors["upload"] = [tk._("Choose the file again")]
    return bool(page.asked)


def _id(page: Page, file: FileStorage | None) -> str | None:
    """Return the id of the document that is sent: the same one when it is sent again."""
    content = [page.typed[name] for name in _FIELDS]
    if file:
        digest = hashlib.sha256()
        while piece := file.stream.read(_PIECE):
            digest.update(piece)
        file.stream.seek(0)
        content += [file.filename or "", digest.hexdigest()]
    return form_keys.part_id(page.record["id"], tk.request.form.get(form_keys.CONTROL), *content)


def _is_there(page: Page, id_: str | None) -> bool:
    document = model.Resource.get(id_) if id_ else None
    return (
        document is not None
        and document.state == model.State.ACTIVE
        and document.package_id == page.record["id"]
    )


def _sort_out(page: Page, errors: Mapping[str, Any]) -> None:
    """Put what CKAN says beside the box it is about; the rest is of the record itself."""
    page.errors = {name: _texts(errors[name]) for name in (*_FIELDS, "upload") if name in errors}
    rest = {name: said for name, said in errors.items() if name not in page.errors}
    if rest:
        page.errors[""] = _messages(rest)


def _messages(errors: Mapping[str, Any]) -> list[str]:
    return [text for found in errors.values() for text in _texts(found)]


def _texts(found: Any) -> list[str]:
    """Flatten CKAN's errors, which nest lists and dictionaries of texts."""
    if isinstance(found, Mapping):
        return _messages(found)
    if isinstance(found, (list, tuple)):
        return [text for one in found for text in _texts(one)]
    return [str(found)]
