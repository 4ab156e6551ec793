"""Which forms keep what is typed into them: where each of them is, and who may save it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.leszno_ngo.logic.kept_forms import NEW, Opening
from ckanext.leszno_ngo.logic.page_parts import RECORD_FORMS
from ckanext.leszno_ngo.views.contexts import request_context

_GROUPS = ("organization", "group")
_ENDPOINTS = frozenset(f"{group}.{name}" for group in _GROUPS for name in ("new", "edit"))
_FORMS = "leszno_ngo_forms"


def of_record(page: str, record_type: str) -> str:
    """Return the name of the form of a record's page.

    :param page: a name of ``page_parts.RECORD_FORMS``
    :param record_type: the record's type
    """
    return f"{page}/{record_type}"


def is_asked_for() -> bool:
    """Whether the request is to the page of such a form."""
    blueprints = {_FORMS, *(form.blueprint for form in RECORD_FORMS.values())}
    return tk.request.blueprint in blueprints or tk.request.endpoint in _ENDPOINTS


def needs_login() -> bool:
    """Whether the page of the request says nothing to who is not logged in but to log in."""
    return tk.request.blueprint == _FORMS


def address(form: Opening, parameters: dict[str, Any] | None = None) -> str:
    """Return the address of a form.

    :param form: an opening of it
    :param parameters: what stands behind the question mark
    """
    page, _, record_type = form.form.partition("/")
    if record_type:
        name = RECORD_FORMS[page].endpoint.format(type=record_type)
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
        tk.check_access(RECORD_FORMS[page].action, request_context(), {"id": form.subject})
    elif form.subject == NEW:
        tk.check_access(f"{things}_create", request_context())
    else:
        tk.check_access(f"{things}_update", request_context(), {"id": form.subject})
