"""Which forms keep what is typed into them: where each of them is, and who may save it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.logic.kept_forms import NEW, Opening
from ckanext.leszno_ngo.views.reader import reader

#: Blueprints and endpoints at which these forms are sent.
_BLUEPRINTS = frozenset({"leszno_ngo_forms", "leszno_ngo_documents", "leszno_ngo_results"})
_GROUPS = ("organization", "group")
_ENDPOINTS = frozenset(f"{group}.{name}" for group in _GROUPS for name in ("new", "edit"))
# What is done to a record on a page of its own: the action asked for the right.
_OF_RECORDS = {"documents": "package_update", "results": "leszno_ngo_results"}


def of_record(page: str, record_type: str) -> str:
    """Return the name of the form of a record's page.

    :param page: ``documents`` or ``results``
    :param record_type: the record's type
    """
    return f"{page}/{record_type}"


def is_asked_for() -> bool:
    """Whether the request is to the page of such a form."""
    return tk.request.blueprint in _BLUEPRINTS or tk.request.endpoint in _ENDPOINTS


def needs_login() -> bool:
    """Whether the page of the request says nothing to who is not logged in but to log in."""
    return tk.request.blueprint == "leszno_ngo_forms"


def address(form: Opening, parameters: dict[str, Any] | None = None) -> str:
    """Return the address of a form.

    :param form: an opening of it
    :param parameters: what stands behind the question mark
    """
    page, _, record_type = form.form.partition("/")
    if record_type:
        name = f"leszno_ngo_{page}.{page}_{record_type}"
        return tk.h.url_for(name, id=form.subject, **parameters or {})
    if form.subject == NEW:
        return tk.h.url_for(f"{form.form}.new", **parameters or {})
    return tk.h.url_for(f"{form.form}.edit", id=form.subject, **parameters or {})


def check(form: Opening) -> None:
    """Check that whoever asks may save a form.

    :param form: an opening of it
    :raises ckan.logic.NotAuthorized: they may not
    :raises ckan.logic.ObjectNotFound: what it is about is gone
    """
    page, _, record_type = form.form.partition("/")
    things = form.form if form.form in _GROUPS else "package"
    if record_type:
        tk.check_access(_OF_RECORDS[page], reader(), {"id": form.subject})
    elif form.subject == NEW:
        tk.check_access(f"{things}_create", reader())
    else:
        tk.check_access(f"{things}_update", reader(), {"id": form.subject})
